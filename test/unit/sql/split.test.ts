import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RawStmt } from "@pgsql/types";
import fc from "fast-check";
import { parseSync } from "libpg-query";
import { ByteOffsets } from "../../../server/src/sql/byteOffsets.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { nextPiece, type Piece } from "../../../server/src/sql/split.ts";
import { tokensFrom } from "../../../server/src/sql/tokens.ts";
import { type Corpus, forEachCorpus } from "../../support/corpora.ts";

describe("Splitting SQL into statements", () => {
  before(loadSqlParser);

  const cases: Readonly<Record<string, readonly [text: string, ...statements: string[]]>> = {
    "takes a semicolon for the end, and empty statements for nothing": [";; SELECT 1 ; ;SELECT 2", "SELECT 1", "SELECT 2"],
    "keeps semicolons in strings and names": [`SELECT ';''' , ";"";"; SELECT 2`, `SELECT ';''' , ";"";"`, "SELECT 2"],
    "lets a backslash escape in E strings only": [
      `SELECT E'\\';', '\\'; SELECT e'a'\n'\\'b'; SELECT 2`,
      `SELECT E'\\';', '\\'`,
      `SELECT e'a'\n'\\'b'`,
      "SELECT 2",
    ],
    "does not take the end of a name for the E of a string": [`SELECT name'\\'; SELECT 2`, `SELECT name'\\'`, "SELECT 2"],
    "keeps dollar quotes whole": [
      "SELECT $$;$$, $a$;$$;$a$, $1; SELECT a$b$; SELECT 2",
      "SELECT $$;$$, $a$;$$;$a$, $1",
      "SELECT a$b$",
      "SELECT 2",
    ],
    "keeps Unicode strings whole": [
      `SELECT U&'d\\0061;' UESCAPE '\\', U&"x;"; SELECT 2`,
      `SELECT U&'d\\0061;' UESCAPE '\\', U&"x;"`,
      "SELECT 2",
    ],
    "skips comments, nested ones too": ["-- a;\n/* ; /* ; */ ; */ SELECT /* ; */ 1 -- ;\n; SELECT 2 -- x", "SELECT /* ; */ 1", "SELECT 2"],
    "keeps the body of BEGIN ATOMIC": [
      "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END; SELECT 2",
      "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END",
      "SELECT 2",
    ],
    "ends a transaction's BEGIN at its semicolon": ["BEGIN; END; SELECT 2", "BEGIN", "END", "SELECT 2"],
    "keeps the parentheses of a rule": [
      "CREATE OR REPLACE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2); SELECT 3",
      "CREATE OR REPLACE RULE r AS ON INSERT TO t DO ALSO (SELECT 1; SELECT 2)",
      "SELECT 3",
    ],
    "ends other statements inside of parentheses, too": ["SELECT (1; SELECT 2", "SELECT (1", "SELECT 2"],
    "ends a statement where a migration tool cuts the file": [
      "-- +goose Up\nSELECT 1 -- one\n-- +goose StatementEnd\n-- +goose Down\nSELECT 2\n-- migrate:down\nSELECT 3",
      "SELECT 1",
      "SELECT 2",
      "SELECT 3",
    ],
    "takes backslash commands line by line": [
      "\\connect db\nSELECT 1;\n\\copy t FROM 'x;y' csv\nSELECT 2 \\gexec\nSELECT 3",
      "\\connect db",
      "SELECT 1",
      "\\copy t FROM 'x;y' csv",
      "SELECT 2",
      "\\gexec",
      "SELECT 3",
    ],
    "skips the data of COPY": ["COPY t (a) FROM stdin;\n1;\t'\n\\N\n\\.\n\nSELECT 2", "COPY t (a) FROM stdin", "SELECT 2"],
    "skips no data where none end": ["COPY t FROM stdin; SELECT 2;\nSELECT 3", "COPY t FROM stdin", "SELECT 2", "SELECT 3"],
    "understands CRLF and a byte order mark": ["\ufeffSELECT 1;\r\n-- x\r\nSELECT\r\n2;\r\n", "SELECT 1", "SELECT\r\n2"],
    "takes what never closes to the end": ["SELECT 1; SELECT 'a; SELECT 2", "SELECT 1", "SELECT 'a; SELECT 2"],
    "finds nothing in nothing": [" -- only a comment\n ;"],
  };
  for (const [name, [text, ...statements]] of Object.entries(cases)) {
    it(name, () =>
      assert.deepEqual(
        pieces(text).map(({ start, end }) => text.slice(start, end)),
        statements,
      ),
    );
  }

  it("finds the comment directly above a statement, and no other", () => {
    const text = "-- file\n\n-- a\n-- b\nSELECT 1; -- of 1\nSELECT 2;\n/* c */\n/* d */ SELECT 3;\n-- e\n\nSELECT 4";
    const comments = pieces(text).map(({ comment }) => (comment === undefined ? undefined : text.slice(comment.start, comment.end)));
    assert.deepEqual(comments, ["-- a\n-- b", undefined, "/* c */\n/* d */", undefined]);
  });

  it("moves on and stays in order, whatever the text", () => {
    const parts = [
      "'",
      '"',
      "$$",
      "$a$",
      "--",
      "/*",
      "*/",
      "\n",
      ";",
      "(",
      ")",
      "\\",
      "E'",
      "begin atomic ",
      "end",
      "case ",
      "create ",
      "rule ",
      "copy t from stdin",
      "\\.",
      "a",
      "😀",
      "\0",
      " ",
    ];
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...parts), { maxLength: 40 }).map((some) => some.join("")),
        (text) => {
          let at = 0;
          for (const { start, end, next } of pieces(text)) {
            assert.ok(at <= start && start < end && end <= next && next <= text.length, JSON.stringify({ text, at, start, end, next }));
            at = next;
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });

  describe("agrees with PostgreSQL on the statements of", function () {
    this.timeout(60_000);
    forEachCorpus((corpus) => it(corpus.id, () => assertBoundaries(corpus)));
  });
});

