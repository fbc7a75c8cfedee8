import assert from "node:assert/strict";
import { loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";
import type { StaticBlock } from "../../../server/src/sql/blocks/staticBlock.ts";
import { staticStatements } from "../../../server/src/sql/staticBlocks.ts";

describe("DO blocks", () => {
  before(loadSqlParser);

  it("run their own statements", () => {
    assert.deepEqual(shown("BEGIN CREATE TABLE a (b text DEFAULT ';'); DROP TABLE c; END"), [
      "none: CREATE TABLE a (b text DEFAULT ';')",
      "none: DROP TABLE c",
    ]);
  });

  it("guard against what exists by a handler, under whatever name it goes", () => {
    for (const condition of ["duplicate_object", "others", "SQLSTATE '42710'", "undefined_table OR duplicate_column"]) {
      assert.deepEqual(shown(`BEGIN CREATE TYPE m AS ENUM ('a'); EXCEPTION WHEN ${condition} THEN NULL; END`), [
        "ifMissing: CREATE TYPE m AS ENUM ('a')",
      ]);
    }
  });

  it("do not guard when the handler raises the error again, or is for another one", () => {
    assert.deepEqual(shown("BEGIN DROP TABLE a; EXCEPTION WHEN duplicate_object THEN RAISE; END"), ["none: DROP TABLE a"]);
    assert.deepEqual(shown("BEGIN DROP TABLE a; EXCEPTION WHEN SQLSTATE '2BP01' THEN RAISE NOTICE 'x'; END"), ["none: DROP TABLE a"]);
  });

  it("take it that no handler runs", () => {
    assert.deepEqual(shown("BEGIN BEGIN CREATE TABLE a (); EXCEPTION WHEN others THEN CREATE TABLE b (); END; DROP TABLE c; END"), [
      "ifMissing: CREATE TABLE a ()",
      "none: DROP TABLE c",
    ]);
  });

  const tests: Readonly<Record<string, string>> = {
    "NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'Mood')": "no type Mood",
    "NOT EXISTS (SELECT FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typname = 'm' AND n.nspname = 'app')":
      "no type app|m",
    "EXISTS (SELECT * FROM information_schema.columns WHERE table_schema = 'auth' AND table_name = 'Users' AND column_name = 'x')":
      "column auth|Users.x",
    "NOT (EXISTS (SELECT 1 FROM pg_constraint WHERE conname = 'k' AND conrelid = 'app.\"T\"'::regclass AND contype = 'f'))":
      "no constraint app|T.k",
    "NOT EXISTS (SELECT 1 FROM information_schema.constraint_column_usage WHERE table_name = 't' AND constraint_name = 'k')":
      "no constraint k",
    "to_regclass('app.Things') IS NULL": "no relation app|things",
    "to_regtype('mood') IS NOT NULL": "type mood",
    "EXISTS (SELECT 1 FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid WHERE t.typname = 'm' AND e.enumlabel = 'a')": "enumValue m.a",
    "EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'a') AND NOT EXISTS (SELECT FROM pg_indexes WHERE indexname = 'i')":
      "table a, no index i",
  };
  for (const [condition, expected] of Object.entries(tests)) {
    it(`ask the catalog for ${expected}`, () => {
      const [statement] = block(`BEGIN IF ${condition} THEN DROP TABLE a; END IF; END`).statements;
      const text = statement?.tests.map(({ kind, schema, owner, name, exists }) => {
        const place = [schema === undefined ? "" : `${schema}|`, owner === undefined ? "" : `${owner}.`].join("");
        return `${exists ? "" : "no "}${kind} ${place}${name}`;
      });
      assert.equal(text?.join(", "), expected);
      assert.equal(statement?.guard, statement?.tests.every((test) => !test.exists) === true ? "ifMissing" : "conditional");
    });
  }

  it("are conditional where the text does not decide", () => {
    const body = `BEGIN
      IF NOT EXISTS (SELECT 1 FROM people WHERE age > 5) THEN CREATE TABLE a (); END IF;
      IF version() LIKE '%15%' THEN CREATE TABLE b (); ELSIF true THEN CREATE TABLE c (); ELSE CREATE TABLE d (); END IF;
      CASE WHEN true THEN CREATE TABLE e (); ELSE CREATE TABLE f (); END CASE;
    END`;
    const letters = ["ifMissing: CREATE TABLE a ()", ..."bcdef"].map((one) =>
      one.length > 1 ? one : `conditional: CREATE TABLE ${one} ()`,
    );
    assert.deepEqual(shown(body), letters);
  });

  it("are conditional after an early return, on the opposite", () => {
    const { statements } = block("BEGIN IF to_regclass('a') IS NOT NULL THEN RETURN; END IF; CREATE TABLE a (); END");
    assert.deepEqual(
      statements.map(({ guard, tests: asked }) => [guard, asked.map(({ name, exists }) => [name, exists])]),
      [["ifMissing", [["a", false]]]],
    );
  });

  it("run the strings they execute, each statement of them", () => {
    assert.deepEqual(shown("BEGIN EXECUTE 'CREATE TABLE a (); DROP TABLE b'; EXECUTE $q$ CREATE TYPE m AS ENUM ('a') $q$; END"), [
      "none: CREATE TABLE a ()",
      "none: DROP TABLE b",
      "none: CREATE TYPE m AS ENUM ('a')",
    ]);
  });

  it("compute what the text tells", () => {
    const body = `DECLARE name text := 'my table'; n text;
    BEGIN
      EXECUTE format('CREATE TABLE %I (a text DEFAULT %L)', name, 'x''y');
      n := 'app.' || quote_ident('T');
      EXECUTE 'DROP TABLE ' || n;
      FOREACH n IN ARRAY ARRAY['a', 'b'] LOOP EXECUTE format('ALTER TABLE %1$I ENABLE ROW LEVEL SECURITY', n); END LOOP;
    END`;
    assert.deepEqual(shown(body), [
      `none: CREATE TABLE "my table" (a text DEFAULT 'x''y')`,
      `none: DROP TABLE app."T"`,
      "none: ALTER TABLE a ENABLE ROW LEVEL SECURITY",
      "none: ALTER TABLE b ENABLE ROW LEVEL SECURITY",
    ]);
  });

  it("do not take a variable for what it may no longer be", () => {
    const body =
      "DECLARE n text := 'a'; BEGIN IF true THEN n := 'b'; END IF; EXECUTE 'DROP TABLE ' || n; SELECT 'c' INTO n; EXECUTE 'DROP VIEW ' || n; END";
    assert.deepEqual(shown(body), [
      "unread EXECUTE of a computed string: 'DROP TABLE ' || n",
      "unread EXECUTE of a computed string: 'DROP VIEW ' || n",
    ]);
  });

  it("tell what was not read, and where", () => {
    const body = `DECLARE r record;
    BEGIN
      FOR r IN SELECT tablename FROM pg_tables LOOP
        EXECUTE format('DROP TABLE %I', r.tablename);
      END LOOP;
      EXECUTE 'CREATE TABL a';
    END`;
    assert.deepEqual(shown(body), ["unread loop: FOR r IN SELECT tablename FROM pg_tables LOOP", "unread EXECUTE: CREATE TABL a"]);
    assert.deepEqual(shown("BEGIN CREATE TABL a; END", "unread"), ["unread DO block: BEGIN CREATE TABL a; END"]);
    assert.deepEqual(
      staticOf("DO LANGUAGE plpython3u $$ pass $$").unread.map(({ reason }) => reason),
      ["it is written in plpython3u"],
    );
  });

  it("are read to the end when they only change rows", () => {
    const body = `DECLARE n int; r record;
    BEGIN
      UPDATE t SET a = 1; PERFORM f(); SELECT 1 INTO n; RAISE NOTICE 'x'; ASSERT n = 1; CALL p();
      LOOP DELETE FROM t; EXIT; END LOOP;
      FOR r IN SELECT 1 LOOP EXECUTE format('UPDATE %I SET a = 1', r.x); INSERT INTO t VALUES (1); END LOOP;
    END`;
    assert.deepEqual(shown(body), []);
  });

  it("give the place of every statement, behind characters of any width", () => {
    const text = "DO $ä$ BEGIN /* 😀 CREATE TABLE a () */\n  RAISE NOTICE 'ö'; CREATE TABLE a (); EXECUTE 'DROP TABLE b'; END $ä$";
    const bytes = Buffer.from(text);
    for (const { text: inner, byteOffset, isVerbatim } of staticOf(text).statements) {
      assert.ok(isVerbatim);
      assert.equal(bytes.subarray(byteOffset, byteOffset + Buffer.byteLength(inner)).toString(), inner);
    }
    assert.deepEqual(
      staticOf(text).statements.map((one) => one.byteOffset),
      [bytes.lastIndexOf("CREATE TABLE a"), bytes.indexOf("DROP TABLE b")],
    );
  });

  it("are read from a body in single quotes", () => {
    assert.deepEqual(
      staticOf("DO 'BEGIN CREATE TABLE a (b text DEFAULT ''x''); END'").statements.map(({ text }) => text),
      ["CREATE TABLE a (b text DEFAULT 'x')"],
    );
  });

  it("survive every prefix of their body", () => {
    const body =
      "DECLARE n text := 'a'; BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'm') THEN CREATE TYPE m AS ENUM ('a'); END IF; EXECUTE 'DROP TABLE ' || n; END";
    for (let length = 0; length <= body.length; length++) block(body.slice(0, length));
  });
});

function staticOf(text: string): StaticBlock {
  const tree = parseSql("t.sql", text).statements[0]?.tree;
  assert.ok(tree !== undefined);
  return staticStatements(tree, text);
}

function block(body: string): StaticBlock {
  return staticOf(`DO $x$ ${body} $x$`);
}

/** `guard: statement`, then `unread what: text`. */
function shown(body: string, only: "all" | "unread" = "all"): string[] {
  const text = `DO $x$ ${body} $x$`;
  const { statements, unread } = staticOf(text);
  const parts = unread.map(({ what, span }) => `unread ${what}: ${text.slice(span.start, span.end).trim()}`);
  return only === "unread" ? parts : [...statements.map((one) => `${one.guard}: ${one.text}`), ...parts];
}
