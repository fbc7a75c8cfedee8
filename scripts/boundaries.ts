/**
 * Who may import whom. `npm run check` and a unit test hold the source tree to this table; a new edge is a decision
 * record in docs/decisions.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** A folder below the repository, and the folders or packages its files may import beside their own. */
export interface Room {
  readonly folder: string;
  readonly rooms: readonly string[];
  /** Packages from the registry; node: modules are open to every room unless `isPure`. */
  readonly packages?: readonly string[];
  /** A pure room has no I/O: it may not import node: modules. */
  readonly isPure?: boolean;
}

const model = "server/src/model";
const text = "server/src/text";
const threads = "server/src/threads";
const program = "server/src/program";
const edits = "server/src/edits";
const migrations = "server/src/migrations";
const editing = "server/src/editing";
const assistant = "server/src/assistant";
const plan = "server/src/plan";
const advice = "server/src/advice";
const connections = "server/src/connections";
const lab = "server/src/lab";
const explain = "server/src/explain";

export const rooms: readonly Room[] = [
  { folder: "protocol/src", rooms: [], packages: ["valibot"], isPure: true },
  { folder: text, rooms: [], isPure: true },
  { folder: threads, rooms: [] },
  { folder: program, rooms: [], packages: ["@babel/parser", "@babel/types"], isPure: true },
  { folder: "server/src/prisma", rooms: [text, threads], packages: ["@babel/parser", "@babel/types", "@prisma/driver-adapter-utils", "@prisma/prisma-schema-wasm", "@prisma/schema-engine-wasm"] },
  { folder: "server/src/sql", rooms: [text, threads, program], packages: ["@babel/types", "@pgsql/types", "libpg-query", "sql-formatter"] },
  { folder: "server/src/calls", rooms: [text, threads, program, "server/src/prisma"], packages: ["@babel/types", "@prisma/client"] },
  { folder: model, rooms: [text], packages: [], isPure: true },
  { folder: edits, rooms: [text, model], isPure: true },
  { folder: editing, rooms: [text, model, edits, "server/src/prisma", "server/src/sql"], packages: ["@pgsql/types"], isPure: true },
  { folder: "server/src/rules", rooms: [text, model, edits], isPure: true },
  { folder: "server/src/erd", rooms: [text, model, edits, "protocol/src"], packages: [], isPure: true },
  // What a webview imports as well: it knows the view model and nothing else of the server.
  { folder: "server/src/erd/picture", rooms: ["protocol/src"], packages: [], isPure: true },
  { folder: plan, rooms: [text], packages: [], isPure: true },
  { folder: "server/src/database", rooms: [text, model, "server/src/sql"], packages: ["pg", "valibot"] },
  { folder: "server/src/scratch", rooms: [model, threads, "server/src/database"], packages: ["@electric-sql/pglite", "valibot"] },
  { folder: connections, rooms: [text, model, "server/src/prisma", "server/src/database", "protocol/src"], packages: ["@babel/parser", "valibot"] },
  {
    folder: "server/src/workspace",
    rooms: [text, model, edits, editing, "server/src/prisma", "server/src/sql", "server/src/rules", "server/src/database", "protocol/src"],
    packages: ["jsonc-parser", "valibot"],
  },
  { folder: explain, rooms: [text, plan, threads, "server/src/sql", "server/src/database", "server/src/scratch", "protocol/src"], packages: [] },
  { folder: lab, rooms: [text, model, "server/src/prisma", "server/src/sql", "server/src/scratch", "server/src/workspace"], packages: [] },
  { folder: migrations, rooms: [text, model, "server/src/calls", "server/src/prisma", "server/src/sql", "server/src/scratch", "server/src/database"], packages: ["valibot"] },
  { folder: advice, rooms: [text, model, edits, plan, "server/src/sql", "server/src/scratch", "server/src/database"], packages: ["@pgsql/types"] },
  {
    folder: assistant,
    rooms: [text, model, editing, "server/src/prisma", "server/src/rules", "server/src/workspace", "protocol/src"],
    packages: ["@valibot/to-json-schema", "valibot"],
  },
  { folder: "server/src/mcp", rooms: [], packages: ["@modelcontextprotocol/server"] },
  {
    folder: "server/src/lsp",
    rooms: [advice, "server/src/calls", text, model, edits, editing, assistant, connections, explain, lab, migrations, threads, "server/src/erd", "server/src/prisma", "server/src/sql", "server/src/rules", "server/src/workspace", "protocol/src"],
    packages: ["valibot", "vscode-languageserver", "vscode-languageserver-textdocument"],
  },
  { folder: "server/src/cli", rooms: [text, model, "server/src/advice", "server/src/calls", assistant, edits, "server/src/connections", explain, lab, migrations, "server/src/erd", "server/src/mcp", plan, "server/src/database", "server/src/prisma", "server/src/sql", "server/src/rules", "server/src/scratch", "server/src/workspace", "protocol/src"], packages: [] },
  { folder: "client/src", rooms: ["protocol/src"], packages: ["valibot", "vscode", "vscode-languageclient"] },
  { folder: "media", rooms: ["protocol/src", "server/src/erd/picture"], packages: ["valibot"], isPure: true },
];

