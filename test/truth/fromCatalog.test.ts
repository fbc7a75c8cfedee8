import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import * as v from "valibot";
import type { ForeignKey, Schema, Table } from "../../server/src/model/schema.ts";
import { compareSchemas, formatDifference } from "../support/compareSchemas.ts";
import { type Corpus, forEachCorpus } from "../support/corpora.ts";
import { corpusHistory, fixtureHistories, type History, sampleHistories } from "../support/histories.ts";
import { inconsistencies } from "../support/inconsistencies.ts";
import { replayed } from "../support/replays.ts";

/**
 * The catalog reader itself is held against facts that another query computed on another server, so that a mistake of
 * its own cannot make `fromSql` look right.
 */
describe("fromCatalog states what an independent query over the catalog states", function () {
  this.timeout(120_000);

  forEachCorpus((corpus) => {
    if (corpus.sqlFiles.length === 0) return;
    it(corpus.id, async () => {
      const truth = truthOf(corpus);
      const { schema, failures } = await replayed(corpusHistory(corpus));
      assert.deepEqual(inconsistencies(schema), []);
      const seen = withoutSchemas(schema, new Set(truth.excluded_schemas));
      assert.deepEqual(counts(seen), v.parse(countsShape, truth.counts));
      assert.deepEqual(foreignKeys(seen), truth.foreign_keys.map(foreignKeyTruth).sort());
      assert.deepEqual(keyless(seen), truth.no_primary_key);
      assert.deepEqual(
        filesOf(failures.map((failure) => failure.uri)),
        truth.failures.map((failure) => failure.file),
      );

      function filesOf(uris: readonly string[]): readonly string[] {
        return corpus.sqlFiles.filter((file) => uris.some((uri) => uri.endsWith(`/${corpus.id}/${file}`)));
      }
    });
  });
});

describe("fromCatalog states the same on PostgreSQL 18 as on PostgreSQL 15", function () {
  this.timeout(120_000);

  for (const history of [...sampleHistories(), ...fixtureHistories()]) {
    if (history.majors === undefined) it(history.id, () => assertSame(history));
  }

  const manySided = ["adventureworks", "pagila", "supabase-auth"];
  forEachCorpus((corpus) => {
    if (manySided.includes(corpus.id)) it(corpus.id, () => assertSame(corpusHistory(corpus)));
  });

  async function assertSame(history: History): Promise<void> {
    const [older, newer] = await Promise.all([replayed(history, 15), replayed(history, 18)]);
    // Each version prints queries, and describes extensions, in words of its own.
    const ownWords = { withoutFacts: ["view.query", "extension.comment"] };
    assert.deepEqual(compareSchemas(newer.schema, older.schema, ownWords).map(formatDifference), []);
  }
});

const countsShape = v.object({
  tables: v.number(),
  partitions: v.number(),
  columns: v.number(),
  indexes: v.number(),
  enums: v.number(),
  policies: v.number(),
  foreign_keys: v.number(),
});

const truthShape = v.object({
  counts: v.unknown(),
  excluded_schemas: v.array(v.string()),
  foreign_keys: v.array(
    v.object({
      schema: v.string(),
      table: v.string(),
      constraint: v.string(),
      columns: v.array(v.string()),
      ref_table: v.string(),
      ref_columns: v.array(v.string()),
      on_delete: v.string(),
      on_update: v.string(),
    }),
  ),
  no_primary_key: v.array(v.string()),
  failures: v.array(v.object({ file: v.string() })),
});

function truthOf(corpus: Corpus): v.InferOutput<typeof truthShape> {
  return v.parse(truthShape, JSON.parse(readFileSync(corpus.truthFile, "utf8")));
}

function withoutSchemas(schema: Schema, excluded: ReadonlySet<string>): Schema {
  return {
    ...schema,
    tables: new Map([...schema.tables].filter(([, table]) => !excluded.has(table.schema))),
    enums: new Map([...schema.enums].filter(([, type]) => !excluded.has(type.schema))),
  };
}

/** As `truth.sql` counts: columns without those of partitions, indexes of tables but not of materialized views. */
function counts(schema: Schema): v.InferOutput<typeof countsShape> {
  const tables = [...schema.tables.values()];
  const whole = tables.filter((table) => table.partitionOf === undefined);
  const sum = (of: readonly Table[], size: (table: Table) => number): number => of.reduce((total, table) => total + size(table), 0);
  return {
    tables: whole.length,
    partitions: tables.length - whole.length,
    columns: sum(whole, (table) => table.columns.size),
    indexes: sum(tables, (table) => table.indexes.length),
    enums: schema.enums.size,
    policies: sum(tables, (table) => table.policies.length),
    foreign_keys: sum(tables, (table) => table.foreignKeys.length),
  };
}

const codes: Readonly<Record<ForeignKey["onDelete"], string>> = {
  noAction: "a",
  restrict: "r",
  cascade: "c",
  setNull: "n",
  setDefault: "d",
};

function foreignKeys(schema: Schema): readonly string[] {
  return [...schema.tables.values()].flatMap((table) => table.foreignKeys.map((key) => foreignKeyText(table, key))).sort();
}

function foreignKeyText(table: Table, key: ForeignKey): string {
  const { references } = key;
  return `${table.key} ${key.name} (${key.columns.join()}) ${references.table}(${references.columns.join()}) ${codes[key.onDelete]}${codes[key.onUpdate]}`;
}

function foreignKeyTruth(key: v.InferOutput<typeof truthShape>["foreign_keys"][number]): string {
  // Printed as a regclass: the schema is there only where the search path of that session did not reach.
  const target = key.ref_table.replaceAll('"', "").split(".").at(-1) ?? "";
  return `${key.schema}.${key.table} ${key.constraint} (${key.columns.join()}) ${target}(${key.ref_columns.join()}) ${key.on_delete}${key.on_update}`;
}

function keyless(schema: Schema): readonly string[] {
  return [...schema.tables.values()]
    .filter((table) => table.kind === "table" && table.primaryKey === undefined)
    .map((table) => table.key)
    .sort();
}
