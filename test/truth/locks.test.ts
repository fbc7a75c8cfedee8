/**
 * The table of locks against PostgreSQL itself: each statement runs in a transaction, and the locks it then holds, the
 * tables it wrote anew and the indexes it built anew are those that `locks.ts` says.
 */
import assert from "node:assert/strict";
import type pg from "pg";
import { effectOf, isStronger, type LockMode } from "../../server/src/model/migration/locks.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import { parseMigration } from "../support/schemas.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";

interface Case {
  readonly sql: string;
  /** On top of the tables that all cases share. */
  readonly setup?: string;
  /** Major version that has the statement. */
  readonly from?: number;
}

const shared = `
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE DOMAIN email AS text;
CREATE TABLE p (id int PRIMARY KEY, name text);
CREATE TABLE t (
  id int PRIMARY KEY, a int, n int NOT NULL, v varchar(20), num numeric(10,2), ch char(5), js json, ts timestamp, m mood, e email,
  p_id int CONSTRAINT t_p_id_fkey REFERENCES p, CONSTRAINT t_a_check CHECK (a > 0), CONSTRAINT t_v_key UNIQUE (v)
);
CREATE INDEX t_a_idx ON t (a);
CREATE INDEX t_ts_idx ON t (ts);
CREATE TABLE u (id int NOT NULL, p_id int, day date);
CREATE UNIQUE INDEX u_id_idx ON u (id);
CREATE TABLE part (day date NOT NULL, a int) PARTITION BY RANGE (day);
CREATE TABLE part_a PARTITION OF part FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE part_b (day date NOT NULL, a int);
CREATE MATERIALIZED VIEW mv AS SELECT id, name FROM p;
CREATE UNIQUE INDEX mv_id ON mv (id);
CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER t_trigger BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f();
CREATE POLICY t_policy ON t USING (true);
INSERT INTO p SELECT i, 'x' FROM generate_series(1, 20) i;
INSERT INTO t (id, a, n, v, js, m, p_id) SELECT i, i, i, i::text, '{}', 'sad', i FROM generate_series(1, 20) i;
INSERT INTO u SELECT i, i, '2020-01-01' FROM generate_series(1, 20) i;
`;

