/** Which Prisma a folder uses: the installed one, else what a package.json declares, here or further up. */
import { dirname, join } from "node:path";
import type { FileHost } from "../text/fileHost.ts";

export interface PackageFacts {
  /** Absolute path of the nearest package.json. */
  readonly file: string;
  /** `prisma.schema`, as Prisma 5 and 6 read it. */
  readonly schema: string | undefined;
}

/** The major version for a project in `folder`; undefined when nothing tells. Looks no higher than `root`. */
export function prismaMajor(host: FileHost, folder: string, root: string): number | undefined {
  return majorOf(prismaVersion(host, folder, root));
}

/** Whether the project's Prisma is at least `major.minor`; false when nothing tells. */
export function isPrismaFrom(major: number, minor: number, host: FileHost, folder: string, root: string): boolean {
  const version = prismaVersion(host, folder, root) ?? "";
  const known = majorOf(version) ?? 0;
  if (known !== major) return known > major;
  return version.startsWith("8.1.0-") || Number(/\d+\.(\d+)/.exec(version)?.[1] ?? 0) >= minor;
}

/** As installed, or as declared, which may be a range. */
function prismaVersion(host: FileHost, folder: string, root: string): string | undefined {
  for (const at of foldersUpTo(folder, root)) {
    for (const name of ["prisma", "@prisma/client"]) {
      const installed = readJson(host, join(at, "node_modules", name, "package.json"))?.["version"];
      if (typeof installed === "string" && majorOf(installed) !== undefined) return installed;
    }
    const declared = declaredVersion(readJson(host, join(at, "package.json")));
    if (declared !== undefined) return declared;
  }
  return undefined;
}

/** The nearest package.json at or above `folder`, no higher than `root`. */
export function nearestPackage(host: FileHost, folder: string, root: string): PackageFacts | undefined {
  for (const at of foldersUpTo(folder, root)) {
    const file = join(at, "package.json");
    if (host.stat(file) === "file") return { file, schema: schemaOf(readJson(host, file)) };
  }
  return undefined;
}

function foldersUpTo(folder: string, root: string): string[] {
  const folders = [folder];
  for (let at = folder; at !== root && dirname(at) !== at; at = dirname(at)) folders.push(dirname(at));
  return folders;
}

type Json = Readonly<Record<string, unknown>>;

function readJson(host: FileHost, path: string): Json | undefined {
  const file = host.readText(path);
  if (!file.ok) return undefined;
  try {
    return asObject(JSON.parse(file.text));
  } catch {
    // Half typed, most likely: as good as none.
    return undefined;
  }
}

function asObject(value: unknown): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : undefined;
}

function declaredVersion(json: Json | undefined): string | undefined {
  for (const name of ["prisma", "@prisma/client"]) {
    for (const section of ["devDependencies", "dependencies", "peerDependencies"]) {
      const version = asObject(json?.[section])?.[name];
      if (typeof version === "string" && majorOf(version) !== undefined) return version;
    }
  }
  return undefined;
}

/** Of `7.10.1`, `^6.19.3`, `npm:prisma@5.1.0`; not of `latest`, `workspace:*` or `catalog:`. */
function majorOf(version: unknown): number | undefined {
  // Development builds of the 7 line count as 8.1.0: https://www.npmjs.com/package/prisma?activeTab=versions
  if (typeof version === "string" && version.startsWith("8.1.0-")) return 7;
  const digits = typeof version === "string" ? /(?:^|[^\w.])v?(\d+)(?:\.|$|\s)/.exec(version.replace(/^npm:.*@/, ""))?.[1] : undefined;
  return digits === undefined ? undefined : Number(digits);
}

function schemaOf(json: Json | undefined): string | undefined {
  const schema = asObject(json?.["prisma"])?.["schema"];
  return typeof schema === "string" ? schema : undefined;
}
