/** The mentions of an object in all files that a project has or that are about it. */
import { type Mention, mentionsInPrisma, mentionsInSql, spellingsOf } from "../editing/mentions.ts";
import { nameHistoryOf } from "../editing/nameHistory.ts";
import { PrismaNames } from "../editing/prismaNames.ts";
import type { SchemaObject } from "../editing/schemaObject.ts";
import type { Project } from "../workspace/projects.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Steps } from "../workspace/steps.ts";
import { resolverFor } from "./objectUnder.ts";

/** The schema's first, then the history's in its order, then those of queries. */
export function* mentionsOf(object: SchemaObject, project: Project, snapshot: Snapshot): Steps<readonly Mention[]> {
  const checked = yield* snapshot.check(project);
  const found: Mention[] = [];
  const names = new PrismaNames(checked.schema, checked.prismaFiles);
  for (const file of checked.prismaFiles) {
    yield;
    found.push(...mentionsInPrisma(object, file, names));
  }
  const resolver = resolverFor(checked);
  const spellings = spellingsOf(object, (name) => nameHistoryOf(checked.sqlFiles).formerNames(name));
  for (const file of checked.sqlFiles) {
    yield;
    yield* keep(mentionsInSql(object, file, spellings, resolver), found);
  }
  for (const uri of yield* snapshot.queriesOf(project)) {
    yield;
    // Reading a file is cheap, parsing it is not.
    if ((snapshot.file(uri)?.text.search(spellings.pattern) ?? -1) < 0) continue;
    const tree = yield* snapshot.tree(uri);
    if (tree?.kind === "sql") yield* keep(mentionsInSql(object, tree.file, spellings, resolver), found);
  }
  return found;
}

/** Puts the mentions into `found`, with a pause after every statement. */
function* keep(mentions: Iterable<Mention | undefined>, found: Mention[]): Steps<void> {
  for (const mention of mentions) {
    if (mention === undefined) yield;
    else found.push(mention);
  }
}