const cases: readonly Case[] = [
  { sql: "ALTER TABLE t ADD COLUMN x int" },
  { sql: "ALTER TABLE t ADD COLUMN x int DEFAULT 5" },
  { sql: "ALTER TABLE t ADD COLUMN x timestamptz NOT NULL DEFAULT now()" },
  { sql: "ALTER TABLE t ADD COLUMN x uuid DEFAULT gen_random_uuid()" },
  { sql: "ALTER TABLE t ADD COLUMN x timestamptz DEFAULT clock_timestamp()" },
  { sql: "ALTER TABLE t ADD COLUMN x serial" },
  { sql: "ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS IDENTITY" },
  { sql: "ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS (a * 2) STORED" },
  { sql: "ALTER TABLE t ADD COLUMN x int GENERATED ALWAYS AS (a * 2) VIRTUAL", from: 18 },
  { sql: "ALTER TABLE t ADD COLUMN x int REFERENCES p" },
  { sql: "ALTER TABLE t ADD COLUMN x int UNIQUE" },
  { sql: "ALTER TABLE t ADD COLUMN x email" },
  { sql: "ALTER TABLE t DROP COLUMN a" },
  { sql: "ALTER TABLE t RENAME COLUMN a TO b" },
  { sql: "ALTER TABLE t RENAME TO s" },
  { sql: "ALTER TABLE t ALTER COLUMN a SET DEFAULT 3" },
  { sql: "ALTER TABLE t ALTER COLUMN a DROP DEFAULT" },
  { sql: "ALTER TABLE t ALTER COLUMN n DROP NOT NULL" },
  { sql: "ALTER TABLE t ALTER COLUMN a SET NOT NULL" },
  { sql: "ALTER TABLE t ALTER COLUMN a SET NOT NULL", setup: "ALTER TABLE t ADD CHECK (a IS NOT NULL);" },
  { sql: "ALTER TABLE t ADD CONSTRAINT nn NOT NULL a NOT VALID", from: 18 },
  { sql: "ALTER TABLE t ADD CHECK (n > 0)" },
  { sql: "ALTER TABLE t ADD CHECK (n > 0) NOT VALID" },
  { sql: "ALTER TABLE t VALIDATE CONSTRAINT c", setup: "ALTER TABLE t ADD CONSTRAINT c CHECK (n > 0) NOT VALID;" },
  { sql: "ALTER TABLE u ADD FOREIGN KEY (p_id) REFERENCES p" },
  { sql: "ALTER TABLE u ADD FOREIGN KEY (p_id) REFERENCES p NOT VALID" },
  { sql: "ALTER TABLE u VALIDATE CONSTRAINT c", setup: "ALTER TABLE u ADD CONSTRAINT c FOREIGN KEY (p_id) REFERENCES p NOT VALID;" },
  { sql: "ALTER TABLE t DROP CONSTRAINT t_p_id_fkey" },
  { sql: "ALTER TABLE t ALTER CONSTRAINT t_p_id_fkey DEFERRABLE" },
  { sql: "ALTER TABLE t ALTER CONSTRAINT t_p_id_fkey NOT ENFORCED", from: 18 },
  { sql: "DROP TABLE t" },
  { sql: "ALTER TABLE t DROP CONSTRAINT t_a_check" },
  { sql: "ALTER TABLE t DROP CONSTRAINT t_v_key" },
  { sql: "ALTER TABLE t ADD UNIQUE (n)" },
  { sql: "ALTER TABLE u ADD PRIMARY KEY (id)" },
  { sql: "ALTER TABLE u ADD CONSTRAINT u_pkey PRIMARY KEY USING INDEX u_id_idx" },
  { sql: "ALTER TABLE u ADD CONSTRAINT u_id_key UNIQUE USING INDEX u_id_idx" },
  { sql: "ALTER TABLE u ADD EXCLUDE USING btree (id WITH =)" },
  { sql: "ALTER TABLE t ALTER COLUMN a TYPE bigint" },
  { sql: "ALTER TABLE p ALTER COLUMN id TYPE bigint", setup: "DROP MATERIALIZED VIEW mv;" },
  { sql: "ALTER TABLE t ALTER COLUMN p_id TYPE bigint" },
  { sql: "ALTER TABLE q ALTER COLUMN code TYPE varchar(30)", setup: "CREATE TABLE q (code varchar(20) UNIQUE); ALTER TABLE t ADD FOREIGN KEY (v) REFERENCES q (code) NOT VALID;" },
  { sql: "ALTER TABLE t ALTER COLUMN v TYPE varchar(10)" },
  { sql: "ALTER TABLE t ALTER COLUMN v TYPE varchar(30)" },
  { sql: "ALTER TABLE t ALTER COLUMN v TYPE text" },
  { sql: "ALTER TABLE t ALTER COLUMN v TYPE text USING v::text" },
  { sql: "ALTER TABLE t ALTER COLUMN v TYPE text USING v || ''" },
  { sql: "ALTER TABLE t ALTER COLUMN num TYPE numeric(12,2)" },
  { sql: "ALTER TABLE t ALTER COLUMN num TYPE numeric" },
  { sql: "ALTER TABLE t ALTER COLUMN num TYPE numeric(12,4)" },
  { sql: "ALTER TABLE t ALTER COLUMN ch TYPE char(8)" },
  { sql: "ALTER TABLE t ALTER COLUMN ch TYPE text" },
  { sql: "ALTER TABLE t ALTER COLUMN js TYPE jsonb" },
  { sql: "ALTER TABLE t ALTER COLUMN m TYPE text" },
  { sql: "ALTER TABLE t ALTER COLUMN ts TYPE timestamptz" },
  { sql: "ALTER TABLE t ALTER COLUMN ts TYPE timestamp(3)" },
  { sql: 'ALTER TABLE t ALTER COLUMN v TYPE varchar(20) COLLATE "C"' },
  { sql: "ALTER TABLE t ALTER COLUMN a TYPE int" },
  { sql: "CREATE INDEX ON t (n)" },
  { sql: "CREATE UNIQUE INDEX ON t (n)" },
  { sql: "DROP INDEX t_a_idx" },
  { sql: "REINDEX INDEX t_a_idx" },
  { sql: "REINDEX TABLE t" },
  { sql: "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()" },
  { sql: "ALTER TABLE t DISABLE TRIGGER t_trigger" },
  { sql: "DROP TRIGGER t_trigger ON t" },
  { sql: "ALTER TABLE t ENABLE ROW LEVEL SECURITY" },
  { sql: "ALTER TABLE t FORCE ROW LEVEL SECURITY" },
  { sql: "CREATE POLICY x ON t USING (true)" },
  { sql: "ALTER POLICY t_policy ON t USING (false)" },
  { sql: "DROP POLICY t_policy ON t" },
  { sql: "ALTER TABLE t SET (autovacuum_vacuum_scale_factor = 0.1)" },
  { sql: "ALTER TABLE t SET (fillfactor = 80)" },
  { sql: "ALTER TABLE t ALTER COLUMN a SET STATISTICS 100" },
  { sql: "ALTER TABLE t CLUSTER ON t_a_idx" },
  { sql: "COMMENT ON TABLE t IS 'x'" },
  { sql: "COMMENT ON COLUMN t.a IS 'x'" },
  { sql: "ANALYZE t" },
  { sql: "CREATE STATISTICS s ON a, n FROM t" },
  { sql: "ALTER TABLE t OWNER TO CURRENT_USER" },
  { sql: "GRANT SELECT ON t TO PUBLIC" },
  { sql: "ALTER INDEX t_a_idx RENAME TO x" },
  { sql: "CREATE VIEW v AS SELECT a FROM t" },
  { sql: "CREATE OR REPLACE VIEW v AS SELECT a FROM t", setup: "CREATE VIEW v AS SELECT a FROM t;" },
  { sql: "ALTER TYPE mood RENAME VALUE 'sad' TO 'low'" },
  { sql: "DROP TABLE q CASCADE", setup: "CREATE TABLE q (id int PRIMARY KEY); ALTER TABLE u ADD FOREIGN KEY (p_id) REFERENCES q NOT VALID;" },
  { sql: "ALTER TABLE u SET UNLOGGED" },
  { sql: "CLUSTER t USING t_a_idx" },
  { sql: "TRUNCATE u" },
  { sql: "TRUNCATE p CASCADE" },
  { sql: "ALTER TABLE t REPLICA IDENTITY FULL" },
  { sql: "ALTER TABLE t SET SCHEMA other", setup: "CREATE SCHEMA other;" },
  { sql: "REFRESH MATERIALIZED VIEW mv" },
  { sql: "REFRESH MATERIALIZED VIEW CONCURRENTLY mv" },
  { sql: "ALTER TABLE part ATTACH PARTITION part_b FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')" },
  { sql: "ALTER TABLE part DETACH PARTITION part_a" },
  { sql: "CREATE TABLE part_c PARTITION OF part FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')" },
  { sql: "CREATE INDEX ON part (a)" },
  { sql: "CREATE INDEX ON ONLY part (a)" },
  { sql: "CREATE TABLE child (id int PRIMARY KEY, p_id int REFERENCES p)" },
  { sql: "ALTER TYPE mood ADD VALUE 'calm'" },
  { sql: "ALTER DOMAIN email ADD CHECK (VALUE <> '')" },
  { sql: "ALTER DOMAIN email ADD CHECK (VALUE <> '') NOT VALID" },
  { sql: "UPDATE t SET a = a + 1 WHERE id = 1" },
  { sql: "DELETE FROM u" },
  { sql: "LOCK TABLE t IN SHARE MODE" },
  { sql: "ALTER TABLE t ADD COLUMN x int, DROP COLUMN a, ALTER COLUMN n TYPE bigint" },
];

