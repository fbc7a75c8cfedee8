import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { type FromSqlOptions, foldSql, fromSql } from "../../../server/src/model/fromSql.ts";
import { formatType } from "../../../server/src/model/pgTypes.ts";
import { doubtAbout } from "../../../server/src/model/queries.ts";
import { Places } from "../../../server/src/model/places.ts";
import type { Column, Element, ForeignKey, Schema, Table, TextOrigin } from "../../../server/src/model/schema.ts";
import { loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";
import type { Span } from "../../../server/src/text/span.ts";
import { inconsistencies } from "../../support/inconsistencies.ts";

const uri = "file:///migration.sql";

describe("fromSql", () => {
  before(() => loadSqlParser());

  describe("tables and columns", () => {
    it("reads types as PostgreSQL keeps them", () => {
      const { columns } = table(read('CREATE TABLE t (a int, b varchar(20)[], c numeric(10), d timestamptz(3), e "char", f serial)'), "t");
      assert.deepEqual(
        [...columns.values()].map((each) => formatType(each.type)),
        ["integer", "character varying(20)[]", "numeric(10,0)", "timestamp(3) with time zone", '"char"', "integer"],
      );
    });

    it("gives serial columns a sequence, a default and NOT NULL", () => {
      const schema = read("CREATE TABLE t (id bigserial)");
      assert.equal(column(schema, "t", "id").default?.text, "nextval('t_id_seq'::regclass)");
      assert.equal(column(schema, "t", "id").notNull, true);
      assert.equal(schema.sequences.get("public.t_id_seq")?.ownedBy, "public.t.id");
    });

    it("keeps the type of an unknown name unknown", () => {
      const { type } = column(read("CREATE TABLE t (a mystery(3)[])"), "t", "a");
      assert.deepEqual(type, { schema: undefined, name: "mystery", modifiers: [3], isArray: true, kind: "unknown" });
    });

    it("resolves types of extensions where the extension put them", () => {
      const schema = read("CREATE SCHEMA ext; CREATE EXTENSION citext SCHEMA ext; CREATE TABLE t (a ext.citext, b citext)");
      assert.equal(column(schema, "t", "a").type.schema, "ext");
      assert.equal(column(schema, "t", "b").type.kind, "unknown");
    });

    it("carries drops before additions in one ALTER TABLE, whatever the order of the text", () => {
      const schema = read("CREATE TABLE t (a int); ALTER TABLE t ADD COLUMN a text NOT NULL, DROP COLUMN a");
      assert.equal(formatType(column(schema, "t", "a").type), "text");
    });

    it("marks a table incomplete when only changes to it were seen", () => {
      const schema = read("ALTER TABLE t ADD COLUMN a int; CREATE INDEX ON t (b)");
      assert.equal(table(schema, "t").complete, false);
      assert.deepEqual([...table(schema, "t").columns.keys()], ["a"]);
      assert.deepEqual(
        table(schema, "t").indexes.map((index) => index.keys.map((key) => key.column)),
        [["b"]],
      );
    });

    it("completes a table that is changed before it is created", () => {
      const schema = read("ALTER TABLE t ADD CONSTRAINT k CHECK (b > 0); CREATE INDEX i ON t (b); CREATE TABLE t (a int, b int)");
      assert.deepEqual([table(schema, "t").complete, [...table(schema, "t").columns.keys()]], [true, ["a", "b"]]);
      assert.equal(table(schema, "t").indexes[0]?.keys[0]?.column, "b");
    });

    it("derives the columns of CREATE TABLE AS where the text tells", () => {
      const schema = read(
        "CREATE TABLE a (id int, name varchar(5)); CREATE TABLE b AS SELECT id, name AS label, some_function(id) AS x FROM a; CREATE TABLE c AS SELECT * FROM elsewhere",
      );
      assert.deepEqual(
        [...table(schema, "b").columns.values()].map((each) => [each.name, each.type.name, each.type.kind]),
        [
          ["id", "int4", "base"],
          ["label", "varchar", "base"],
          ["x", "unknown", "unknown"],
        ],
      );
      assert.equal(table(schema, "c").complete, false);
    });
  });

  describe("names", () => {
    it("numbers generated names that are taken and cuts them to 63 bytes", () => {
      const long = "a_column_whose_name_is_long_enough";
      const schema = read(
        `CREATE TABLE a_table_whose_name_is_rather_long_too (${long} int UNIQUE REFERENCES a_table_whose_name_is_rather_long_too (${long})); CREATE TABLE t (a int UNIQUE, UNIQUE (a) INCLUDE (a)); CREATE INDEX ON t (a); CREATE INDEX ON t (a)`,
      );
      const longTable = table(schema, "a_table_whose_name_is_rather_long_too");
      assert.deepEqual(
        longTable.uniqueConstraints.map((key) => key.name),
        ["a_table_whose_name_is_rather__a_column_whose_name_is_long_e_key"],
      );
      assert.deepEqual(
        longTable.foreignKeys.map((key) => key.name),
        ["a_table_whose_name_is_rather__a_column_whose_name_is_long__fkey"],
      );
      assert.deepEqual(
        table(schema, "t").indexes.map((index) => index.name),
        ["t_a_key", "t_a_a1_key", "t_a_idx", "t_a_idx1"],
      );
    });

    it("lets indexes keep their names when their table is renamed, and constraints follow their index", () => {
      const { indexes, primaryKey } = table(
        read("CREATE TABLE a (id int PRIMARY KEY); CREATE INDEX ON a (id); ALTER TABLE a RENAME TO b; ALTER INDEX a_pkey RENAME TO b_pkey"),
        "b",
      );
      assert.deepEqual(
        indexes.map((index) => index.name),
        ["b_pkey", "a_id_idx"],
      );
      assert.equal(primaryKey?.name, "b_pkey");
    });

    it("rewrites expressions when what they name is renamed", () => {
      const schema = read(`
        CREATE TYPE mood AS ENUM ('ok', 'sad');
        CREATE TABLE t (a int CHECK (a > 0), m mood DEFAULT 'ok', n int DEFAULT f());
        ALTER TABLE t RENAME COLUMN a TO "B";
        ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'`);
      assert.equal(table(schema, "t").checks[0]?.expression.text, '"B" > 0');
      assert.deepEqual(table(schema, "t").checks[0]?.expression.columns, ["B"]);
      assert.equal(column(schema, "t", "m").default?.text, "'fine'");
    });

    it("looks unqualified names up along the search path", () => {
      const schema = read(
        "CREATE SCHEMA app; SET search_path = app, public; CREATE TABLE t (id int PRIMARY KEY); CREATE TABLE u (id int REFERENCES t)",
      );
      assert.deepEqual([...schema.tables.keys()], ["app.t", "app.u"]);
      assert.equal(foreignKey(schema, "app.u").references.key, "app.t");
    });

    it("forgets the search path at the end of a file, unless the file does nothing but set it", () => {
      const files = [
        "CREATE SCHEMA app; SET search_path = app; CREATE TABLE a (id int)",
        "CREATE TABLE b (id int)",
        "SET search_path = app",
        "CREATE TABLE c (id int)",
      ];
      assert.deepEqual([...readFiles(files).tables.keys()].sort(), ["app.a", "app.c", "public.b"]);
    });
  });

  describe("constraints and indexes", () => {
    it("resolves a foreign key without columns to the primary key", () => {
      const key = foreignKey(
        read(
          "CREATE TABLE a (x int, y int, PRIMARY KEY (y, x)); CREATE TABLE t (p int, q int, FOREIGN KEY (p, q) REFERENCES a ON DELETE SET NULL (q))",
        ),
        "public.t",
      );
      assert.deepEqual(key.references.columns, ["y", "x"]);
      assert.deepEqual(key.onDeleteSetColumns, ["q"]);
    });

    it("keeps a reference to what the history does not create", () => {
      const { schema, problems } = fold("CREATE TABLE t (id uuid REFERENCES auth.users (id) ON DELETE CASCADE)", {
        externalSchemas: ["auth"],
      });
      assert.equal(foreignKey(schema, "public.t").references.key, "auth.users");
      assert.equal(schema.tables.has("auth.users"), false);
      assert.deepEqual(problems, []);
    });

    it("leaves default operator classes and collations out", () => {
      const [index] = table(
        read(
          'CREATE TABLE t (a text, b jsonb, c text COLLATE "C"); CREATE INDEX ON t (a text_ops DESC, a text_pattern_ops, c COLLATE "C")',
        ),
        "t",
      ).indexes;
      assert.deepEqual(
        index?.keys.map((key) => [key.operatorClass, key.collation, key.direction, key.nulls]),
        [
          [undefined, undefined, "desc", "first"],
          ["text_pattern_ops", undefined, "asc", "last"],
          [undefined, undefined, "asc", "last"],
        ],
      );
    });

    it("turns an index into a constraint under the constraint's name", () => {
      const t = table(
        read("CREATE TABLE t (a int); CREATE UNIQUE INDEX i ON t (a); ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY USING INDEX i"),
        "t",
      );
      assert.deepEqual(
        t.indexes.map((index) => [index.name, index.primary, index.constraint]),
        [["k", true, "k"]],
      );
      assert.equal(t.columns.get("a")?.notNull, true);
    });

    it("reads NOT NULL constraints that have a name, as PostgreSQL 18 has them", () => {
      const schema = read(
        "CREATE TABLE t (a int CONSTRAINT n NOT NULL, b int NOT NULL, c int, CONSTRAINT m NOT NULL c, d int); ALTER TABLE t DROP CONSTRAINT n, DROP CONSTRAINT t_b_not_null, ADD CONSTRAINT o NOT NULL d",
      );
      assert.deepEqual(
        [...table(schema, "t").columns.values()].map((each) => each.notNull),
        [false, false, true, true],
      );
    });

    it("drops the indexes, constraints and sequences of a dropped column", () => {
      const schema = read(
        "CREATE TABLE t (a serial, b int, UNIQUE (a, b), CHECK (a > b)); CREATE INDEX ON t (b) WHERE a > 0; ALTER TABLE t DROP COLUMN a",
      );
      assert.deepEqual([table(schema, "t").indexes, table(schema, "t").checks, table(schema, "t").uniqueConstraints], [[], [], []]);
      assert.equal(schema.sequences.size, 0);
    });

    it("gives partitions their parent's keys, and says that nobody wrote them", () => {
      const schema = read(
        "CREATE TABLE p (id int PRIMARY KEY) PARTITION BY RANGE (id); CREATE TABLE c PARTITION OF p FOR VALUES FROM (1) TO (2)",
      );
      assert.deepEqual(table(schema, "c").primaryKey?.origins, [{ kind: "implied", by: "public.p_pkey" }]);
      assert.deepEqual(table(schema, "c").partitionOf, { parent: "public.p", bound: "FOR VALUES FROM (1) TO (2)" });
    });
  });

  describe("what does not count", () => {
    it("leaves out what is rolled back, undone or temporary", () => {
      const schema = read(`
        BEGIN; CREATE TABLE a (id int); SAVEPOINT s; CREATE TABLE b (id int); ROLLBACK TO s; COMMIT;
        BEGIN; CREATE TABLE c (id int); ROLLBACK;
        CREATE TEMP TABLE d (id int);
        SAVEPOINT outside; START TRANSACTION; ROLLBACK TO outside; ROLLBACK;
        -- +goose Down
        DROP TABLE a;`);
      assert.deepEqual([...schema.tables.keys()], ["public.a"]);
    });

    it("says what was not read, and that the layer is incomplete", () => {
      const text =
        "\\i other.sql\nCREATE TABEL t (id int);\nCREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE TABLE x ()'; END $$;\nSELECT f();\nSELECT now();";
      const [source] = read(text).sources;
      assert.equal(source?.complete, false);
      assert.deepEqual(
        source?.unread.map(({ what, span }) => [what, slice(text, span)]),
        [
          ["\\i other.sql", "\\i other.sql"],
          ["statement", "CREATE TABEL t (id int)"],
          ["call of f", "SELECT f()"],
        ],
      );
    });

    it("says which names a statement that is not understood can be about", () => {
      const schema = read(`CREATE TABLE "Deal" (id int); CREATE TABLE note (id int); CREATE TABLE other (id int);
ALTER TABEL "Deal" ADD x int;
DO $$ BEGIN IF (SELECT count(*) FROM other) = 0 THEN DROP TABLE note; END IF; END $$;
CREATE INDX ON Deal (id);`);
      assert.deepEqual(
        [...schema.tables.values()].map((one) => [one.name, doubtAbout(schema, one)]),
        [
          ["Deal", "statement was not read: It does not parse."],
          ["note", "statement under a condition was not read: Whether the condition holds is known only when it runs."],
          ["other", undefined],
        ],
      );
    });

    it("folds the static statements of a DO block under their conditions", () => {
      const schema = read(`CREATE TABLE t (a int);
        DO $$ BEGIN
          IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = 'a') THEN ALTER TABLE t DROP COLUMN a; END IF;
          IF EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = 'a') THEN ALTER TABLE t RENAME COLUMN a TO b; END IF;
        END $$;`);
      assert.deepEqual([...table(schema, "t").columns.keys()], ["b"]);
      assert.equal(schema.sources[0]?.complete, true);
    });

    it("does not guess whether a drop under an unknown condition runs", () => {
      const schema = read("CREATE TABLE t (a int); DO $$ BEGIN IF (SELECT count(*) FROM t) = 0 THEN DROP TABLE t; END IF; END $$;");
      assert.equal(schema.tables.has("public.t"), true);
      assert.equal(schema.sources[0]?.complete, false);
    });
  });

  describe("origins", () => {
    const text = `CREATE TABLE "Order" (
  id int PRIMARY KEY,
  customer_id int NOT NULL DEFAULT 0 REFERENCES customer (id) ON DELETE SET NULL (customer_id) DEFERRABLE, -- ä
  "état" text COLLATE "C" DEFAULT 'ü',
  CONSTRAINT positive CHECK (id > 0),
  FOREIGN KEY (id) REFERENCES customer
);
CREATE UNIQUE INDEX "by état" ON "Order" ("état") WHERE id > 5;
ALTER TABLE "Order" ALTER COLUMN "état" SET DATA TYPE varchar(20) USING left("état", 20), ADD COLUMN more numeric(5, 2) NOT NULL;`;

    it("stand on the element and on its name, in UTF-16", () => {
      const schema = read(text);
      assert.deepEqual(marked(text, table(schema, "Order")), [text.slice(0, text.indexOf(";")), '"Order"']);
      assert.deepEqual(marked(text, column(schema, "Order", "id")), ["id int PRIMARY KEY", "id"]);
      assert.deepEqual(marked(text, table(schema, "Order").primaryKey), ["PRIMARY KEY", "id"]);
      assert.deepEqual(marked(text, table(schema, "Order").checks[0]), ["CONSTRAINT positive CHECK (id > 0)", "positive"]);
      assert.deepEqual(
        table(schema, "Order").foreignKeys.map((key) => marked(text, key)),
        [
          ["REFERENCES customer (id) ON DELETE SET NULL (customer_id) DEFERRABLE", "customer_id"],
          ["FOREIGN KEY (id) REFERENCES customer", "FOREIGN KEY"],
        ],
      );
      assert.deepEqual(marked(text, table(schema, "Order").indexes[1]), [
        'CREATE UNIQUE INDEX "by état" ON "Order" ("état") WHERE id > 5',
        '"by état"',
      ]);
      assert.deepEqual(marked(text, column(schema, "Order", "more")), ["more numeric(5, 2) NOT NULL", "more"]);
    });

    it("name the parts that a fix replaces", () => {
      const schema = read(text);
      assert.deepEqual(parts(text, column(schema, "Order", "customer_id")), { type: "int", notNull: "NOT NULL", default: "DEFAULT 0" });
      assert.deepEqual(parts(text, table(schema, "Order").foreignKeys[0]), { onDelete: "ON DELETE SET NULL (customer_id)" });
      assert.deepEqual(parts(text, table(schema, "Order")), { close: ")" });
      assert.equal(at(table(schema, "Order")).parts?.["close"]?.start, text.indexOf(");"));
      assert.deepEqual(parts(text, column(schema, "Order", "more")), { type: "numeric(5, 2)", notNull: "NOT NULL" });
    });

    it("hold a part only where it was stated last", () => {
      const { origins } = column(read(text), "Order", "état");
      const stated = origins.map((origin) =>
        origin.kind === "sql" ? Object.entries(places.origin(origin).parts ?? {}).map(([name, span]) => `${name}: ${slice(text, span)}`) : [],
      );
      assert.deepEqual(stated, [["default: DEFAULT 'ü'"], ["type: varchar(20)"]]);
    });

    it("move with their statement when another one is edited", () => {
      const before = parseSql(uri, text);
      fromSql([before]);
      const longer = `CREATE TABLE first (ö int);\n${text}`;
      const file = parseSql(uri, longer, before);
      const after = fromSql([file]);
      places = new Places([file]);
      assert.deepEqual(marked(longer, column(after, "Order", "id")), ["id int PRIMARY KEY", "id"]);
      assert.deepEqual(after, read(longer));
    });

    it("of a statement in a DO block stand in the block", () => {
      const block = "DO $$ BEGIN\n  CREATE TYPE \"é\" AS ENUM ('a');\n  EXECUTE format('CREATE TABLE %I (id int)', 't');\nEND $$;";
      const schema = read(block);
      assert.deepEqual(marked(block, schema.enums.get("public.é")), ["CREATE TYPE \"é\" AS ENUM ('a')", '"é"']);
      assert.equal(slice(block, at(table(schema, "t")).span).startsWith("DO $$"), true);
    });
  });

  describe("problems", () => {
    const cases: readonly (readonly [string, readonly string[]])[] = [
      ["CREATE TABLE t (id int); CREATE TABLE t (id int)", ['error sql-duplicate-table t: Relation "t" exists already.']],
      ["CREATE TABLE t (id int, id text)", ['error sql-duplicate-column id: Column "id" of "t" is defined twice.']],
      [
        "CREATE TABLE t (id int); ALTER TABLE t DROP COLUMN nope",
        ['error sql-undefined-column nope: Column "nope" of "t" does not exist.'],
      ],
      [
        "CREATE TABLE t (id int); ALTER TABLE t ALTER COLUMN nope SET NOT NULL",
        ['error sql-undefined-column nope: Column "nope" of "t" does not exist.'],
      ],
      ["CREATE TABLE t (id int); CREATE INDEX ON t (nope)", ['error sql-undefined-column t: Column "nope" of "t" does not exist.']],
      [
        "ALTER TABLE app.nowhere ADD COLUMN a int",
        ['warning sql-undefined-schema nowhere: Schema "app" is used here, and nothing before creates it.'],
      ],
      [
        "ALTER TABLE nowhere ADD COLUMN a int; ALTER TABLE nowhere ADD COLUMN b int",
        ['warning sql-undefined-table nowhere: Table "nowhere" does not exist: nothing before creates it.'],
      ],
      [
        "CREATE TABLE t (id int); DROP TABLE t; ALTER TABLE t ADD COLUMN a int",
        ['error sql-undefined-table t: Table "t" was dropped or renamed before.'],
      ],
      [
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int REFERENCES a); DROP TABLE a",
        [
          'error sql-dependent-objects DROP TABLE a: Cannot drop table "a": constraint "b_id_fkey" of "b" depends on it. CASCADE would drop that too.',
        ],
      ],
      [
        "CREATE TABLE a (x int); CREATE TABLE b (id int REFERENCES a (x))",
        ['error sql-invalid-definition id: No unique constraint of "a" covers (x).'],
      ],
      ["CREATE TABLE t (id int PRIMARY KEY, x int PRIMARY KEY)", ['error sql-invalid-definition x: "t" has a primary key already.']],
      ["CREATE TABLE t (a intt)", ['warning sql-undefined-type intt: Type "intt" does not exist: nothing before creates it.']],
      // Nobody knows what it brings along.
      ["CREATE SCHEMA q; CREATE EXTENSION pgmq SCHEMA q; CREATE TABLE t (a q.message, b int REFERENCES q.meta)", []],
      ["CREATE SCHEMA q; CREATE EXTENSION hstore SCHEMA q; CREATE TABLE t (a q.message)", ['warning sql-undefined-type q.message: Type "message" does not exist: nothing before creates it.']],
      ["CREATE TYPE e AS ENUM ('a'); ALTER TYPE e ADD VALUE 'a'", ["error sql-duplicate-object e: \"e\" has the value 'a' already."]],
      [
        "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t; ALTER TABLE t ALTER COLUMN a TYPE text",
        ['error sql-dependent-objects a: Cannot change the type of "a": view "v" uses it. Drop that before, and create it again behind.'],
      ],
      [
        "DROP TABLE IF EXISTS nowhere; ALTER TABLE IF EXISTS nowhere ADD COLUMN a int; CREATE TABLE IF NOT EXISTS t (a int); CREATE TABLE IF NOT EXISTS t (a int)",
        [],
      ],
    ];
    for (const [text, expected] of cases) {
      it(`are told for ${text}`, () => {
        const { problems } = fold(text);
        assert.deepEqual(
          problems.map(({ severity, code, span, message }) => `${severity} ${code} ${slice(text, span)}: ${message}`),
          expected,
        );
      });
    }

    it("leave the catalog as it was", () => {
      const schema = read(
        "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (id int REFERENCES a); DROP TABLE a; CREATE TABLE b (x text); ALTER TABLE a ALTER COLUMN id DROP NOT NULL",
      );
      assert.deepEqual([...schema.tables.keys()], ["public.a", "public.b"]);
      assert.equal(column(schema, "a", "id").notNull, true);
    });

    it("stand in the file that has them", () => {
      const files = ["CREATE TABLE t (id int)", "SELECT 1;\nCREATE TABLE t (id int)"].map((text, i) => parseSql(`file:///${i}.sql`, text));
      const { problems } = foldSql(files);
      assert.deepEqual(
        [...problems].map(([file, found]) => [file, found.length]),
        [
          ["file:///0.sql", 0],
          ["file:///1.sql", 1],
        ],
      );
    });
  });

  describe("any text", () => {
    const fixtures = new URL("../../fixtures/sql/", import.meta.url);
    const texts = readdirSync(fixtures)
      .filter((name) => name.endsWith(".sql"))
      .map((name) => readFileSync(new URL(name, fixtures), "utf8"));
    const statements = texts.map((text) => () => parseSql(uri, text).statements.map((statement) => statement.text));

    it("folds to the same schema every time", () => {
      for (const text of texts) {
        const file = parseSql(uri, text);
        assert.deepEqual(fromSql([file]), fromSql([file]));
      }
    });

    it("never throws and stays consistent when statements are missing, repeated or in another order", function () {
      this.timeout(60_000);
      const some = fc.nat(texts.length - 1).chain((i) => fc.shuffledSubarray([...(statements[i]?.() ?? [])], { minLength: 1 }));
      fc.assert(
        fc.property(some, fc.boolean(), (chosen, isTwice) => {
          const text = [...chosen, ...(isTwice ? chosen : [])].join(";\n");
          const schema = fromSql([parseSql(uri, text)]);
          // Of an incomplete table columns may be named that are not known.
          const complete = new Map([...schema.tables].filter(([, each]) => each.complete));
          assert.deepEqual(inconsistencies({ ...schema, tables: complete }), []);
        }),
        { numRuns: 100 },
      );
    });

    it("never throws while somebody types", () => {
      const text = texts.join("\n").slice(0, 4_000);
      for (let end = 0; end < text.length; end += 23) fromSql([parseSql(uri, text.slice(0, end))]);
    });
  });
});

