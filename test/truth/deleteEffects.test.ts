/** What we say that one DELETE does, held to a PostgreSQL that does it: one row a table, each referring to all it can. */
import assert from "node:assert/strict";
import type pg from "pg";
import { deleteEffects } from "../../server/src/model/deleteEffects.ts";
import type { Schema } from "../../server/src/model/schema.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import { scenarioClient } from "../support/keyScenarios.ts";
import { randomOf } from "../support/random.ts";
import { parseSqlText } from "../support/schemas.ts";

const schemasPerVersion = 200;
const start = "DROP SCHEMA public CASCADE; CREATE SCHEMA public;";

/** Tables that have lost rows, and columns that have become null in rows that are left. */
type Outcome = "refused" | { readonly deleted: readonly string[]; readonly nulled: readonly string[] };

interface Said {
  readonly outcome: Outcome;
  readonly isByOrder: boolean;
  readonly spared: number;
  readonly defaulted: number;
}

const scenarios: readonly { readonly title: string; readonly sql: string; readonly rows: string; readonly outcome: Outcome }[] = [
  {
    title: "goes on to what refers to a column that was emptied",
    sql: `CREATE TABLE t0 (id int PRIMARY KEY);
      CREATE TABLE t1 (id int PRIMARY KEY, a int UNIQUE REFERENCES t0 ON DELETE SET NULL);
      CREATE TABLE t2 (id int PRIMARY KEY, b int UNIQUE REFERENCES t1 (a) ON UPDATE CASCADE);
      CREATE TABLE t3 (id int PRIMARY KEY, c int REFERENCES t2 (b) ON UPDATE SET NULL);`,
    rows: "INSERT INTO t0 VALUES (1); INSERT INTO t1 VALUES (1, 1); INSERT INTO t2 VALUES (1, 1); INSERT INTO t3 VALUES (1, 1);",
    outcome: { deleted: ["t0"], nulled: ["t1.a", "t2.b", "t3.c"] },
  },
  {
    title: "is refused by what refers to a column that was to be emptied",
    sql: `CREATE TABLE t0 (id int PRIMARY KEY);
      CREATE TABLE t1 (id int PRIMARY KEY, a int UNIQUE REFERENCES t0 ON DELETE SET NULL);
      CREATE TABLE t2 (id int PRIMARY KEY, b int REFERENCES t1 (a));`,
    rows: "INSERT INTO t0 VALUES (1); INSERT INTO t1 VALUES (1, 1); INSERT INTO t2 VALUES (1, 1);",
    outcome: "refused",
  },
  {
    title: "empties only the columns that SET NULL names",
    sql: `CREATE TABLE t0 (a int, b int, PRIMARY KEY (a, b));
      CREATE TABLE t1 (a int NOT NULL, b int, FOREIGN KEY (a, b) REFERENCES t0 ON DELETE SET NULL (b));`,
    rows: "INSERT INTO t0 VALUES (1, 1); INSERT INTO t1 VALUES (1, 1);",
    outcome: { deleted: ["t0"], nulled: ["t1.b"] },
  },
  {
    title: "is refused when one of the columns of a key must not be empty",
    sql: `CREATE TABLE t0 (a int, b int, PRIMARY KEY (a, b));
      CREATE TABLE t1 (a int NOT NULL, b int, FOREIGN KEY (a, b) REFERENCES t0 ON DELETE SET NULL);`,
    rows: "INSERT INTO t0 VALUES (1, 1); INSERT INTO t1 VALUES (1, 1);",
    outcome: "refused",
  },
  {
    title: "goes from a partitioned table's row to what refers to it, and from a row to a partition's",
    sql: `CREATE TABLE t0 (id int PRIMARY KEY) PARTITION BY RANGE (id);
      CREATE TABLE t0_1 PARTITION OF t0 FOR VALUES FROM (0) TO (10);
      CREATE TABLE t1 (id int, a int REFERENCES t0 ON DELETE CASCADE, PRIMARY KEY (id)) PARTITION BY RANGE (id);
      CREATE TABLE t1_1 PARTITION OF t1 FOR VALUES FROM (0) TO (10);`,
    rows: "INSERT INTO t0 VALUES (1); INSERT INTO t1 VALUES (1, 1);",
    outcome: { deleted: ["t0", "t1"], nulled: [] },
  },
];