describe("the table of locks", function () {
  this.timeout(60_000);

  before(() => loadSqlParser());

  for (const version of [15, 18] as const) {
    describe(`on PostgreSQL ${version}`, () => {
      let client: pg.Client;
      before(async () => {
        client = await (await (await sharedPostgres(version)).createDatabase()).client();
        await client.query("SET TimeZone = 'UTC'");
        await client.query(shared);
      });

      for (const { sql, setup = "", from = 0 } of cases) {
        if (version < from) continue;
        it(`says what ${sql} does${setup === "" ? "" : `, after ${setup}`}`, async () => {
          // A statement may find locks of its own transaction, so what it needs is there before.
          if (setup !== "") await client.query(setup);
          const truth = await observed(client, sql);
          if (setup !== "") await client.query(`DROP SCHEMA public CASCADE; CREATE SCHEMA public; DROP SCHEMA IF EXISTS other; ${shared}`);
          assert.deepEqual(predicted(sql, setup, version), truth);
        });
      }
    });
  }
});

interface Observation {
  readonly locks: Readonly<Record<string, string>>;
  readonly rewritten: readonly string[];
}

/** Locks that stand in nobody's way are left out: reading takes them, too. */
function predicted(sql: string, setup: string, version: number): Observation {
  const { changes } = parseMigration(sql, shared + setup);
  const locks = new Map<string, LockMode>();
  const rewritten = new Set<string>();
  for (const change of changes.statements.flatMap((statement) => statement.changes)) {
    const effect = effectOf(change, version);
    for (const { table, mode } of effect.locks) {
      const known = locks.get(table.key);
      if (known === undefined || isStronger(mode, known)) locks.set(table.key, mode);
    }
    for (const { kind, table } of effect.work) if (kind === "rewrite" || kind === "rebuild") rewritten.add(`${kind} ${table.key}`);
  }
  return { locks: sorted([...locks].filter(([, mode]) => !weak.has(mode))), rewritten: [...rewritten].sort() };
}

