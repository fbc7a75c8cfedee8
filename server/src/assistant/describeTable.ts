/** `describe_table`: everything the schema says about one table or view, as PostgreSQL would, and the findings about it. */
import * as v from "valibot";
import { dataSheet } from "../editing/dataSheet.ts";
import type { Sheet } from "../editing/sheets/sheet.ts";
import {
  columnDefinition,
  columnList,
  foreignKeyDefinition,
  identifier,
  indexDefinition,
  oneLine,
  policyDefinition,
  qualified,
} from "../editing/sheets/wording.ts";
import { isImplied, referencingKeys } from "../model/queries.ts";
import type { Column, Element, Schema, Table, View } from "../model/schema.ts";
import type { CheckedProject } from "../workspace/checkedProject.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import { type Files, filesOf, shownIn } from "./files.ts";
import { countsOf, factOf, findingsIn } from "./findings.ts";
import { text } from "./input.ts";
import { cut, short } from "./json.ts";
import { isAbout } from "./listFindings.ts";
import { describedRelation, relationsNamed } from "./relations.ts";
import { defineTool } from "./tool.ts";

const mostColumns = 300;
const mostOthers = 100;
const mostFindings = 30;

export const describeTable = defineTool({
  name: "describe_table",
  title: "Describe Table",
  reference: "describeTable",
  summary: "A table of the workspace's PostgreSQL schema: columns, keys, indexes, foreign keys both ways, policies, findings.",
  description:
    "Describes one table or view of the PostgreSQL schema in the workspace's Prisma schemas and SQL migrations, joined: columns with PostgreSQL types and defaults, primary and unique keys, indexes, foreign keys out and in with their actions, checks, triggers, row-level security, comments, where it is defined, and the findings about it. Use it before writing a query, a model or a migration that touches the table. It knows what the files say, not what a live database has, and no rows.",
  input: v.strictObject({
    name: text("The table or view: its name in the database, with or without its schema, or its Prisma model."),
    schema: v.optional(text("The PostgreSQL schema, where several have such a table.")),
    project: v.optional(text("The project by its name in check_schema, where several have such a table.")),
  }),
  *answer(snapshot, given) {
    const named = yield* relationsNamed(given, snapshot);
    if (!named.ok) return named;
    const [one, ...others] = named.found;
    if (one === undefined || others.length > 0) {
      const choices = named.found.slice(0, 10).map(describedRelation).join(", ");
      return { ok: false, reason: `Several tables are called ${JSON.stringify(given.name)}: ${choices}. Say which with schema or project.` };
    }
    const { relation, project, checked } = one;
    const files = yield* filesOf(snapshot);
    const all = yield* findingsIn(files.keys(), snapshot);
    const about = all.filter((finding) => isAbout(finding, [one]));
    const findings = cut(about, mostFindings);
    return {
      ok: true,
      value: {
        name: relation.key,
        project: project.name,
        prismaModel: relation.prismaName,
        ...("query" in relation ? viewFacts(relation, checked) : tableFacts(relation, checked)),
        definedIn: placesOf(relation, checked, files, snapshot),
        findings: { total: about.length, ...countsOf(about) },
        findingsAboutIt: findings.shown.map((finding) => factOf(finding, files)),
        moreFindings: findings.leftOut,
      },
    };
  },
});

function tableFacts(table: Table, { schema, places }: CheckedProject): object {
  const columns = cut([...table.columns.values()], mostColumns);
  const referencing = referencingKeys(schema, table.key);
  return {
    kind: table.kind === "table" ? "table" : `${table.kind} table`,
    doubt: table.complete ? undefined : "Only changes to it were read, not what creates it: it may have more than is said here.",
    comment: commentOf(table),
    sheet: linesOf(dataSheet({ kind: "table", table }, schema, places)),
    columns: columns.shown.map(columnFact),
    moreColumns: columns.leftOut,
    primaryKey: table.primaryKey === undefined ? null : columnList(table.primaryKey.columns),
    uniqueConstraints: several(table.uniqueConstraints, (key) => `CONSTRAINT ${identifier(key.name)} UNIQUE ${columnList(key.columns)}`),
    indexes: several(table.indexes.filter((index) => !index.primary && index.constraint === undefined), (index) => indexDefinition(index, table)),
    foreignKeys: several(table.foreignKeys, (key) => short(foreignKeyDefinition(key, table))),
    referencedBy: several(referencing, ({ table: from, foreignKey }) => short(foreignKeyDefinition(foreignKey, from))),
    checks: several(table.checks, (check) => `CONSTRAINT ${identifier(check.name)} CHECK (${oneLine(check.expression.text)})`),
    rowSecurity: table.rowSecurity.enabled || table.policies.length > 0 ? table.rowSecurity : undefined,
    policies: several(table.policies, (policy) => short(policyDefinition(policy, table))),
    triggers: several(table.triggers, ({ name, timing, events, routine }) => `${identifier(name)} ${timing === "insteadOf" ? "instead of" : timing} ${events.join(", ")}: ${routine}`),
    views: several(viewsReading(table, schema), qualified),
  };
}

function viewFacts(view: View, { schema, places }: CheckedProject): object {
  return {
    kind: view.materialized ? "materialized view" : "view",
    comment: commentOf(view),
    sheet: linesOf(dataSheet({ kind: "view", view }, schema, places)),
    columns: several(view.columns, identifier),
    reads: several(view.reads, (key) => key),
    indexes: several(view.indexes, (index) => indexDefinition(index, view)),
    query: short(view.query, 2000),
  };
}

function columnFact(column: Column): object {
  return {
    definition: short(columnDefinition(column)),
    prismaField: column.prismaName === column.name ? undefined : column.prismaName,
    setByPrismaClient: column.clientDefault,
    comment: commentOf(column),
  };
}

function commentOf(element: Element & { readonly doc?: string | undefined }): string | undefined {
  const comment = element.comment ?? element.doc;
  return comment === undefined || comment.trim() === "" ? undefined : short(comment);
}

function viewsReading(table: Table, { views }: Schema): readonly View[] {
  return [...views.values()].filter((view) => view.reads.includes(table.key));
}

/** Undefined instead of an empty list; the last item of one that was cut says so. */
function several<T>(items: readonly T[], written: (item: T) => string): readonly string[] | undefined {
  if (items.length === 0) return undefined;
  const { shown, leftOut } = cut(items, mostOthers);
  return [...shown.map(written), ...(leftOut === undefined ? [] : [`and ${leftOut} more`])];
}

function linesOf({ sql, facts }: Sheet): readonly string[] {
  const lines = facts.map(({ label, value }) => `${label}: ${value.map((run) => (typeof run === "string" ? run : run.code)).join("")}`);
  return [sql, ...lines].map((line) => short(line, 1000));
}

const mostPlaces = 20;

function placesOf(relation: Table | View, { places }: CheckedProject, files: Files, snapshot: Snapshot): readonly object[] {
  if (isImplied(relation)) return [];
  return relation.origins.slice(0, mostPlaces).flatMap((origin) => {
    if (origin.kind !== "prisma" && origin.kind !== "sql") return [];
    const line = snapshot.file(origin.uri)?.lines.position(places.nameSpan(origin).start).line;
    return line === undefined ? [] : [{ file: shownIn(files, origin.uri), line: line + 1 }];
  });
}
