/** Cascades that set out from a table of values which others only look up. */
import { foreignKeysOf } from "../../model/queries.ts";
import type { ForeignKey, Table } from "../../model/schema.ts";
import { say, sayColumns, subjectOfColumns, wordsOf } from "../names.ts";
import { namesIn } from "../options.ts";
import { defineRule } from "../rule.ts";

export const noCascadeOnReferenceData = defineRule({
  id: "no-cascade-on-reference-data",
  aliases: ["cascade-on-reference-data"],
  group: "schema",
  category: "relations",
  severity: "warning",
  since: "0.1.0",
  summary: "Do not let rows go with the value they look up.",
  why: `A status, a currency or a country is named by other rows, it does not own them. With ON DELETE CASCADE tidying up
one value silently deletes every row that uses it; RESTRICT makes somebody decide what those rows should say instead.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK"],
  options: {
    names: {
      default: [
        "category",
        "country",
        "currency",
        "industry",
        "kind",
        "language",
        "locale",
        "priority",
        "status",
        "timezone",
        "type",
        "unit",
      ],
      description: "Last words of the names of tables that hold reference data, in the singular.",
    },
  },
  *checkTable(table, schema, { options }) {
    for (const foreignKey of foreignKeysOf(schema, table)) {
      if (foreignKey.onDelete !== "cascade") continue;
      const values = schema.tables.get(foreignKey.references.key);
      if (values === undefined || !isReferenceData(values, namesIn(options, "names")) || isPartOf(table, foreignKey, values)) continue;
      yield {
        at: foreignKey.origins,
        subject: subjectOfColumns(table, foreignKey.columns),
        message: `Deleting a row of ${say(values)} deletes all that use it: ${sayColumns(table, foreignKey.columns)} cascades.`,
        fix: {
          title: "Refuse the delete (RESTRICT)",
          safety: "review",
          intent: { do: "setOnDelete", table, foreignKey, action: "restrict" },
        },
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model Currency {
  code  String @id @db.Char(3)
  name  String
  deals Deal[]
}

model Deal {
  id           Int      @id
  currencyCode String   @db.Char(3)
  currency     Currency @relation(fields: [currencyCode], references: [code], onDelete: Cascade)
//^^^^^^^^ Deleting a row of Currency deletes all that use it: Deal(currencyCode) cascades.
}
`,
        fixed: `model Currency {
  code  String @id @db.Char(3)
  name  String
  deals Deal[]
}

model Deal {
  id           Int      @id
  currencyCode String   @db.Char(3)
  currency     Currency @relation(fields: [currencyCode], references: [code], onDelete: Restrict)
}
`,
      },
      {
        sql: `CREATE TABLE deal_statuses (id int PRIMARY KEY, label text NOT NULL);
CREATE TABLE deal (
  id int PRIMARY KEY,
  status_id int NOT NULL REFERENCES deal_statuses ON DELETE CASCADE
--^^^^^^^^^ Deleting a row of deal_statuses deletes all that use it: deal(status_id) cascades.
);
`,
        fixed: `CREATE TABLE deal_statuses (id int PRIMARY KEY, label text NOT NULL);
CREATE TABLE deal (
  id int PRIMARY KEY,
  status_id int NOT NULL REFERENCES deal_statuses ON DELETE RESTRICT
);
`,
      },
    ],
    good: [
      {
        title: "What is part of the value goes with it: its translations, its rows in a join table",
        sql: `CREATE TABLE country (id int PRIMARY KEY, code char(2) NOT NULL UNIQUE);
CREATE TABLE country_translation (
  id int PRIMARY KEY,
  country_id int NOT NULL REFERENCES country ON DELETE CASCADE,
  locale text NOT NULL,
  name text NOT NULL
);
CREATE TABLE warehouse (id int PRIMARY KEY);
CREATE TABLE warehouse_country (
  warehouse_id int REFERENCES warehouse ON DELETE CASCADE,
  country_id int REFERENCES country ON DELETE CASCADE,
  PRIMARY KEY (warehouse_id, country_id)
);
`,
      },
      {
        title: "A table that belongs to somebody is that somebody's data",
        sql: `CREATE TABLE org (id int PRIMARY KEY);
CREATE TABLE category (id int PRIMARY KEY, org_id int NOT NULL REFERENCES org ON DELETE CASCADE, name text NOT NULL);
CREATE TABLE article (id int PRIMARY KEY, category_id int NOT NULL REFERENCES category ON DELETE CASCADE);
`,
      },
    ],
  },
});

/** By its name, and because its rows depend on nothing: a small table with a key of one column and no parent. */
function isReferenceData(table: Table, names: readonly string[]): boolean {
  if (!table.complete || table.columns.size > 8 || table.primaryKey?.columns.length !== 1) return false;
  const last = wordsOf(table.name).at(-1);
  if (last === undefined || !names.some((name) => isFormOf(last, name))) return false;
  return table.foreignKeys.every((key) => key.references.key === table.key);
}

/** Whether a word is a noun, or its plural. */
function isFormOf(word: string, noun: string): boolean {
  if (!word.startsWith(noun.slice(0, -1))) return false;
  return word === noun || word === `${noun}s` || word === `${noun}es` || (noun.endsWith("y") && word === `${noun.slice(0, -1)}ies`);
}

/** A row that says more about the value itself: named after it, or one whose own key holds the value. */
function isPartOf(table: Table, { columns }: ForeignKey, values: Table): boolean {
  const stem = values.name.toLowerCase().replace(/(?:ies|es|s|y)$/, "");
  if (table.key === values.key || table.name.toLowerCase().startsWith(stem)) return true;
  return table.indexes.some((index) => index.unique && columns.every((column) => index.keys.some((key) => key.column === column)));
}
