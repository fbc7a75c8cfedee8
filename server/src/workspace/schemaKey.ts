/** What a database built from a project is known by: the same for the same history, or the same Prisma schema. */
import { createHash } from "node:crypto";
import type { CheckedProject } from "./checkedProject.ts";

const keys = new WeakMap<object, string>();

/** Whether a database is built from the history; else from the Prisma schema. */
export function hasHistory({ sqlFiles }: CheckedProject): boolean {
  return sqlFiles.some(({ statements }) => statements.length > 0);
}

/** A project with a history is known by it alone. */
export function schemaKey(project: CheckedProject): string {
  const hash = createHash("sha256");
  for (const file of hasHistory(project) ? project.sqlFiles : project.prismaFiles) hash.update(fileKey(file));
  return hash.digest("hex");
}

/** A long history is not read again for a keystroke in its last file. */
function fileKey(file: { readonly text: string }): string {
  let key = keys.get(file);
  if (key === undefined) {
    key = createHash("sha256").update(file.text).digest("hex");
    keys.set(file, key);
  }
  return key;
}
