/** What stands under the cursor, in whichever project the file is about. */
import { nameHistoryOf } from "../editing/nameHistory.ts";
import { type ObjectAt, objectInPrisma, objectInSql } from "../editing/objectAt.ts";
import { PrismaNames } from "../editing/prismaNames.ts";
import { NameResolver } from "../editing/resolve.ts";
import type { CheckedProject } from "../workspace/checkedProject.ts";
import type { Project } from "../workspace/projects.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Steps } from "../workspace/steps.ts";

export interface ObjectUnder extends ObjectAt {
  readonly project: Project;
  readonly checked: CheckedProject;
}

/** Undefined for what no project has. Where several projects share a file, the first that knows it. */
export function* objectUnder(snapshot: Snapshot, uri: string, offset: number): Steps<ObjectUnder | undefined> {
  const tree = yield* snapshot.tree(uri);
  if (tree === undefined) return undefined;
  for (const project of yield* snapshot.projectsServing(uri)) {
    const checked = yield* snapshot.check(project);
    const found =
      tree.kind === "prisma"
        ? objectInPrisma(tree.file, offset, new PrismaNames(checked.schema, checked.prismaFiles))
        : objectInSql(tree.file, offset, resolverFor(checked));
    if (found !== undefined) return { ...found, project, checked };
  }
  return undefined;
}

export function resolverFor({ schema, sqlFiles }: CheckedProject): NameResolver {
  return new NameResolver(schema, { history: nameHistoryOf(sqlFiles) });
}
