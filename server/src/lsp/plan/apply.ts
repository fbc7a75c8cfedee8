/** An index that a plan asks for, written where the table is: into the Prisma schema, or into a new migration. */
import type { WorkspaceEdit } from "vscode-languageserver/node";
import type { PlanApplyParams, PlanIndex } from "../../../../protocol/src/plan.ts";
import type { Schema, Table } from "../../model/schema.ts";
import { editsOf } from "../../workspace/fixes.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import type { HandlerContext } from "../handling.ts";
import { workspaceEditOf } from "../toEdit.ts";
import { nearestProjectOf } from "./subjects.ts";

export type PlanWritten = { readonly ok: true; readonly label: string; readonly edit: WorkspaceEdit } | { readonly ok: false; readonly reason: string };

export function* writeIndex(snapshot: Snapshot, { uri, index }: PlanApplyParams, { client, now }: HandlerContext): Steps<PlanWritten> {
  const project = yield* nearestProjectOf(snapshot, uri);
  if (project === undefined) return refused("There is no schema here that the index could be written into.");
  const checked = yield* snapshot.check(project);
  const table = tableIn(checked.schema, index);
  if (table === undefined) return refused(`The schema of ${project.name} has no table ${index.table}.`);
  const missing = index.columns.find((column) => !table.columns.has(column));
  if (missing !== undefined) return refused(`${table.name} has no column ${missing}.`);
  const same = table.indexes.find(({ keys, predicate }) => predicate === undefined && index.columns.every((column, i) => keys[i]?.column === column));
  if (same !== undefined) return refused(`${table.name} has such an index already: ${same.name}.`);
  const { edits, refused: objections } = editsOf([{ do: "addIndex", table, columns: index.columns }], project, checked, snapshot, now);
  const [objection] = objections;
  if (objection !== undefined) return refused(objection.reason);
  const edit = workspaceEditOf(edits, snapshot, client);
  return edit === undefined ? refused("There is nothing to write.") : { ok: true, label: `Add an index on ${table.name}`, edit };
}

/** A partition's index is its parent's. */
function tableIn({ tables }: Schema, { schema, table: name }: PlanIndex): Table | undefined {
  const found = tables.get(`${schema ?? "public"}.${name}`) ?? [...tables.values()].find((table) => table.name === name && schema === undefined);
  return found?.partitionOf === undefined ? found : (tables.get(found.partitionOf.parent) ?? found);
}

function refused(reason: string): PlanWritten {
  return { ok: false, reason };
}
