/** What the diagram says one DELETE does, held to deletes in real schemas: every table of them, filled with rows, one at a time. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type pg from "pg";
import { deleteEffects } from "../../server/src/model/deleteEffects.ts";
import { fromPrisma } from "../../server/src/model/fromPrisma.ts";
import { quoteIdentifier } from "../../server/src/model/names.ts";
import type { ForeignKey, Schema, Table } from "../../server/src/model/schema.ts";
import { parsePrisma } from "../../server/src/prisma/parse.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import { type Corpus, corpora, forEachCorpus } from "../support/corpora.ts";
import { fillStatements } from "../support/filledTables.ts";
import { corpusHistory } from "../support/histories.ts";
import type { TestDatabase } from "../support/postgres.ts";
import { catalogOf } from "../support/replay.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

/** Tables that lost their row, columns that lost their value in rows that are left. */
type Outcome = "refused" | { readonly deleted: readonly string[]; readonly emptied: readonly string[] };

/** Prisma schemas as Prisma's engine creates them, with the actions that it takes where none is written; those of SQL that need nothing but PostgreSQL. */
const plainSql = new Set(["tpch", "mimic4", "pagila", "temporal"]);
const needsExtensions = new Set(["nextcrm"]);
const values = new Map([["film.release_year", "2006"], ["payment.payment_date", "'2022-02-01'"]]);

describe("what one DELETE does in a real schema", function () {
  this.timeout(120_000);

  const tally = { deleted: 0, emptied: 0, refused: 0, alone: 0, byOrder: 0 };
  before(() => loadSqlParser());

  forEachCorpus((corpus) => {
    if (needsExtensions.has(corpus.id) || (corpus.derivedSql === undefined && !plainSql.has(corpus.id))) return;
    it(`is what PostgreSQL does: ${corpus.id}`, async () => {
      const database = await (await sharedPostgres()).createDatabase();
      try {
        await create(corpus, database);
        const schema = corpus.derivedSql === undefined ? await catalogOf(database) : prismaSchema(corpus);
        const client = await database.client();
        for (const statement of fillStatements(schema, { rows: () => 1, values })) await client.query(statement);
        await client.query("SET session_replication_role = origin");
        const tables = [...schema.tables.values()].filter(({ kind, partitionOf }) => kind !== "foreign" && partitionOf === undefined);
        for (const table of tables) await client.query(`ALTER TABLE ${named(table)} DISABLE TRIGGER USER`);
        const rows = await contents(client, tables);
        assert.deepEqual(tables.filter(({ key }) => rows.get(key) === undefined).map(({ key }) => key), [], "tables without a row");
        for (const table of tables) {
          const { said, isByOrder } = saidOf(schema, table, rows);
          const done = await doneBy(client, tables, table, rows);
          if (isByOrder) {
            tally.byOrder++;
            continue;
          }
          assert.deepEqual(done, said, table.key);
          if (said === "refused") tally.refused++;
          else if (said.deleted.length + said.emptied.length === 1) tally.alone++;
          else {
            tally.deleted += said.deleted.length - 1;
            tally.emptied += said.emptied.length;
          }
        }
      } finally {
        await database.drop();
      }
    });
  });

  it("was seen with every outcome", () => {
    if (corpora().length > 10) for (const [outcome, count] of Object.entries(tally)) assert.ok(outcome === "byOrder" ? count < 20 : count > 20, `${outcome}: ${count}`);
  });
});

async function create(corpus: Corpus, database: TestDatabase): Promise<void> {
  const client = await database.client();
  await client.query("SET client_min_messages = error; SET check_function_bodies = off");
  const texts = corpus.derivedSql === undefined ? corpusHistory(corpus).files.map(({ text }) => text) : [readFileSync(corpus.derivedSql, "utf8")];
  for (const text of texts) await client.query(text);
  await client.end();
}

function prismaSchema(corpus: Corpus): Schema {
  return fromPrisma(corpus.schemaFiles.map((path) => parsePrisma(pathToFileURL(path).href, readFileSync(path, "utf8"))));
}

type Row = Readonly<Record<string, unknown>>;

/** The one row of each table, by key. */
async function contents(client: pg.Client, tables: readonly Table[]): Promise<ReadonlyMap<string, Row>> {
  const queries = tables.map((table, i) => `SELECT ${i} AS place, to_jsonb(one) AS content FROM ${named(table)} AS one`);
  const { rows } = await client.query<{ readonly place: number; readonly content: Row }>(queries.join(" UNION ALL "));
  return new Map(rows.map(({ place, content }) => [tables[place]?.key ?? "", content]));
}

/** No row refers to its own table's here: what would happen to a second one is left out. `isByOrder`: it may be refused, and the order of the keys decides. */
function saidOf(schema: Schema, root: Table, rows: ReadonlyMap<string, Row>): { readonly said: Outcome; readonly isByOrder: boolean } {
  const refers = (table: Table, { columns }: ForeignKey): boolean => columns.every((column) => (rows.get(table.key)?.[column] ?? null) !== null);
  const effects = deleteEffects(schema, root.key).effects.filter(({ table, foreignKey }) => table.key !== root.key && refers(table, foreignKey));
  const blocks = effects.filter(({ effect }) => effect === "blocked");
  if (blocks.length > 0) return { said: "refused", isByOrder: blocks.every(({ reason }) => reason === "order" || reason === "changedTwice") };
  const deleted = new Set([root.key, ...effects.filter(({ effect }) => effect === "deleted").map(({ table }) => table.key)]);
  const emptied = effects
    .filter(({ effect, table }) => (effect === "nulled" || effect === "defaulted") && !deleted.has(table.key))
    .flatMap(({ table, foreignKey }) => (foreignKey.onDeleteSetColumns ?? foreignKey.columns).map((column) => `${table.key}.${column}`));
  return { said: { deleted: [...deleted].sort(), emptied: [...new Set(emptied)].sort() }, isByOrder: false };
}

async function doneBy(client: pg.Client, tables: readonly Table[], root: Table, before: ReadonlyMap<string, Row>): Promise<Outcome> {
  await client.query("BEGIN");
  try {
    await client.query(`DELETE FROM ${named(root)}; SET CONSTRAINTS ALL IMMEDIATE`);
    const after = await contents(client, tables);
    const left = [...after].flatMap(([key, row]) => Object.entries(row).flatMap(([column, value]) => (value === null && (before.get(key)?.[column] ?? null) !== null ? [`${key}.${column}`] : [])));
    return { deleted: tables.filter(({ key }) => !after.has(key)).map(({ key }) => key).sort(), emptied: left.sort() };
  } catch {
    return "refused";
  } finally {
    await client.query("ROLLBACK");
  }
}

function named({ schema, name }: Table): string {
  return `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;
}
