/**
 * `npm run new-rule -- prefer-something types` writes the file of a rule and its lines in the registry. The file has
 * one bad example with a marker, so that the examples fail until `check` finds it.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { categories, type Category } from "../server/src/rules/rule.ts";
import { root } from "./support/paths.ts";
import { note, runMain, ScriptError } from "./support/terminal.ts";


/** The text of a new rule's file. */
export function ruleTemplate(id: string, category: Category, version: string): string {
  return `/** What it finds, in a few words. */
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";

export const ${exportName(id)} = defineRule({
  id: "${id}",
  group: "schema",
  category: "${category}",
  severity: "warning",
  since: "${version}",
  summary: "Say in one sentence what to do.",
  why: \`What happens otherwise.\`,
  sources: ["https://www.postgresql.org/docs/current/"],
  *checkTable(table) {
    for (const column of table.columns.values()) {
      if (column.name !== "todo") continue;
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: \`\${sayColumns(table, [column.name])} is …\`,
      };
    }
  },
  examples: {
    bad: [
      {
        sql: \`CREATE TABLE deal (
  id int PRIMARY KEY,
  amount float8
--^^^^^^ deal(amount) is …
);
\`,
      },
    ],
    good: [
      {
        title: "The nearest case that a careless version would report",
        sql: \`CREATE TABLE deal (id int PRIMARY KEY);
\`,
      },
    ],
  },
});
`;
}

/** The registry with the rule's import and its place in the list, both in alphabetical order. */
export function withRule(registry: string, id: string, category: Category): string {
  const line = `import { ${exportName(id)} } from "./${category}/${id}.ts";`;
  const lines = registry.split("\n");
  const imports = lines.filter((other) => /^import \{ \w+ \} from "\.\/\w+\/[\w-]+\.ts";$/.test(other));
  insertSorted(lines, imports, line, (text) => text.slice(text.indexOf(" from ")));
  const entries = lines.filter((other) => /^ {2}\w+,$/.test(other));
  insertSorted(lines, entries, `  ${exportName(id)},`, (text) => text);
  return lines.join("\n");
}

/** Before the first of `known` that sorts behind it, or behind the last one. */
function insertSorted(lines: string[], known: readonly string[], line: string, key: (text: string) => string): void {
  const next = known.find((other) => key(other) > key(line));
  const last = known.at(-1);
  if (next !== undefined) lines.splice(lines.indexOf(next), 0, line);
  else if (last !== undefined) lines.splice(lines.lastIndexOf(last) + 1, 0, line);
}

function exportName(id: string): string {
  return id.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

async function main(): Promise<number> {
  const [id = "", given = ""] = process.argv.slice(2);
  const category = categories.find((known) => known === given);
  if (!/^(?:no|require|prefer)(?:-[a-z0-9]+)+$/.test(id)) {
    throw new ScriptError("Name the rule no-…, require-… or prefer-…: `npm run new-rule -- prefer-something types`.");
  }
  if (category === undefined) throw new ScriptError(`There is no category ${given}; there are ${categories.join(", ")}.`);
  const file = join(root, "server/src/rules", category, `${id}.ts`);
  if (existsSync(file)) throw new ScriptError(`${file} is there already.`);
  const manifest: unknown = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const version = typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : "0.0.0";
  const registry = join(root, "server/src/rules/registry.ts");
  writeFileSync(file, ruleTemplate(id, category, version));
  writeFileSync(registry, withRule(readFileSync(registry, "utf8"), id, category));
  note(`wrote ${file}`);
  note("Next: a bad example with its marker, check, the nearest good example, the intent and `fixed`, `npm run generate`.");
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) void runMain(main);