/** Of what was read last. */
let places = new Places([]);

function read(text: string): Schema {
  const file = parseSql(uri, text);
  places = new Places([file]);
  return fromSql([file]);
}

function readFiles(texts: readonly string[]): Schema {
  return fromSql(texts.map((text, i) => parseSql(`file:///${i}.sql`, text)));
}

function fold(text: string, options?: FromSqlOptions) {
  const { schema, problems } = foldSql([parseSql(uri, text)], options);
  return { schema, problems: problems.get(uri) ?? [] };
}

/** By name, in `public` unless it says otherwise. */
function table(schema: Schema, name: string): Table {
  const found = schema.tables.get(name.includes(".") ? name : `public.${name}`);
  assert.ok(found, `there is no table ${name}`);
  return found;
}

function column(schema: Schema, tableName: string, name: string): Column {
  const found = table(schema, tableName).columns.get(name);
  assert.ok(found, `there is no column ${tableName}.${name}`);
  return found;
}

function foreignKey(schema: Schema, tableName: string): ForeignKey {
  const [key] = table(schema, tableName).foreignKeys;
  assert.ok(key, `${tableName} has no foreign key`);
  return key;
}

function at(element: Element | undefined): TextOrigin {
  const origin = element?.origins[0];
  assert.ok(origin?.kind === "sql", `${element?.name} stands in no text`);
  return places.origin(origin);
}

/** What the element's span and its name's span cover. */
function marked(text: string, element: Element | undefined): [string, string] {
  const { span, nameSpan } = at(element);
  return [slice(text, span), slice(text, nameSpan)];
}

function parts(text: string, element: Element | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(at(element).parts ?? {}).map(([name, span]) => [name, slice(text, span)]));
}

function slice(text: string, span: Span): string {
  return text.slice(span.start, span.end);
}
