/** Finds the Prisma projects of a workspace and says what each consists of, without running any of its code. */
import type { FileHost } from "../text/fileHost.ts";
import type { Problem } from "../text/problem.ts";

export interface PrismaProject {
  /** The folder whose package.json or prisma.config rules the project; absolute path. */
  readonly root: string;
  /** The schema file or folder; absolute path. */
  readonly schemaPath: string;
  /** Absolute paths in the order Prisma reads them; never empty. */
  readonly schemaFiles: readonly string[];
  /** Of the installed or declared Prisma version; 7 when nothing tells. */
  readonly major: number;
  /** `postgresql`, `mysql` …; undefined when there is no datasource. */
  readonly provider: string | undefined;
  readonly relationMode: "foreignKeys" | "prisma";
  /** Absolute path; it need not exist. */
  readonly migrationsPath: string;
  readonly configFile: string | undefined;
  /** What could not be used, and where the text is that says so. */
  readonly problems: readonly ProjectProblem[];
}

export interface ProjectProblem extends Problem {
  readonly uri: string;
}

/**
 * The projects below the workspace folders `roots` (absolute paths), sorted by schema path. Whatever leads out of a
 * workspace folder is refused with a problem.
 */
export function locatePrismaProjects(host: FileHost, roots: readonly string[]): readonly PrismaProject[] {
  void host;
  void roots;
  return [];
}
