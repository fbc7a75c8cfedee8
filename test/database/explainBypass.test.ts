import assert from "node:assert/strict";
import pg from "pg";
import { DatabaseError } from "../../server/src/database/databaseError.ts";
import { explain, type ExplainRequest } from "../../server/src/database/explain.ts";
import { loadSqlParser } from "../../server/src/sql/parse.ts";
import { type RunningPostgres, startPostgres } from "../support/postgres.ts";
import { postgresMajors } from "../support/postgresBinaries.ts";

/** Each would leave something behind. */
const payloads = [
  "INSERT INTO victim (name) VALUES ('hacked')",
  "UPDATE victim SET name = 'hacked'",
  "DELETE FROM victim",
  "MERGE INTO victim v USING (SELECT 1 AS id) s ON v.id = s.id WHEN MATCHED THEN DELETE",
  "TRUNCATE victim",
  "DROP TABLE victim",
  "CREATE TABLE hacked AS SELECT 1 AS a",
  "SELECT 1 AS a INTO hacked",
  "ALTER TABLE victim ADD COLUMN hacked int",
  "GRANT ALL ON victim TO PUBLIC",
  "SELECT nextval('victim_id_seq')",
  "SELECT setval('victim_id_seq', 9999)",
  "SELECT lo_create(4711)",
  "SELECT writer()",
  "CALL writing()",
  "COPY victim FROM PROGRAM 'echo 9999'",
  "DO 'BEGIN DELETE FROM victim; END'",
];

/** Ways to bring a payload past the gate. */
const disguises: readonly ((payload: string) => string)[] = [
  (p) => p,
  (p) => `SELECT 1; ${p}`,
  (p) => `${p}; SELECT 1`,
  (p) => `SELECT 1; COMMIT; ${p}`,
  (p) => `COMMIT; ${p}`,
  (p) => `SELECT 1;;;\n${p};`,
  (p) => `ANALYZE ${p}`,
  (p) => `(ANALYZE) ${p}`,
  (p) => `EXPLAIN ANALYZE ${p}`,
  (p) => `EXPLAIN (ANALYZE) ${p}`,
  (p) => `SELECT 1 /* ; */ ; ${p} -- `,
  (p) => `SELECT 1 -- comment\n; ${p}`,
  (p) => `SELECT 1 /* /* nested */ ; */ ; ${p}`,
  (p) => `SELECT $$;$$; ${p}`,
  (p) => `SELECT $a$ $b$ ; $a$; ${p}; SELECT $b$ $b$`,
  (p) => `SELECT '\\'; ${p}; --'`,
  (p) => `SELECT E'\\''; ${p}; --'`,
  (p) => `SELECT 1\0; ${p}`,
  (p) => `SELECT 1 \ud800; ${p}`,
  (p) => `SELECT 1 \\g\n${p}`,
  (p) => `SELECT 1 \\; ${p}`,
  (p) => `\\! true\n${p}`,
  (p) => `WITH x AS (${p}) SELECT 1`,
  (p) => `WITH x AS MATERIALIZED (${p}) SELECT * FROM x`,
  (p) => `WITH x AS (WITH y AS (${p}) SELECT 1) SELECT * FROM x`,
  (p) => `WITH x AS (${p} RETURNING *) SELECT * FROM x`,
  (p) => `SELECT * FROM (${p}) AS x`,
  (p) => `SELECT (${p})`,
  (p) => `SELECT 1 WHERE EXISTS (${p})`,
  (p) => `SELECT 1 UNION ALL (${p})`,
  (p) => `INSERT INTO victim (id) ${p}`,
  (p) => `PREPARE x AS ${p}`,
  (p) => `DECLARE c CURSOR FOR ${p}`,
  (p) => `DO $$ BEGIN ${p}; END $$`,
  (p) => `COPY (${p}) TO STDOUT`,
  (p) => `CREATE OR REPLACE FUNCTION f() RETURNS void LANGUAGE sql AS $$ ${p} $$`,
  (p) => `SELECT query_to_xml($$${p}$$, true, true, '')`,
  (p) => `SELECT dblink_exec('', $$${p}$$)`,
  (p) => `SELECT run($$${p}$$)`,
];