const weak: ReadonlySet<string> = new Set(["ACCESS SHARE", "ROW SHARE", "ROW EXCLUSIVE"]);

async function observed(client: pg.Client, sql: string): Promise<Observation> {
  await client.query("BEGIN");
  try {
    const before = await relations(client);
    const held = await locksHeld(client);
    await client.query(sql);
    const after = await relations(client);
    const taken = [...(await locksHeld(client))].filter((lock) => !held.has(lock));
    const locks = new Map<string, LockMode>();
    for (const lock of taken) {
      const space = lock.indexOf(" ");
      const [oid, mode] = [lock.slice(0, space), lock.slice(space + 1)];
      const relation = before.get(oid);
      const known = modes.find((one) => one === mode);
      if (relation === undefined || known === undefined || relation.kind === "i" || weak.has(known)) continue;
      const strongest = locks.get(relation.name);
      if (strongest === undefined || isStronger(known, strongest)) locks.set(relation.name, known);
    }
    const rewritten = new Set<string>();
    for (const [oid, relation] of before) {
      const now = after.get(oid);
      if (now === undefined || now.file === relation.file || sql.startsWith("TRUNCATE") || sql.startsWith("REINDEX")) continue;
      if (relation.kind !== "i") rewritten.add(`rewrite ${relation.name}`);
    }
    for (const [oid, relation] of before) {
      const now = after.get(oid);
      const isRebuilt = relation.kind === "i" && now !== undefined && now.file !== relation.file;
      if (isRebuilt && !rewritten.has(`rewrite ${relation.table}`) && !/^(?:TRUNCATE|REINDEX)/.test(sql))
        rewritten.add(`rebuild ${relation.table}`);
    }
    // An index that gives way to a new one is another relation, which takes over its file where nothing had to be built.
    const names = new Map(
      [...before].flatMap(([oid, { kind, name, table, file }]) => (kind === "i" ? [[name, { oid, table, file }] as const] : [])),
    );
    for (const [oid, { kind, name, file }] of after) {
      const old = kind === "i" ? names.get(name) : undefined;
      if (old !== undefined && old.oid !== oid && old.file !== file && !rewritten.has(`rewrite ${old.table}`))
        rewritten.add(`rebuild ${old.table}`);
    }
    return { locks: sorted([...locks]), rewritten: [...rewritten].sort() };
  } finally {
    await client.query("ROLLBACK");
  }
}

const modes: readonly LockMode[] = ["SHARE UPDATE EXCLUSIVE", "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"];

interface Relation {
  readonly name: string;
  readonly kind: string;
  readonly file: string;
  /** Of an index. */
  readonly table: string;
}

async function relations(client: pg.Client): Promise<ReadonlyMap<string, Relation>> {
  const { rows } = await client.query<Relation & { readonly oid: string }>(`
    SELECT c.oid::text, n.nspname || '.' || c.relname AS name, replace(c.relkind::text, 'I', 'i') AS kind, c.relfilenode::text AS file,
      coalesce((SELECT tn.nspname || '.' || tc.relname FROM pg_index x JOIN pg_class tc ON tc.oid = x.indrelid JOIN pg_namespace tn ON tn.oid = tc.relnamespace
        WHERE x.indexrelid = c.oid), '') AS table
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'm', 'i', 'I') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')`);
  return new Map(rows.map((row) => [row.oid, row]));
}

/** `oid MODE`, with the mode as people write it. */
async function locksHeld(client: pg.Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ readonly relation: string; readonly mode: string }>(
    "SELECT relation::text, mode FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation' AND granted AND relation >= 16384",
  );
  return new Set(
    rows.map(
      ({ relation, mode }) =>
        `${relation} ${mode
          .replace(/Lock$/, "")
          .replaceAll(/(?<=[a-z])(?=[A-Z])/g, " ")
          .toUpperCase()}`,
    ),
  );
}

function sorted(locks: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  return Object.fromEntries([...locks].sort(([a], [b]) => (a < b ? -1 : 1)));
}
