/** What a project's scratch database is made of: the statements of its history, or the files of its Prisma schema. */
import { createHash } from "node:crypto";
import type { SqlFile } from "../sql/syntax.ts";
import type { CheckedProject } from "../workspace/checkedProject.ts";

export interface MadeStatement {
  readonly text: string;
  readonly uri: string;
}

/** One by one, for a script that fails in its middle would else leave out what comes before. */
export function madeOf(files: readonly SqlFile[]): readonly MadeStatement[] {
  return files.flatMap(({ uri, statements }) =>
    statements.flatMap(({ kind, section, text }) => (kind === "sql" && section === "up" ? [{ text, uri }] : [])),
  );
}

/** Name and text, as the schema engine takes them. */
export function schemaFilesOf({ prismaFiles }: CheckedProject): readonly (readonly [string, string])[] {
  return prismaFiles.map(({ uri, text }) => [uri, text] as const);
}

/** The same as long as it is the same project, whatever its texts say. */
export function identityOf({ prismaFiles, sqlFiles }: CheckedProject): string {
  return prismaFiles[0]?.uri ?? sqlFiles[0]?.uri ?? "";
}

const keys = new WeakMap<CheckedProject, string>();

/** The same for the same statements, or the same Prisma schema. */
export function keyOf(project: CheckedProject): string {
  let key = keys.get(project);
  if (key === undefined) {
    const hash = createHash("sha256");
    const files = project.sqlFiles.length > 0 ? project.sqlFiles : project.prismaFiles;
    for (const { text } of files) hash.update(`${text.length}:${text}`);
    key = hash.digest("hex");
    keys.set(project, key);
  }
  return key;
}