describe("what one DELETE does", function () {
  this.timeout(120_000);
  before(() => loadSqlParser());

  for (const major of [15, 18] as const) {
    it(`is what PostgreSQL ${major} does, for tables that refer to each other at random`, async () => {
      const client = await scenarioClient(major);
      const seen = { refused: 0, deleted: 0, nulled: 0, defaulted: 0, spared: 0, byOrder: 0 };
      for (let seed = 1; seed <= schemasPerVersion; seed++) {
        const { tables, rows, keys } = randomTables(seed);
        const { schema } = parseSqlText(`${tables}\n${keys}`);
        const said = saidOf(schema);
        const did = await doneBy(client, `${start} ${tables} ${rows} ${keys}`, schema);
        const context = `seed ${seed}\n${tables}\n${keys}\n${JSON.stringify(said)}`;
        if (said.isByOrder) {
          seen.byOrder++;
          continue;
        }
        assert.deepEqual(did, said.outcome, context);
        if (did === "refused") seen.refused++;
        else {
          seen.deleted += did.deleted.length;
          seen.nulled += did.nulled.length;
        }
        seen.spared += said.spared;
        seen.defaulted += said.defaulted;
      }
      for (const [what, count] of Object.entries(seen)) assert.ok(count > 10, `${what}: ${count}`);
      assert.ok(seen.byOrder < schemasPerVersion / 4, `${seen.byOrder} schemas decide by the order of their keys`);
    });
  }

  for (const { title, sql, rows, outcome } of scenarios) {
    it(title, async () => {
      const { schema } = parseSqlText(sql);
      assert.deepEqual(saidOf(schema).outcome, outcome);
      assert.deepEqual(await doneBy(await scenarioClient(15), `${start} ${sql} ${rows}`, schema), outcome);
    });
  }
});

describe("a row that a DELETE empties twice", () => {
  const tables = "CREATE TABLE t0 (id int PRIMARY KEY); CREATE TABLE t1 (id int PRIMARY KEY, r int); CREATE TABLE t2 (id int PRIMARY KEY, a int, b int, c int);";
  const rows = "INSERT INTO t0 VALUES (1); INSERT INTO t1 VALUES (1, 1); INSERT INTO t2 VALUES (1, 1, 1, 1);";
  const [emptied, taken] = [
    "ALTER TABLE t2 ADD FOREIGN KEY (a) REFERENCES t0 ON DELETE SET NULL, ADD FOREIGN KEY (b) REFERENCES t0 ON DELETE SET NULL, ADD FOREIGN KEY (c) REFERENCES t1 ON DELETE SET NULL;",
    "ALTER TABLE t1 ADD FOREIGN KEY (r) REFERENCES t0 ON DELETE CASCADE;",
  ];
  before(() => loadSqlParser());

  for (const [keys, outcome] of [
    [`${taken} ${emptied}`, { deleted: ["t0", "t1"], nulled: ["t2.a", "t2.b", "t2.c"] }],
    [`${emptied} ${taken}`, "refused"],
  ] as const) {
    it(outcome === "refused" ? "may refuse it, for what another of its references led to" : "does not, where the other reference is emptied before it is looked at", async () => {
      const { schema } = parseSqlText(`${tables} ${keys}`);
      assert.ok(deleteEffects(schema, "public.t0").effects.some(({ reason, foreignKey }) => reason === "changedTwice" && foreignKey.columns.join() === "c"));
      assert.deepEqual(await doneBy(await scenarioClient(18), `${start} ${tables} ${rows} ${keys}`, schema), outcome);
    });
  }
});

function saidOf(schema: Schema): Said {
  const { effects, spared } = deleteEffects(schema, "public.t0");
  const deleted = new Set(["t0", ...effects.filter(({ effect }) => effect === "deleted").map(({ table: { name } }) => (name === "t0" ? "t0, the row below" : name))]);
  const nulled = effects
    .filter(({ effect, table }) => (effect === "nulled" || effect === "defaulted") && !deleted.has(table.name === "t0" ? "t0, the row below" : table.name))
    .flatMap(({ table, foreignKey }) => (foreignKey.onDeleteSetColumns ?? foreignKey.columns).map((column) => `${table.name}.${column}`));
  const blocks = effects.filter(({ effect }) => effect === "blocked");
  return {
    outcome: blocks.length > 0 ? "refused" : { deleted: [...deleted].sort(), nulled: [...new Set(nulled)].sort() },
    isByOrder: blocks.length > 0 && blocks.every(({ reason }) => reason === "order" || reason === "changedTwice"),
    spared: spared.length,
    defaulted: effects.filter(({ effect }) => effect === "defaulted").length,
  };
}

