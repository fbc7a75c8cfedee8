import assert from "node:assert/strict";
import fc from "fast-check";
import { largestFile, loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";
import { referencesOf } from "../../../server/src/sql/references.ts";
import type { SqlFile } from "../../../server/src/sql/syntax.ts";

const fixture = `-- The people we know.
CREATE TABLE people (
  id uuid PRIMARY KEY,
  "näme 😀" text NOT NULL DEFAULT 'a;b''c',
  CHECK (id IS NOT NULL)
);

CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
  NEW.x := $$;$$;

  SELECT 1;
END $body$;

INSERT INTO people VALUES (1, E'\\'');

SELECT /* ; */ * FROM people WHERE "näme 😀" = 'x';
`;

describe("Parsing SQL files", () => {
  before(loadSqlParser);

  it("gives each statement its own tree, text and span", () => {
    const file = parseSql("a.sql", fixture);
    assert.deepEqual(kinds(file), ["CreateStmt", "CreateFunctionStmt", "InsertStmt", "SelectStmt"]);
    assert.deepEqual(file.problems, []);
    for (const { span, text } of file.statements) assert.equal(fixture.slice(span.start, span.end), text);
    assert.equal(file.statements[0]?.leadingComment, "The people we know.");
    assert.equal(file.statements[1]?.leadingComment, undefined);
  });

  it("finds tree positions in the file, behind characters of any width", () => {
    const [statement] = parseSql("a.sql", "\ufeff  SELECT 'ä€😀' AS \"😀ö\", column_x").statements;
    assert.ok(statement?.tree !== undefined && "SelectStmt" in statement.tree);
    const [, second] = statement.tree.SelectStmt.targetList ?? [];
    assert.ok(second !== undefined && "ResTarget" in second);
    assert.equal("\ufeff  SELECT 'ä€😀' AS \"😀ö\", column_x".slice(statement.offset(second.ResTarget.location ?? -1)), "column_x");
  });

  it("maps every byte of a statement to the character it is part of", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 30 }), fc.nat(50), (content, before) => {
        const literal = `'${content.replaceAll("'", "").replaceAll("\0", "")}'`;
        const text = `${" ".repeat(before)}SELECT ${literal}`;
        const [statement] = parseSql("a.sql", text).statements;
        assert.ok(statement !== undefined);
        let utf16 = statement.span.start;
        let byte = 0;
        for (const character of statement.text) {
          for (let i = 0; i < Buffer.byteLength(character); i++) assert.equal(statement.offset(byte + i), utf16);
          byte += Buffer.byteLength(character);
          utf16 += character.length;
        }
        assert.equal(statement.offset(byte), statement.span.end);
        assert.equal(statement.offset(byte + 5), statement.span.end);
        assert.equal(statement.offset(-1), statement.span.start);
      }),
      { numRuns: 300 },
    );
  });

  describe("in a half-typed file", () => {
    it("puts PostgreSQL's message where PostgreSQL means it", () => {
      const text = "SELECT 1;\nSELECT 'äöü😀' AS a, FROM t";
      const [problem] = parseSql("a.sql", text).problems;
      assert.equal(problem?.message, 'syntax error at or near "FROM"');
      assert.equal(problem.code, "sql-syntax");
      assert.equal(text.slice(problem.span.start, problem.span.end), "FROM");
    });

    const broken: Readonly<Record<string, readonly [text: string, problems: readonly string[], kinds: readonly (string | undefined)[]]>> = {
      "keeps what follows an unclosed string": [
        "SELECT 'open\n\nSELECT 'x';\n\nSELECT 2;",
        ["'open"],
        [undefined, "SelectStmt", "SelectStmt"],
      ],
      "keeps what follows an unclosed name": ['SELECT "open FROM t\n\nSELECT 2', ['"open FROM t'], [undefined, "SelectStmt"]],
      "keeps what follows an unclosed comment": ["SELECT 1 /* open\n\nSELECT 2", ["/* open"], [undefined, "SelectStmt"]],
      "keeps what follows a comment that opens a statement": ["/* open\n\nSELECT 2", ["/* open"], [undefined, "SelectStmt"]],
      "keeps what follows an unclosed dollar quote": [
        "CREATE FUNCTION f() RETURNS int AS $$\nSELECT 1\n\nCREATE FUNCTION g() RETURNS int LANGUAGE sql AS $$\nSELECT 2;\n\nSELECT 3;\n$$;\n\nSELECT 4;",
        ["$$"],
        [undefined, "CreateFunctionStmt", "SelectStmt"],
      ],
      "keeps what follows an unclosed parenthesis": [
        "CREATE TABLE a (\n  id int,\n\nCREATE TABLE b (id int);",
        [""],
        [undefined, "CreateStmt"],
      ],
      "keeps what follows an unclosed parenthesis up to its semicolon": [
        "CREATE TABLE a (id int;\nCREATE TABLE b (id int);",
        [""],
        [undefined, "CreateStmt"],
      ],
      "keeps both sides of a missing semicolon": ["SELECT 1\n\nCREATE TABLE b (id int);", ["1"], ["SelectStmt", "CreateStmt"]],
      "keeps the statements around several that are broken": [
        "SELECT 1;\n\nUPDATE t SET x = (SELECT 1\n\nINSERT INTO t VALUES (1);\n\nDELETE FRO t;\n\n-- why\nSELECT 'a\n\nDROP TABLE t",
        ["", "FRO", "'a"],
        ["SelectStmt", undefined, "InsertStmt", undefined, undefined, "DropStmt"],
      ],
      "does not cut a broken statement inside of a string it closes": [
        "SELECT FROM WHERE 'a\n\nSELECT b';\nSELECT 2",
        [""],
        [undefined, "SelectStmt"],
      ],
      "works with CRLF": ["SELECT 'open\r\n\r\nSELECT 2;\r\n", ["'open"], [undefined, "SelectStmt"]],
    };
    for (const [name, [text, problems, trees]] of Object.entries(broken)) {
      it(name, () => {
        const file = parseSql("a.sql", text);
        assert.deepEqual(kinds(file), trees);
        const shown = file.problems.map(({ span }) => text.slice(span.start, span.end));
        if (problems.join() !== "") assert.deepEqual(shown, problems);
        else assert.ok(shown.length > 0);
      });
    }

    it("reads every prefix of a file, and every file without a part of it", () => {
      for (let length = 0; length <= fixture.length; length++) assertSound(parseSql("a.sql", fixture.slice(0, length)));
      const deletion = fc.tuple(fc.nat(fixture.length), fc.nat(60));
      fc.assert(
        fc.property(deletion, ([at, length]) => assertSound(parseSql("a.sql", fixture.slice(0, at) + fixture.slice(at + length)))),
        { numRuns: 500 },
      );
    });

    it("reads any text", () => {
      const parts = fc.constantFrom(
        "SELECT ",
        "CREATE TABLE t (",
        ");",
        ";",
        "'",
        '"',
        "$$",
        "/*",
        "*/",
        "--",
        "\n\n",
        "\n",
        "\r\n",
        "\0",
        "\ud800",
        "😀",
        "\\g",
        "a",
        "1",
        ",",
        "COPY t FROM stdin;",
        "\\.",
      );
      fc.assert(
        fc.property(fc.array(parts, { maxLength: 30 }), (some) => assertSound(parseSql("a.sql", some.join("")))),
        { numRuns: 1_000 },
      );
    });
  });

  it("refuses a statement with NUL or half of a surrogate pair, and reads the others", () => {
    for (const [text, what] of [
      ["SELECT 1\0; DROP TABLE x", "NUL"],
      ["SELECT '\udc00'; DROP TABLE x", "surrogate"],
    ] as const) {
      const file = parseSql("a.sql", text);
      assert.deepEqual(kinds(file), [undefined, "DropStmt"]);
      assert.match(file.problems[0]?.message ?? "", new RegExp(what));
      assert.equal(file.problems[0]?.code, "sql-character");
      assert.equal(file.problems[0].span.end - file.problems[0].span.start, 1);
    }
  });

  it("leaves psql's commands alone", () => {
    const file = parseSql("a.sql", "\\set x 1\nSELECT 1;");
    assert.deepEqual(
      file.statements.map(({ kind }) => kind),
      ["meta", "sql"],
    );
    assert.deepEqual(file.problems, []);
  });

  it("knows which part of a migration undoes it", () => {
    const sections = (text: string): string[] => parseSql("a.sql", text).statements.map(({ section }) => section);
    assert.deepEqual(sections("-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;"), ["up", "down"]);
    assert.deepEqual(sections("-- migrate:up\nSELECT 1;\n\n-- migrate:down transaction:false\nSELECT 2;"), ["up", "down"]);
    assert.deepEqual(sections("-- +migrate Down\nSELECT 1;\n-- +migrate Up notransaction\nSELECT 2;"), ["down", "up"]);
    assert.deepEqual(sections("-- Up Migration\nSELECT 1;\n-- Down Migration\nSELECT 2;"), ["up", "down"]);
    assert.deepEqual(sections("SELECT 1;\n---- create above / drop below ----\nSELECT 2;"), ["up", "down"]);
    assert.deepEqual(sections("SELECT '-- +goose Down';\n-- goose down the road\nSELECT 2;"), ["up", "up"]);
  });

  describe("again after an edit", () => {
    const text = "-- one\nSELECT 1;\nSELECT '😀';\nSELECT 3;";

    it("keeps statements that neither changed nor moved", () => {
      const before = parseSql("a.sql", text);
      const after = parseSql("a.sql", text.replace("SELECT 3", "SELECT 4"), before);
      assert.equal(after.statements[0], before.statements[0]);
      assert.equal(after.statements[1], before.statements[1]);
      assert.notEqual(after.statements[2], before.statements[2]);
    });

    it("keeps the trees of statements that moved, at their new places", () => {
      const before = parseSql("a.sql", text);
      const after = parseSql("a.sql", `SELECT 0;\n${text}`, before);
      assert.deepEqual(
        after.statements.slice(1).map(({ tree }) => tree),
        before.statements.map(({ tree }) => tree),
      );
      for (const [i, { tree, span }] of before.statements.entries()) {
        assert.equal(after.statements[i + 1]?.tree, tree);
        assert.equal(after.statements[i + 1]?.span.start, span.start + 10);
        assert.equal(after.statements[i + 1]?.offset(7), span.start + 17);
      }
    });

    it("sees a comment that changed", () => {
      const before = parseSql("a.sql", text);
      const after = parseSql("a.sql", text.replace("-- one", "-- two"), before);
      assert.equal(after.statements[0]?.leadingComment, "two");
      assert.equal(after.statements[0].tree, before.statements[0]?.tree);
    });

    it("gives what it would give without the file before", () => {
      const edit = fc.tuple(fc.nat(fixture.length), fc.nat(20), fc.constantFrom("", "'", ";", "\n\nSELECT 1;", "$$", "x", "-- c\n"));
      fc.assert(
        fc.property(edit, edit, (first, second) => {
          const before = parseSql("a.sql", edited(fixture, first));
          const changed = edited(before.text, second);
          assert.deepEqual(shown(parseSql("a.sql", changed, before)), shown(parseSql("b.sql", changed)));
        }),
        { numRuns: 300 },
      );
    });
  });

  it("shares trees between files", () => {
    const [a, b] = ["a.sql", "b.sql"].map((uri) => parseSql(uri, "CREATE TABLE shared (id int)"));
    assert.equal(a?.statements[0]?.tree, b?.statements[0]?.tree);
  });

  it("sets a file aside that is too large, with one problem", () => {
    const file = parseSql("a.sql", " ".repeat(largestFile + 1));
    assert.deepEqual(file.statements, []);
    assert.deepEqual(
      file.problems.map(({ code }) => code),
      ["file-set-aside"],
    );
  });

  it("does not take long over hostile texts", function () {
    this.timeout(60_000);
    const repeated: Readonly<Record<string, string>> = {
      "unclosed strings": "SELECT 'a\n\n",
      "unclosed comments": "SELECT /* a\n\n",
      "unclosed dollar quotes": "SELECT $a$\n\n",
      "unclosed parentheses": "SELECT (\n\n",
      "blank lines": "\n",
      "open comments": "/*",
      quotes: "'",
      "nothing but semicolons": ";",
      "missing semicolons": "SELECT 1\n\n",
      "comments in a broken statement": "SELEC\n--\n",
    };
    for (const [name, part] of Object.entries(repeated)) {
      for (const tail of ["", "*/", "'"]) {
        const text = part.repeat(Math.ceil(300_000 / part.length)) + tail;
        const start = process.cpuUsage();
        parseSql("a.sql", text);
        // Time of the processor: how busy the machine is makes no difference.
        const time = Math.round(process.cpuUsage(start).user / 1_000);
        assert.ok(time < 1_500, `${name} and ${tail}: ${time} ms`);
      }
    }
  });
});

