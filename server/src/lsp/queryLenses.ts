/** Lenses over queries: what the last plan came to, and the way to a new one. */
import type { CodeLens } from "vscode-languageserver/node";
import { explainQuery } from "../../../protocol/src/plan.ts";
import { queryFingerprint } from "../sql/fingerprint.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Steps } from "../workspace/steps.ts";
import { isChecked } from "../workspace/typeChecks.ts";
import { type LastPlans, lensTitle } from "./lastPlans.ts";
import { rangeOf } from "./toDiagnostic.ts";

/** Over more, nobody reads them. */
const most = 300;

/** `data.id` of these lenses. */
export const queryLens = "query";

/** Without titles: an editor asks for those of the lines that it shows. `uri` as the editor spells it. */
export function* queryLenses(snapshot: Snapshot, own: string, uri: string): Steps<readonly CodeLens[]> {
  const lines = snapshot.file(own)?.lines;
  if (lines === undefined || !snapshot.settingsFor(own).settings.codeLens || (yield* snapshot.definesSchema(own))) return [];
  const queries = (yield* snapshot.queries(own)).filter(isChecked).slice(0, most);
  if (queries.length === 0 || (yield* snapshot.projectsQueriedBy(own)).length === 0) return [];
  return queries.map(({ span }) => ({ range: rangeOf({ start: span.start, end: span.start }, lines), data: { uri, at: span.start, id: queryLens } }));
}

/** As it is when its query has gone. */
export function* resolvedQueryLens(snapshot: Snapshot, lens: CodeLens, own: string, uri: string, at: number, lastPlans: LastPlans): Steps<CodeLens> {
  const query = (yield* snapshot.queries(own)).find(({ span }) => span.start === at);
  if (query === undefined) return lens;
  const fingerprint = queryFingerprint(query.text);
  const last = fingerprint === undefined ? undefined : lastPlans.of(fingerprint);
  return { ...lens, command: { title: lensTitle(last), command: explainQuery, arguments: [uri, at] } };
}