/** Files that PostgreSQL's parser refuses, and what it stumbles over. */
const refused: Readonly<Record<string, RegExp>> = {
  "adventureworks/sql/install.sql": /near "\\"$/,
  "hatchet/migrations/20250519145912_v1_0_21.sql": /near "ALTER"$/,
  "saas-stripe/migrations/0_init/migration.sql": /near "`"$/,
  ...Object.fromEntries(Array.from({ length: 22 }, (_, i) => [`tpch/queries/${i + 1}.sql`, /near ":"$/])),
};

function assertBoundaries(corpus: Corpus): void {
  const files = readdirSync(corpus.folder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".sql"));
  const different: string[] = [];
  for (const file of files) {
    const text = corpus.template.reduce(
      (filled, { pattern, replacement }) => filled.replaceAll(pattern, replacement),
      readFileSync(join(corpus.folder, file), "utf8"),
    );
    const difference = boundaryDifference(text);
    const expected = refused[`${corpus.id}/${file}`];
    const isExpected = expected === undefined ? difference === undefined : expected.test(difference ?? "");
    if (!isExpected) different.push(`${corpus.id}/${file}: ${difference}`);
  }
  assert.deepEqual(different, []);
}

/** Undefined when PostgreSQL's own boundaries of `text` are ours; its message when it has none. */
function boundaryDifference(text: string): string | undefined {
  const plain = text.startsWith("\ufeff") ? ` ${text.slice(1)}` : text;
  const ours = pieces(plain);
  const bytes = new ByteOffsets(plain);
  const whole = parsedWhole(plain);
  if (typeof whole === "string") return whole;
  const theirs = whole.map(({ stmt_location = 0, stmt_len = 0 }) => ({
    start: bytes.toUtf16(stmt_location),
    end: stmt_len === 0 ? plain.length : bytes.toUtf16(stmt_location + stmt_len),
  }));
  if (ours.length !== theirs.length) return `${ours.length} statements, PostgreSQL has ${theirs.length}`;
  const at = ours.findIndex(({ start, end }, i) => start !== theirs[i]?.start || !isGap(plain.slice(end, theirs[i].end)));
  return at < 0 ? undefined : `statement ${at}`;
}

/** PostgreSQL's statements, or why it refuses the text. */
function parsedWhole(text: string): RawStmt[] | string {
  try {
    return parseSync(text).stmts ?? [];
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** PostgreSQL counts white space and comments before the semicolon to the statement. */
function isGap(text: string): boolean {
  return tokensFrom(text, 0).next().done === true;
}

function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  for (let piece = nextPiece(text, 0); piece !== undefined; piece = nextPiece(text, piece.next)) found.push(piece);
  return found;
}