async function doneBy(client: pg.Client, setup: string, schema: Schema): Promise<Outcome> {
  await client.query(setup);
  const before = await contents(client, schema);
  try {
    await client.query(before.keyOfFirst === "id" ? "DELETE FROM t0 WHERE id = 1" : "DELETE FROM t0");
  } catch {
    return "refused";
  }
  const after = await contents(client, schema);
  const deleted = [...before.counts].flatMap(([name, count]) => {
    const gone = count - (after.counts.get(name) ?? 0);
    return gone === 0 ? [] : gone === 1 ? [name] : [name, `${name}, the row below`];
  });
  return { deleted: deleted.sort(), nulled: [...after.nulls].filter((name) => !before.nulls.has(name)).sort() };
}

async function contents(client: pg.Client, schema: Schema): Promise<{ readonly counts: ReadonlyMap<string, number>; readonly nulls: ReadonlySet<string>; readonly keyOfFirst: string }> {
  const counts = new Map<string, number>();
  const nulls = new Set<string>();
  for (const table of schema.tables.values()) {
    if (table.partitionOf !== undefined) continue;
    const { rows } = await client.query<Record<string, unknown>>(`SELECT * FROM ${table.name}`);
    counts.set(table.name, rows.length);
    for (const row of rows) {
      // The first row of the first table goes; of the second one only what refers to the first is looked at.
      const isLookedAt = (column: string): boolean => table.name !== "t0" || (row["id"] === 2 && column.startsWith("self"));
      for (const [column, value] of Object.entries(row)) if (value === null && isLookedAt(column)) nulls.add(`${table.name}.${column}`);
    }
  }
  return { counts, nulls, keyOfFirst: schema.tables.get("public.t0")?.primaryKey?.columns.join() ?? "" };
}

/** The rows come before the keys, which may go round in circles. */
function randomTables(seed: number): { readonly tables: string; readonly rows: string; readonly keys: string } {
  const random = randomOf(seed);
  const pick = <T>(values: readonly T[]): T | undefined => values[random(values.length)];
  const count = 2 + random(4);
  const columns: string[][] = Array.from({ length: count }, () => ["id int PRIMARY KEY"]);
  const values: string[][] = Array.from({ length: count }, () => ["1"]);
  const second = ["2"];
  const keys: string[] = [];
  let hasSelf = false;
  const total = count + random(count);
  for (let k = 0; k < total; k++) {
    // Most lead towards the first table.
    const to = random(3) === 0 ? random(count) : random(Math.max(1, Math.floor(count / 2)));
    const from = random(6) === 0 ? to : (to + 1 + random(count - 1)) % count;
    const isSelf = from === to;
    if (isSelf && from === 0) hasSelf = true;
    const column = `${isSelf ? "self" : "r"}${k}`;
    const isRequired = from !== 0 && random(3) === 0;
    columns[from]?.push(`${column} int${isRequired ? " NOT NULL" : ""}`);
    values[from]?.push(from === 0 && isSelf ? "NULL" : "1");
    if (from === 0) second.push(isSelf ? "1" : "NULL");
    const action = pick(["CASCADE", "CASCADE", "CASCADE", "SET NULL", "SET DEFAULT", "NO ACTION", "RESTRICT"]);
    const deferred = random(4) === 0 ? " DEFERRABLE INITIALLY DEFERRED" : "";
    keys.push(`ALTER TABLE t${from} ADD CONSTRAINT k${k} FOREIGN KEY (${column}) REFERENCES t${to} ON DELETE ${action}${deferred};`);
  }
  for (let i = keys.length - 1; i > 0; i--) {
    const j = random(i + 1);
    [keys[i], keys[j]] = [keys[j] ?? "", keys[i] ?? ""];
  }
  return {
    tables: columns.map((list, i) => `CREATE TABLE t${i} (${list.join(", ")});`).join("\n"),
    rows: [...values.map((list, i) => `INSERT INTO t${i} VALUES (${list.join(", ")});`), ...(hasSelf ? [`INSERT INTO t0 VALUES (${second.join(", ")});`] : [])].join("\n"),
    keys: keys.join("\n"),
  };
}