describe("placeholders of drivers and templates in SQL files", () => {
  const good = ["SELECT * FROM t WHERE a = :a AND b = ?", "SELECT %s, {{ b }}, ${c}, :'d'", "INSERT INTO t VALUES (?, :b)", "SELECT * FROM t WHERE \u00e4 = :\u00e4\u00f6 AND missing = {{x}}"];
  for (const text of good) {
    it(`are no errors where they stand for a value: ${text}`, () => {
      const file = parseSql("file:///a.sql", `${text};`);
      assert.deepEqual(file.problems, []);
      assert.notEqual(file.statements[0]?.tree, undefined);
      assert.equal(file.statements[0]?.text, text);
    });
  }

  it("leave every name where it stands, behind letters of several bytes too", () => {
    const text = "SELECT * FROM t WHERE ä = :äöü AND missing = {{x}}";
    const [statement] = parseSql("file:///a.sql", text).statements;
    assert.ok(statement !== undefined);
    const places = [...referencesOf(statement)].map(({ span }) => text.slice(statement.span.start + span.start, statement.span.start + span.end));
    assert.ok(places.includes("missing"), places.join());
  });

  it("hide no mistake around them", () => {
    for (const text of ["SELECT * FROM {{t}} WHERE", "SELECT a FROM t :b c", "CREATE TABLE :t (id int primary kye)", "CREATE TABLE t (a :b c d)"]) assert.notEqual(parseSql("file:///a.sql", text).problems.length, 0, text);
  });

  it("are no columns behind an operator", () => {
    const [statement] = parseSql("file:///a.sql", "SELECT 1 WHERE a = @name").statements;
    assert.ok(statement !== undefined);
    assert.ok(!JSON.stringify(statement.tree).includes("name\":{\"sval\":\"name"), JSON.stringify(statement.tree));
    assert.ok(JSON.stringify(statement.tree).includes("ParamRef"));
  });
});

type Change = readonly [at: number, length: number, insertion: string];

function edited(text: string, [at, length, insertion]: Change): string {
  return text.slice(0, at) + insertion + text.slice(at + length);
}

function kinds(file: SqlFile): (string | undefined)[] {
  return file.statements.map(({ tree }) => (tree === undefined ? undefined : Object.keys(tree)[0]));
}

function shown({ statements, problems }: SqlFile): unknown {
  return {
    problems,
    statements: statements.map(({ span, text, kind, section, leadingComment }) => ({ span, text, kind, section, leadingComment })),
  };
}

/** Statements stand in order, apart from each other, and problems inside of the text. */
function assertSound(file: SqlFile): void {
  let at = 0;
  for (const { span, text } of file.statements) {
    assert.ok(at <= span.start && span.start <= span.end && span.end <= file.text.length);
    assert.equal(file.text.slice(span.start, span.end), text);
    at = span.end;
  }
  for (const { span, message } of file.problems) {
    assert.ok(0 <= span.start && span.start <= span.end && span.end <= file.text.length);
    assert.notEqual(message, "");
  }
}
