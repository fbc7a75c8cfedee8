/** `textDocument/references`: everywhere an object is defined, changed and used: schema, migrations, queries. */
import type { Location, ReferenceParams } from "vscode-languageserver/node";
import type { Steps } from "../../workspace/steps.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import { ownUri } from "../../workspace/workspace.ts";
import { locationOf } from "../location.ts";
import { mentionsOf } from "../mentionsOf.ts";
import { objectUnder } from "../objectUnder.ts";

export function* references(snapshot: Snapshot, params: ReferenceParams): Steps<Location[]> {
  const uri = ownUri(params.textDocument.uri);
  const offset = snapshot.file(uri)?.lines.offset(params.position);
  const under = offset === undefined ? undefined : yield* objectUnder(snapshot, uri, offset);
  if (under === undefined) return [];
  const mentions = yield* mentionsOf(under.object, under.project, snapshot);
  const wanted = params.context.includeDeclaration ? mentions : mentions.filter((mention) => !mention.isDefinition);
  return wanted.flatMap((mention) => locationOf(mention, snapshot));
}
