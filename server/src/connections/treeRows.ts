/** One level of the view of a database. */
import type { TableKind, TreePlace, TreeRow } from "../../../protocol/src/connections.ts";
import { columnRows, indexRows, type OverviewRow, schemaRows, statementRows, statementsExtension, tableRows } from "../database/overview.ts";
import type { Session } from "../database/session.ts";

/** @throws DatabaseError */
export async function treeRows(session: Session, place: TreePlace): Promise<readonly TreeRow[]> {
  switch (place.at) {
    case "database": {
      const { rows, isEstimate } = await schemaRows(session);
      return [...rows.map((each) => ({ row: "schema", ...each }) as const), { row: "statements" }, ...estimateNote(isEstimate)];
    }
    case "schema": {
      const { rows, isEstimate } = await tableRows(session, place.schema);
      return [...rows.map((each) => tableRow(each, place.schema)), ...(rows.length === 0 ? [note("No tables or views.")] : []), ...estimateNote(isEstimate)];
    }
    case "table": {
      const { rows: indexes, isEstimate } = await indexRows(session, place.schema, place.table);
      const columns = await columnRows(session, place.schema, place.table);
      if (columns.length === 0 && indexes.length === 0) return [note("It is gone.", "It was renamed or dropped since. Refresh the view.")];
      return [...columns.map((each) => ({ row: "column", ...each }) as const), ...indexes.map((each) => ({ row: "index", ...each }) as const), ...(isEstimate ? [note("Definitions of indexes are not shown.", "The table is locked by another session.")] : [])];
    }
    case "statements":
      return slowStatements(session);
  }
}

async function slowStatements(session: Session): Promise<readonly TreeRow[]> {
  const extension = await statementsExtension(session);
  if (extension === undefined) return [note("pg_stat_statements is not installed in this database.", installing)];
  const rows = await statementRows(session, extension.schema);
  const isHidden = rows.some(({ text }) => text === "<insufficient privilege>");
  return [
    ...rows.filter(({ text }) => text !== "<insufficient privilege>").map((each) => ({ row: "statement", ...each }) as const),
    ...(rows.length === 0 ? [note("No statement was counted yet.")] : []),
    ...(isHidden || !extension.readsAll ? [note("Statements of other users are hidden.", "GRANT pg_read_all_stats to the user of this connection shows them.")] : []),
  ];
}

const installing =
  "It counts how often each statement runs and how long it takes. Who runs the server adds it to shared_preload_libraries, restarts, and runs CREATE EXTENSION pg_stat_statements in this database; most hosted databases have it loaded, and need the last step only.";

function tableRow({ name, kind, isPartition, bytes, rows, indexes }: OverviewRow<"tables">, schema: string): TreeRow {
  return { row: "table", schema, name, kind: isPartition ? "partition" : kindOf(kind), bytes, rows: kind === "v" ? null : rows, indexes };
}

function kindOf(relkind: string): TableKind {
  switch (relkind) {
    case "p":
      return "partitioned";
    case "f":
      return "foreign";
    case "v":
      return "view";
    case "m":
      return "materialised";
    default:
      return "table";
  }
}

function estimateNote(isEstimate: boolean): readonly TreeRow[] {
  return isEstimate ? [note("Sizes are estimates.", "A table is locked by another session, and only its owner could tell its size now.")] : [];
}

function note(text: string, detail?: string): TreeRow {
  return { row: "note", text, ...(detail === undefined ? {} : { detail }) };
}