/** Others, for themselves. */
const attempts = [
  "LOCK TABLE victim IN ACCESS EXCLUSIVE MODE",
  "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
  "SET TRANSACTION READ WRITE",
  "SET statement_timeout = 0",
  "RESET ALL",
  "SELECT set_config('transaction_read_only', 'off', false)",
  "SELECT pg_catalog.set_config('transaction_read_only', 'off', false)",
  'SELECT "set_config"(\'transaction_read_only\', \'off\', false)',
  "SELECT U&\"set\\005fconfig\"('transaction_read_only', 'off', false)",
  "UPDATE pg_settings SET setting = 'off' WHERE name = 'transaction_read_only'",
  "SELECT pg_advisory_lock(1)",
  "SELECT pg_terminate_backend(pid) FROM pg_stat_activity",
  "SELECT pg_notify('a', 'b')",
  "NOTIFY a",
  "LISTEN a",
  "VACUUM victim",
  "CHECKPOINT",
  "REINDEX TABLE victim",
  "CLUSTER victim",
  "REFRESH MATERIALIZED VIEW v",
  "DISCARD ALL",
  "BEGIN READ WRITE",
  "ROLLBACK",
  "SAVEPOINT a",
  "PREPARE TRANSACTION 'a'",
  "COMMIT PREPARED 'a'",
  "EXECUTE x",
  "DEALLOCATE ALL",
  "FETCH ALL FROM c",
  "LOAD 'auto_explain'",
  "CREATE EXTENSION pg_trgm",
  "SECURITY LABEL ON TABLE victim IS 'a'",
  "COMMENT ON TABLE victim IS 'hacked'",
  "IMPORT FOREIGN SCHEMA a FROM SERVER b INTO c",
  "SELECT * FROM victim FOR UPDATE",
  "SELECT * FROM victim FOR NO KEY UPDATE SKIP LOCKED",
  "SELECT v.caller FROM victim v",
  "SELECT * FROM writing_view",
  "SELECT * FROM victim TABLESAMPLE system (100) WHERE writer() = 1",
  "SELECT 1 ORDER BY writer()",
  "SELECT count(*) FILTER (WHERE writer() = 1) FROM victim",
  "SELECT * FROM ROWS FROM (writer(), generate_series(1, 2))",
  "SELECT * FROM LATERAL writer() AS w",
  "VALUES (writer())",
  "TABLE victim; DROP TABLE victim",
  "SELECT 1 WHERE 1 = ANY (SELECT writer())",
  "SELECT pg_stat_reset()",
  "SELECT pg_switch_wal()",
  "SELECT pg_create_restore_point('a')",
  "SELECT pg_logical_emit_message(true, 'a', 'b')",
  "SELECT pg_read_file('postgresql.conf')",
  "SELECT lo_import('/etc/passwd')",
  "SELECT txid_current()",
  "SELECT pg_current_xact_id()",
];

const all = [...payloads.flatMap((payload) => disguises.map((disguise) => disguise(payload))), ...attempts];

/** Everything a person can agree to, but that rows are changed: then PostgreSQL itself writes, and rolls back. */
const ways: readonly Omit<ExplainRequest, "text">[] = [
  { environment: "development" },
  { environment: "development", consent: { code: true, writes: true, production: true } },
  { environment: "development", analyze: true, consent: { code: true } },
  { environment: "production", analyze: true, consent: { code: true, writes: true, production: true } },
];

/**
 * PostgreSQL 15 lets a function create a large object in a read-only transaction. A person who agreed to run the function
 * has it created and rolled back; 18 refuses.
 */
