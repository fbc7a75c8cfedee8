import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { contentKey, ScratchDatabase, type ScratchOptions, type ScratchResult } from "../../server/src/scratch/scratchDatabase.ts";
import { scratchOptions } from "../support/scratch.ts";

const shop = [
  "CREATE TABLE customers (id serial PRIMARY KEY, email varchar(200) NOT NULL UNIQUE, note text)",
  "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, total numeric(10, 2))",
  "CREATE INDEX ON orders (customer_id)",
];

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    // No such process.
    return false;
  }
}

describe("a scratch database", function () {
  this.timeout(240_000);

  let options: ScratchOptions;
  const opened: ScratchDatabase[] = [];
  let database: ScratchDatabase;

  before(async () => {
    options = await scratchOptions();
    database = new ScratchDatabase(options, shop);
  });

  after(() => database.close());

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
    await database.reset();
  });

  function open(base: readonly string[] = shop, more: Partial<ScratchOptions> = {}): ScratchDatabase {
    const one = new ScratchDatabase({ ...options, ...more }, base);
    opened.push(one);
    return one;
  }

  it("holds what its statements build, and tells what became of each", async () => {
    const outcomes = value(await open([...shop, "CREATE TABLE orders ()", "CREATE VIEW v AS SELECT * FROM orders"]).build());
    assert.deepEqual(outcomes.map(({ kind }) => kind), ["done", "done", "done", "refused", "done"]);
  });

  it("describes a query: types of parameters and of results, and where a result comes from", async () => {
    const description = value(await database.describe("SELECT o.total, c.email, lower(c.note) AS note FROM orders o JOIN customers c ON c.id = o.customer_id WHERE c.id = $1 AND o.total > $2"));
    assert.deepEqual(description, {
      parameters: ["integer", "numeric"],
      columns: [
        { name: "total", type: "numeric(10,2)", source: { schema: "public", table: "orders", column: "total", notNull: false } },
        { name: "email", type: "character varying(200)", source: { schema: "public", table: "customers", column: "email", notNull: true } },
        { name: "note", type: "text", source: undefined },
      ],
    });
  });

  it("describes a statement without rows and without parameters", async () => {
    assert.deepEqual(value(await database.describe("DELETE FROM orders")), { parameters: [], columns: undefined });
    assert.deepEqual(value(await database.query("SELECT count(*)::int AS n FROM orders")), [{ n: 0 }]);
  });

  it("gives PostgreSQL's own error with its place in UTF-16", async () => {
    const text = "SELECT 'äöü😀', custmer FROM customers";
    const failure = refusal(await database.describe(text));
    assert.equal(failure.sqlState, "42703");
    assert.equal(failure.at, text.indexOf("custmer"));
    assert.match(failure.message, /column "custmer" does not exist/);
    assert.equal(refusal(await database.explain(text)).at, text.indexOf("custmer"));
  });

  it("describes one statement only, and is sound after an error", async () => {
    assert.equal(refusal(await database.describe("SELECT 1; DROP TABLE orders")).sqlState, "42601");
    assert.equal(refusal(await database.explain("SELECT $1::int; DROP TABLE orders")).sqlState, "42601");
    assert.equal(value(await database.describe("SELECT * FROM orders")).columns?.length, 3);
  });

  it("explains a query with parameters by its generic plan, and with values by the plan for these", async () => {
    const generic = value(await database.explain("SELECT * FROM orders WHERE id = $1"));
    assert.deepEqual(generic.parameters, ["bigint"]);
    assert.match(generic.plan, /"Index Cond":\s*"\(orders\.id = \$1\)"/);
    const custom = value(await database.explain("SELECT * FROM orders WHERE id = $1", { values: ["7"] }));
    assert.match(custom.plan, /"Index Cond":\s*"\(orders\.id = '?7/);
  });

  it("takes values in PostgreSQL's text form, whatever their type", async () => {
    const text = "SELECT $1::bytea, $2::int[], $3::jsonb, $4::boolean, $5::timestamptz, $6::bigint, $7::numeric, $8::uuid, $9::text";
    const values = ["\\x00ff", "{1,2}", '{"a": 1}', "t", "2026-01-02 03:04:05+00", "9007199254740993", "1.10", "00000000-0000-0000-0000-000000000001", null];
    const { plan } = value(await database.explain(text, { values }));
    for (const shown of ["\\\\x00ff", "{1,2}", "9007199254740993", "1.10"]) assert.ok(plan.includes(shown), `${shown} in ${plan}`);
  });

  it("runs a statement for EXPLAIN ANALYZE, and nothing stays of it", async () => {
    const { plan } = value(await database.explain("INSERT INTO customers (email) VALUES ('a')", { analyze: true }));
    assert.match(plan, /"Actual Rows"/);
    assert.deepEqual(value(await database.query("SELECT count(*)::int AS n FROM customers")), [{ n: 0 }]);
  });

  it("plans parallel scans, as a server does", async () => {
    await database.replay(["CREATE TABLE big AS SELECT g, repeat('x', 20) AS t FROM generate_series(1, 300000) g", "ANALYZE big"]);
    assert.match(value(await database.explain("SELECT count(*) FROM big WHERE lower(upper(t)) LIKE 'y%'")).plan, /"Gather"/);
  });

  it("replays up to the first error, or beyond it", async () => {
    const texts = ["CREATE TABLE a ()", "CREATE TABLE a ()", "CREATE TABLE b ()"];
    assert.deepEqual(value(await database.replay(texts)).map(({ kind }) => kind), ["done", "refused", "notTried"]);
    await database.reset();
    assert.deepEqual(value(await database.replay(texts, { goesOn: true })).map(({ kind }) => kind), ["done", "refused", "done"]);
  });

  it("does not let a transaction that was left open swallow what follows", async () => {
    await database.replay(["BEGIN", "CREATE TABLE a ()", "SELECT 1 / 0"]);
    await database.replay(["CREATE TABLE b ()"]);
    assert.equal(value(await database.describe("SELECT * FROM b")).columns?.length, 0);
    assert.equal(refusal(await database.describe("SELECT * FROM a")).sqlState, "42P01");
  });

  it("goes back to its base", async () => {
    await database.replay(["DROP TABLE orders"]);
    refusal(await database.describe("SELECT * FROM orders"));
    await database.reset();
    assert.equal(value(await database.describe("SELECT * FROM orders")).columns?.length, 3);
  });

  it("forks into a database that shares nothing with it", async () => {
    await database.replay(["CREATE TABLE a ()"]);
    const fork = database.fork();
    opened.push(fork);
    value(await fork.describe("SELECT * FROM a"));
    await fork.replay(["DROP TABLE orders"]);
    value(await database.describe("SELECT * FROM orders"));
  });

  it("asks several questions with nobody's in between", async () => {
    const order: string[] = [];
    await Promise.all([
      database.alone(async (query) => {
        await query("BEGIN");
        await query("CREATE TABLE inside ()");
        order.push("first");
        await query("ROLLBACK");
      }),
      database.describe("SELECT * FROM inside").then((result) => order.push(result.ok ? "saw it" : "did not see it")),
    ]);
    assert.deepEqual(order, ["first", "did not see it"]);
  });

  it("kills a query at its deadline, and answers the next from a new process", async () => {
    await database.replay(["CREATE TABLE kept ()"]);
    const started = performance.now();
    const result = await database.explain("SELECT count(*) FROM generate_series(1, 10000000000)", { analyze: true, deadline: 300 });
    assert.deepEqual(result, { ok: false, why: { kind: "deadline", milliseconds: 300 } });
    assert.ok(performance.now() - started < 5_000);
    value(await database.describe("SELECT * FROM kept"));
  });

  it("is called off at once, and answers the next from a new process", async () => {
    const controller = new AbortController();
    value(await database.build());
    const result = database.explain("SELECT count(*) FROM generate_series(1, 10000000000)", { analyze: true, signal: controller.signal });
    await delay(100);
    controller.abort();
    assert.deepEqual(await result, { ok: false, why: { kind: "canceled" } });
    assert.deepEqual(await database.describe("SELECT 1", { signal: controller.signal }), { ok: false, why: { kind: "canceled" } });
    value(await database.describe("SELECT * FROM orders"));
  });

  it("ends its process when idle, and starts it again with everything", async () => {
    const one = open(shop, { idle: 50 });
    await one.replay(["CREATE TABLE kept ()"]);
    assert.equal(one.isUp, true);
    for (let i = 0; i < 1_000 && one.isUp; i++) await delay(20);
    assert.equal(one.isUp, false);
    value(await one.describe("SELECT * FROM kept, orders"));
  });

  it("answers nothing after it was closed", async () => {
    const one = open();
    await one.close();
    assert.deepEqual(await one.describe("SELECT 1"), { ok: false, why: { kind: "canceled" } });
    assert.equal(one.isUp, false);
  });

  it("creates the extensions it has, and names those it lacks", async () => {
    const one = open(['CREATE EXTENSION IF NOT EXISTS "uuid-ossp"', "CREATE EXTENSION postgis", "CREATE TABLE t (id uuid DEFAULT uuid_generate_v4())"]);
    const outcomes = value(await one.build());
    assert.deepEqual(outcomes, [{ kind: "done" }, { kind: "lacksExtension", extension: "postgis" }, { kind: "done" }]);
    assert.deepEqual(one.lacking, ["postgis"]);
    assert.deepEqual(value(await one.replay(["-- search\nCREATE EXTENSION pg_trgm", "CREATE TABLE u (a text)", "CREATE INDEX ON u USING gin (a gin_trgm_ops)"])).map(({ kind }) => kind), ["done", "done", "done"]);
    value(await one.describe("SELECT id FROM t"));
  });

  it("has the extensions that PGlite packs by themselves", async () => {
    const one = open([
      "CREATE EXTENSION vector",
      "CREATE TABLE notes (id int PRIMARY KEY, meaning vector(3))",
      "CREATE INDEX ON notes USING hnsw (meaning vector_cosine_ops)",
      "INSERT INTO notes VALUES (1, '[1,0,0]'), (2, '[0,1,0]')",
      "CREATE EXTENSION pg_uuidv7",
      "CREATE EXTENSION pgmq",
      "SELECT pgmq.create('mails')",
    ]);
    assert.deepEqual(value(await one.build()).map(({ kind }) => kind), Array.from({ length: 7 }, () => "done"));
    assert.deepEqual(value(await one.query("SELECT id, uuid_generate_v7() IS NOT NULL AS has, pgmq.send('mails', '{}') AS sent FROM notes ORDER BY meaning <=> '[0,1,0]' LIMIT 1")), [{ id: 2, has: true, sent: 1 }]);
  });

  it("does not outlive the process that started it, even in a query without end", async () => {
    const script = `
      const { ScratchDatabase } = await import(${JSON.stringify(new URL("../../server/src/scratch/scratchDatabase.ts", import.meta.url).href)});
      const database = new ScratchDatabase({ worker: new URL(${JSON.stringify(options.worker.href)}), assets: new URL(${JSON.stringify(options.assets.href)}) });
      await database.build();
      console.log(database.pid);
      await database.query("SELECT count(*) FROM generate_series(1, 1000000000000)", [], { deadline: 60_000 });`;
    const parent = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const pid = await new Promise<number>((resolve) => parent.stdout.once("data", (data: Buffer) => resolve(Number(data.toString()))));
    await delay(500);
    parent.kill("SIGKILL");
    for (const end = Date.now() + 15_000; isAlive(pid) && Date.now() < end; ) await delay(100);
    assert.equal(isAlive(pid), false);
  });

  it("survives what nobody should send", async () => {
    for (const text of ["", ";", "\0", "SELECT 'a", "/*", "SELECT \ud800", `SELECT ${"(".repeat(50_000)}`, "\\d", "COPY orders TO PROGRAM 'touch /tmp/never'", "ROLLBACK", "SELECT pg_terminate_backend(pg_backend_pid())"]) {
      await database.describe(text, { deadline: 3_000 });
      await database.explain(text, { deadline: 3_000 });
      await database.explain(text, { deadline: 3_000, analyze: true });
    }
    value(await database.describe("SELECT * FROM orders"));
  });
});

describe("the key of a list of statements", () => {
  it("tells apart lists that read the same when joined", () => {
    assert.notEqual(contentKey(["a", "b"]), contentKey(["ab"]));
    assert.equal(contentKey(["a", "b"]), contentKey(["a", "b"]));
  });
});

function value<T>(result: ScratchResult<T>): T {
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

function refusal<T>(result: ScratchResult<T>): { sqlState: string; message: string; at: number | undefined } {
  assert.ok(!result.ok && result.why.kind === "refused", JSON.stringify(result));
  return result.why.failure;
}
