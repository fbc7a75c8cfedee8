/** Objects that are created wherever the search path happens to lead. */
import type { Element, Schema } from "../../model/schema.ts";
import { say } from "../names.ts";
import { defineRule, type RuleFinding } from "../rule.ts";

export const requireQualifiedName = defineRule({
  id: "require-qualified-name",
  aliases: ["unqualified-name"],
  group: "schema",
  category: "design",
  severity: "information",
  preset: "all",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Create things under their schema's name.",
  why: `Without a schema an object lands in the first one of the search path, which is a setting of the session and the role:
the same migration makes different things when another role runs it.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATH"],
  *checkTable(table, schema) {
    if (table.complete && table.persistence !== "temporary" && isUnqualified(table, schema)) yield unqualified(table);
  },
  *checkSchema(schema) {
    const { views, enums, domains, compositeTypes, routines } = schema;
    for (const objects of [views, enums, domains, compositeTypes, routines]) {
      for (const object of objects.values()) if (isUnqualified(object, schema)) yield unqualified(object);
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TYPE stage AS ENUM ('open', 'won');
--          ^^^^^ stage is created wherever the search path leads.
CREATE TABLE public.deal (id int PRIMARY KEY, stage stage);
CREATE VIEW won_deal AS SELECT id FROM public.deal WHERE stage = 'won';
--          ^^^^^^^^ won_deal is created wherever the search path leads.
`,
        fixed: `CREATE TYPE public.stage AS ENUM ('open', 'won');
CREATE TABLE public.deal (id int PRIMARY KEY, stage stage);
CREATE VIEW won_deal AS SELECT id FROM public.deal WHERE stage = 'won';
`,
      },
      {
        title: "The schema of the path that was set",
        sql: `CREATE SCHEMA sales;
SET search_path = sales;
CREATE TABLE deal (id int PRIMARY KEY);
--           ^^^^ sales.deal is created wherever the search path leads.
`,
        fixed: `CREATE SCHEMA sales;
SET search_path = sales;
CREATE TABLE sales.deal (id int PRIMARY KEY);
`,
      },
    ],
    good: [
      {
        title: "An index is in its table's schema anyway, a temporary table in one of the session, and CREATE SCHEMA may make more",
        sql: `CREATE TABLE public.deal (id int PRIMARY KEY, title text);
CREATE INDEX deal_title_idx ON public.deal (title);
CREATE TEMP TABLE import (id int);
CREATE FUNCTION "public" . one() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE SCHEMA stage;
CREATE TYPE stage.stage AS ENUM ('open');
CREATE SCHEMA sales CREATE TABLE offer (id int PRIMARY KEY);
ALTER TABLE public.deal RENAME TO sale;
`,
      },
    ],
  },
});

interface Placed extends Element {
  readonly schema: string;
  readonly key: string;
}

/**
 * Whether the statement that creates it names no schema. One that a DO block computes stands nowhere by itself, and
 * Prisma's migrations leave out the schema of the connection.
 */
function isUnqualified({ origins: [created], schema: name }: Placed, schema: Schema): boolean {
  if (created.kind !== "sql" || created.parts?.["schema"] !== undefined || created.nameSpan.start === created.span.start) return false;
  const place = schema.namespaces.get(name)?.origins[0];
  const isWithSchema = place?.kind === "sql" && place.anchor === created.anchor && place.span.start === created.span.start;
  return !isWithSchema && schema.sources.every(({ layer }) => layer !== "prisma");
}

function unqualified(object: Placed): RuleFinding {
  return {
    at: object.origins,
    subject: object.key,
    message: `${say(object)} is created wherever the search path leads.`,
    fix: {
      title: `Write the schema ${object.schema}`,
      safety: "review",
      intent: { do: "qualifyName", schema: object.schema, created: object.origins },
    },
  };
}
