/** The schemas, rows and queries that index advice is held to: both samples, TPC-H, and a help desk of our own. */
import { fromSql } from "../../../server/src/model/fromSql.ts";
import type { Schema, Table } from "../../../server/src/model/schema.ts";
import { parseSql } from "../../../server/src/sql/parse.ts";
import { numberedParameters } from "../../../server/src/sql/placeholders.ts";
import { nextPiece } from "../../../server/src/sql/split.ts";
import { crm, crmLegacy, type Sample } from "../samples.ts";
import { helpdeskCases, helpdeskRows, helpdeskSql, helpdeskValues } from "./helpdesk.ts";
import { tpchCases, tpchRows, tpchSql, tpchValues } from "./tpch.ts";
import type { AdviceCase, AdviceWorld } from "./world.ts";

/** The parser must be loaded. */
export function adviceWorlds(): readonly AdviceWorld[] {
  return [helpdesk(), tpch(), sample(crm), sample(crmLegacy)];
}

export function helpdesk(): AdviceWorld {
  return { name: "help desk", ddl: [helpdeskSql], schema: schemaOf([helpdeskSql]), rows: (table) => helpdeskRows[table.name] ?? 100, values: helpdeskValues, cases: helpdeskCases };
}

export function tpch(): AdviceWorld {
  return { name: "TPC-H", ddl: tpchSql, schema: schemaOf(tpchSql), rows: (table) => tpchRows[table.name] ?? 100, values: tpchValues, cases: tpchCases };
}

export function sample({ name, migrations, queries }: Sample): AdviceWorld {
  const ddl = migrations.map(({ text }) => text);
  const cases = queries.flatMap(({ name: file, text }) => statements(text).map((statement): AdviceCase => [file, numberedParameters(statement).text, undefined]));
  const all = cases.map(([, text]) => text).join("\n");
  const rows = (table: Table): number => (/^organi[sz]ations?$/i.test(table.name) ? 20 : new RegExp(`\\b${table.name}\\b`).test(all) ? 3_000 : 50);
  return { name, ddl, schema: schemaOf(ddl), rows, values: new Map(), cases };
}

function schemaOf(texts: readonly string[]): Schema {
  return fromSql(texts.map((text, i) => parseSql(`file:///history/${String(i).padStart(3, "0")}.sql`, text)));
}

export function statements(text: string): readonly string[] {
  const found: string[] = [];
  for (let piece = nextPiece(text, 0); piece !== undefined; piece = nextPiece(text, piece.next)) if (piece.kind === "sql") found.push(text.slice(piece.start, piece.end));
  return found;
}
