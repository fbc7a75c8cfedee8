/** `textDocument/definition`: from a name to what defines it; from a definition to the other language's. */
import type { DefinitionParams, Location } from "vscode-languageserver/node";
import { definitionFrom } from "../../editing/definitions.ts";
import { localDefinition } from "../../editing/localDefinition.ts";
import { PrismaNames } from "../../editing/prismaNames.ts";
import type { Steps } from "../../workspace/steps.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import { ownUri } from "../../workspace/workspace.ts";
import { locationOf } from "../location.ts";
import { objectUnder } from "../objectUnder.ts";

export function* definition(snapshot: Snapshot, params: DefinitionParams): Steps<Location[]> {
  const uri = ownUri(params.textDocument.uri);
  const offset = snapshot.file(uri)?.lines.offset(params.position);
  if (offset === undefined) return [];
  const under = yield* objectUnder(snapshot, uri, offset);
  if (under === undefined) {
    const tree = yield* snapshot.tree(uri);
    const span = tree?.kind === "sql" ? localDefinition(tree.file, offset) : undefined;
    return span === undefined ? [] : locationOf({ uri, span }, snapshot);
  }
  const { object, checked } = under;
  const names = new PrismaNames(checked.schema, checked.prismaFiles);
  return definitionFrom(object, uri, offset, checked.places, names).flatMap((place) => locationOf(place, snapshot));
}