const makesLargeObject = /run\(\$\$SELECT lo_create/;

for (const major of postgresMajors) {
  describe(`${all.length} attempts to write through EXPLAIN on PostgreSQL ${major}`, function () {
    this.timeout(300_000);

    // One of its own: in the write-ahead log nobody else's doings may stand.
    let server: RunningPostgres;
    let other: pg.Client;

    before(async () => {
      await loadSqlParser();
      server = await startPostgres(major);
      other = new pg.Client({ connectionString: server.url });
      await other.connect();
      await other.query(`
        CREATE TABLE victim (id serial PRIMARY KEY, name text);
        INSERT INTO victim (name) SELECT 'n' || g FROM generate_series(1, 100) g;
        CREATE FUNCTION writer() RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN INSERT INTO victim (name) VALUES ('hacked'); RETURN 1; END $$;
        CREATE FUNCTION caller(victim) RETURNS int LANGUAGE plpgsql VOLATILE AS $$ BEGIN DELETE FROM victim; RETURN 1; END $$;
        CREATE FUNCTION run(text) RETURNS int LANGUAGE plpgsql STABLE AS $$ BEGIN EXECUTE $1; RETURN 1; END $$;
        CREATE PROCEDURE writing() LANGUAGE plpgsql AS $$ BEGIN DELETE FROM victim; COMMIT; END $$;
        CREATE VIEW writing_view AS SELECT id, writer() FROM victim;`);
      // Nothing is left for a reader to tidy up, which would be written too.
      await other.query("VACUUM (FREEZE, ANALYZE)");
      await other.query("VACUUM (FREEZE)");
      await other.query("CHECKPOINT");
    });

    after(async () => {
      await other.end();
      await server.stop();
    });

    for (const [number, way] of ways.entries()) {
      it(`leave nothing behind: ${JSON.stringify(way)}`, async () => {
        const before = await fingerprint();
        const outcomes = new Map<string, number>();
        for (const text of all) {
          if (major === 15 && way.analyze === true && makesLargeObject.test(text)) continue;
          const outcome = await explain({ url: server.url, statementTimeoutMs: 2_000 }, { ...way, text }).then(
            ({ kind }) => kind,
            (error: unknown) => {
              assert.ok(error instanceof DatabaseError, `${text}: ${String(error)}`);
              assert.ok(!error.isOutage, `${text}: ${error.message}`);
              return "refused by PostgreSQL";
            },
          );
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
        }
        assert.deepEqual(await fingerprint(), before);
        // The gate does not refuse everything: what only reads, or is only planned, has a plan.
        if (number === 1) assert.ok((outcomes.get("plan") ?? 0) > 10, JSON.stringify([...outcomes]));
        assert.ok((outcomes.get("refused") ?? 0) > 400, JSON.stringify([...outcomes]));
      });
    }

    /** Rows, sequences, everything in the catalog, locks, and the end of the write-ahead log. */
    async function fingerprint(): Promise<unknown> {
      const catalogs = ["pg_class", "pg_attribute", "pg_proc", "pg_type", "pg_depend", "pg_namespace", "pg_trigger", "pg_constraint", "pg_largeobject_metadata", "pg_description", "pg_database", "pg_extension", "pg_db_role_setting"];
      const state: Record<string, unknown> = {};
      for (const table of [...catalogs, "victim"]) state[table] = (await other.query(`SELECT md5(coalesce(string_agg(t::text, ';' ORDER BY t::text), '')) FROM ${table} t`)).rows;
      state["sequence"] = (await other.query("SELECT last_value, is_called FROM victim_id_seq")).rows;
      state["locks"] = (await other.query("SELECT mode FROM pg_locks WHERE locktype = 'advisory'")).rows;
      state["prepared"] = (await other.query("SELECT * FROM pg_prepared_xacts")).rows;
      state["wal"] = (await other.query("SELECT pg_current_wal_insert_lsn()::text AS lsn")).rows;
      return state;
    }
  });
}