/** Files of a room that may import more than the room: how text enters the model. */
export const exceptions: readonly { readonly files: RegExp; readonly rooms: readonly string[]; readonly packages: readonly string[] }[] = [
  { files: /^server\/src\/model\/(from\w+\.ts|fold\/|prisma\/)/, rooms: ["server/src/prisma", "server/src/sql"], packages: ["@pgsql/types"] },
  { files: /^server\/src\/model\/fromCatalog\.ts$/, rooms: ["server/src/database"], packages: [] },
];

/** One sentence per import that the table does not allow, and per cycle of files. */
export function boundaryViolations(repository: string): string[] {
  const imports = new Map<string, string[]>();
  const violations: string[] = [];
  for (const room of rooms) {
    for (const file of sourceFiles(join(repository, room.folder))) {
      const name = relative(repository, file).split(sep).join("/");
      const specifiers = importedSpecifiers(readFileSync(file, "utf8"));
      imports.set(
        name,
        specifiers.filter((s) => s.startsWith(".")).map((s) => relative(repository, join(dirname(file), s)).split(sep).join("/")),
      );
      for (const specifier of specifiers) {
        const reason = refusal(room, name, specifier, repository, file);
        if (reason !== undefined) violations.push(`${name} imports ${specifier}: ${reason}`);
      }
    }
  }
  return [...violations, ...cycles(imports)];
}

function refusal(room: Room, name: string, specifier: string, repository: string, file: string): string | undefined {
  const extra = exceptions.filter((exception) => exception.files.test(name));
  if (specifier.startsWith(".")) {
    const target = relative(repository, join(dirname(file), specifier)).split(sep).join("/");
    const allowed = [room.folder, ...room.rooms, ...extra.flatMap((exception) => exception.rooms)];
    return allowed.some((folder) => target.startsWith(`${folder}/`)) ? undefined : `${room.folder} may import ${room.rooms.join(", ") || "nothing"}`;
  }
  if (specifier.startsWith("node:")) return room.isPure ? `${room.folder} is pure: it has no I/O` : undefined;
  const allowed = [...(room.packages ?? []), ...extra.flatMap((exception) => exception.packages)];
  return allowed.some((name) => specifier === name || specifier.startsWith(`${name}/`)) ? undefined : `${room.folder} may use ${allowed.join(", ") || "no package"}`;
}

/** Every specifier of a static or dynamic import, export-from, or import type. */
export function importedSpecifiers(source: string): string[] {
  const pattern = /(?:^|\n)\s*(?:import|export)\s(?:[^"'`;]*?\sfrom\s)?["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']\s*\)/g;
  return [...source.matchAll(pattern)].map((match) => match[1] ?? match[2] ?? "");
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => join(entry.parentPath, entry.name));
}

function cycles(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const path: string[] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      found.push(`import cycle: ${[...path.slice(at), file].join(" -> ")}`);
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const target of imports.get(file) ?? []) visit(target);
    path.pop();
    done.add(file);
  };
  for (const file of imports.keys()) visit(file);
  return found;
}
