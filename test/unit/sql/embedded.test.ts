import assert from "node:assert/strict";
import fc from "fast-check";
import { type EmbeddedQuery, embeddedSql } from "../../../server/src/sql/embedded.ts";

describe("SQL inside TypeScript", () => {
  it("is found in Prisma's templates and in sql templates", () => {
    const text = [
      "const a = await prisma.$queryRaw<User[]>`SELECT 1`;",
      "await tx.$executeRaw`UPDATE t SET a = 1`;",
      "const b = Prisma.sql`SELECT 2`;",
      "const c = sql`SELECT 3`;",
      "const d = db.sql<Row>`SELECT 4`;",
      "const e = css`SELECT 5`;",
    ].join("\n");
    assert.deepEqual(shown(text), [
      "$queryRaw: SELECT 1",
      "$executeRaw: UPDATE t SET a = 1",
      "Prisma.sql: SELECT 2",
      "sql: SELECT 3",
      "sql: SELECT 4",
    ]);
  });

  it("is found in the strings of the unsafe calls", () => {
    const text = `prisma.$queryRawUnsafe("SELECT '\\n' || \\"a\\"", 1); prisma?.$executeRawUnsafe('DELETE FROM t'); prisma.$queryRawUnsafe(text);`;
    assert.deepEqual(shown(text), [`$queryRawUnsafe: SELECT '\n' || "a"`, "$executeRawUnsafe: DELETE FROM t"]);
  });

  it("has a parameter for each expression", () => {
    const text = "sql`SELECT * FROM t WHERE a = ${user.id} AND b IN (${Prisma.join(ids)})`";
    const [query] = embeddedSql("a.ts", text);
    assert.equal(query?.sql, "SELECT * FROM t WHERE a = $1 AND b IN ($2)");
    assert.deepEqual(
      query.parameters.map(({ start, end }) => text.slice(start, end)),
      ["user.id", "Prisma.join(ids)"],
    );
  });

  it("takes a constant for what it is where it is used, whatever is called the same elsewhere", () => {
    const text = [
      "function one() { const only = Prisma.sql`a = 1`; return db.$queryRaw`SELECT 1 WHERE ${only}`; }",
      "function other(only: Prisma.Sql) { return db.$queryRaw`SELECT 2 WHERE ${only}`; }",
      "const text = 'SELECT 3'; { const text = 'SELECT 4'; pool.query(text); } pool.query(text);",
    ].join("\n");
    assert.deepEqual(shown(text), ["Prisma.sql: a = 1", "$queryRaw: SELECT 1 WHERE a = 1", "$queryRaw: SELECT 2 WHERE $1", "query: SELECT 3", "query: SELECT 4"]);
  });

  it("finds a template inside of another", () => {
    assert.deepEqual(shown("prisma.$queryRaw`SELECT ${Prisma.sql`now()`}`"), ["$queryRaw: SELECT now()", "Prisma.sql: now()"]);
  });

  it("points back into the source, across parameters and escapes", () => {
    const text = "const q = sql`SELECT '😀', ${a}, \\u{1F600}\\x41\\`x\\`,\r\n  tail`";
    const [query] = embeddedSql("a.ts", text);
    assert.ok(query !== undefined);
    assert.equal(query.sql, "SELECT '😀', $1, 😀A`x`,\n  tail");
    const at = (part: string): string => text.slice(query.sourceOffset(query.sql.indexOf(part)));
    assert.ok(at("SELECT").startsWith("SELECT"));
    assert.ok(at("$1").startsWith("${a}"));
    assert.ok(at("1, ").startsWith("${a}"));
    assert.ok(at(", 😀").startsWith(", \\u{"));
    assert.ok(at("A`").startsWith("\\x41"));
    assert.ok(at("x`").startsWith("x\\`"));
    assert.ok(at("tail").startsWith("tail"));
    assert.equal(query.sourceOffset(query.sql.length), query.span.end);
  });

  it("is found in JSX, in TypeScript with casts, and behind errors", () => {
    assert.equal(embeddedSql("a.tsx", "const x = <div>{sql`SELECT 1`}</div>").length, 1);
    assert.equal(embeddedSql("a.ts", "const x = <Foo>y; sql`SELECT 1`").length, 1);
    assert.equal(embeddedSql("a.ts", "const x = 1; const x = 2; sql`SELECT 1`").length, 1);
  });

  it("survives every prefix and any text", () => {
    const text = "const a = prisma.$queryRaw<{ id: string }[]>`SELECT '\\u{41}' ${`x${1}`} FROM t`; prisma.$queryRawUnsafe('a\\'b');";
    for (let length = 0; length <= text.length; length++) embeddedSql("a.ts", text.slice(0, length));
    const broken = fc
      .array(fc.constantFrom("sql`", "`", "${", "}", "\\", "\\u{", "\r\n", "$queryRawUnsafe('", "'", "(", ")", "a"), { maxLength: 20 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(broken, (source) => {
        for (const query of embeddedSql("a.ts", source)) {
          for (let at = 0; at <= query.sql.length; at++) {
            const offset = query.sourceOffset(at);
            assert.ok(query.span.start <= offset && offset <= query.span.end);
          }
        }
      }),
      { numRuns: 500 },
    );
  });
});

function shown(text: string): string[] {
  return embeddedSql("a.ts", text).map((query: EmbeddedQuery) => `${query.tag}: ${query.sql}`);
}
