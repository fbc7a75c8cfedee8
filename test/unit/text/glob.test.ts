import assert from "node:assert/strict";
import * as fc from "fast-check";
import { globMatcher, isGlob } from "../../../server/src/text/glob.ts";

describe("A glob", () => {
  const cases: readonly (readonly [glob: string, yes: readonly string[], no: readonly string[]])[] = [
    ["a/b.sql", ["a/b.sql", "a/b.sql/c"], ["a/b_sql", "b.sql", "a/b.sqlx", "x/a/b.sql"]],
    ["prisma/migrations", ["prisma/migrations", "prisma/migrations/1/migration.sql"], ["prisma/migrations2", "prisma"]],
    ["./a/", ["a", "a/b"], ["b/a"]],
    ["*.sql", ["a.sql", ".sql", "a.sql/b"], ["a/b.sql", "a.sq"]],
    ["**/*.sql", ["a.sql", "a/b.sql", "a/b/c.sql"], ["a.sqlx"]],
    ["a/**", ["a/b", "a/b/c"], ["b", "ab"]],
    ["a/**/z", ["a/z", "a/b/z", "a/b/c/z"], ["az", "a/bz"]],
    ["**", ["", "a", "a/b"], []],
    ["a**b", ["ab", "axxb"], ["a/b"]],
    ["a?c", ["abc", "aäc", "a😀c"], ["ac", "a/c", "abbc"]],
    ["[a-c]x", ["ax", "cx"], ["dx", "x"]],
    ["[!a-c]x", ["dx", "-x"], ["ax", "/x"]],
    ["[]x", ["[]x"], ["x"]],
    ["*.{sql,ddl}", ["a.sql", "a.ddl"], ["a.sqlddl", "a."]],
    ["{a,b/{c,d}}/x", ["a/x", "b/c/x", "b/d/x"], ["b/x", "c/x"]],
    ["{a", ["{a"], ["a"]],
    ["a,b}", ["a,b}"], ["a"]],
    ["a.b+c(d)$^|", ["a.b+c(d)$^|"], ["aab+c(d)$^|"]],
    ["a\\b", ["a/b"], ["ab"]],
    ["line\nbreak/*", ["line\nbreak/a\nb"], ["line"]],
  ];
  for (const [glob, yes, no] of cases) {
    it(`${JSON.stringify(glob)} means what it says`, () => {
      const matches = globMatcher([glob]);
      for (const path of yes) assert.ok(matches(path), `${path} is meant`);
      for (const path of no) assert.ok(!matches(path), `${path} is not meant`);
    });
  }

  it("is one of many, and of none none", () => {
    assert.ok(globMatcher(["a", "b/*"])("b/c"));
    assert.ok(!globMatcher(["a", "b/*"])("c"));
    assert.ok(!globMatcher([])(""));
  });

  it("may be wrong", () => {
    for (const wrong of ["", "  ", "[z-a]"]) assert.equal(isGlob(wrong), false, wrong);
    assert.throws(() => globMatcher(["[z-a]"]), SyntaxError);
  });

  it("agrees with the regular expression that it stands for", () => {
    const piece = fc.constantFrom("a", "b", "/", "*", "**/", "?", "[ab]", "[!a]", "{a,b}", "{a*,b/a}");
    const path = fc.array(fc.constantFrom("a", "b", "/"), { maxLength: 7 }).map((characters) => characters.join(""));
    const property = fc.property(fc.array(piece, { minLength: 1, maxLength: 5 }), path, (pieces, path) => {
      const glob = pieces.join("");
      assert.equal(globMatcher([glob])(path), expressionOf(glob).test(path), `${glob} on ${path}`);
    });
    void fc.assert(property, { numRuns: 2000 });
  });

  it("takes no time, however it is made to", () => {
    const started = performance.now();
    const path = `${"a".repeat(200)}/${"a/".repeat(100)}b`;
    for (const glob of ["*a".repeat(60), "**/".repeat(60), "{a,aa}".repeat(60), "**/a*/".repeat(40), "{".repeat(3000), `{${"a,".repeat(3000)}}`]) {
      globMatcher([`${glob}x`])(path);
      globMatcher([glob])(path);
    }
    assert.ok(performance.now() - started < 2000);
  });
});

/** Backtracking, and so fit for small cases only. */
function expressionOf(glob: string): RegExp {
  const trimmed = glob.replace(/^\.?\/+/, "").replace(/\/+$/, "");
  const source = trimmed.replaceAll(/\*\*$|\*\*\/|\*|\?|\[!a\]|[{},]/g, (part) => {
    const sources: Readonly<Record<string, string>> = { "**/": "(?:[^/]+/)*", "*": "[^/]*", "?": "[^/]", "[!a]": "[^/a]", "{": "(?:", "}": ")", ",": "|" };
    return part === "**" ? "[^]*" : (sources[part] ?? part);
  });
  return new RegExp(`^${source}(?:/[^]*)?$`, "u");
}
