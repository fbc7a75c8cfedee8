import assert from "node:assert/strict";
import { languageOf, lineComments, type Language } from "../../../server/src/rules/suppression/lineComments.ts";
import { processorTime } from "../../support/processorTime.ts";

describe("line comments", () => {
  const cases: readonly {
    readonly what: string;
    readonly language: Language;
    readonly text: string;
    readonly comments: readonly string[];
  }[] = [
    { what: "of SQL", language: "sql", text: "a -- one\n--two\r\nb", comments: ["-- one", "--two"] },
    {
      what: "behind strings, names and dollar quotes of SQL",
      language: "sql",
      text: `'--a' "--b" $$--c$$ $x$ --d $$ $x$ E'\\'--e' -- f`,
      comments: ["-- f"],
    },
    { what: "behind a doubled quote of SQL", language: "sql", text: "'it''s --a' -- b", comments: ["-- b"] },
    { what: "behind nested block comments of SQL", language: "sql", text: "/* /* --a */ --b */ -- c", comments: ["-- c"] },
    { what: "behind parameters and names with a dollar sign", language: "sql", text: "$1 a$b$ -- c\n$b$", comments: ["-- c"] },
    { what: "of Prisma, behind strings", language: "prisma", text: `url "http://a" // b\n/// c\nx "\\"//d"`, comments: ["// b", "/// c"] },
    { what: "of Prisma, after a string that is not closed", language: "prisma", text: 'a "b // c\n// d', comments: ["// d"] },
    {
      what: "of TypeScript, behind strings and regular expressions",
      language: "typescript",
      text: `'//a' /[/]\\/\\/b/g // c\nx = 1 / 2 // d`,
      comments: ["// c", "// d"],
    },
    {
      what: "of TypeScript, inside the expressions of templates only",
      language: "typescript",
      text: "`//a ${ { b: `//c` } // d\n} //e` // f",
      comments: ["// d", "// f"],
    },
    { what: "in nothing", language: "sql", text: "", comments: [] },
  ];
  for (const { what, language, text, comments } of cases) {
    it(`are found ${what}`, () => {
      assert.deepEqual(
        lineComments(text, language).map(({ start, end }) => text.slice(start, end)),
        comments,
      );
    });
  }

  it("are looked for in every prefix of a text without a fault", () => {
    const text = "`a ${ b ? '\\' : /[x]/ } // c` -- $$ /* /* 'd' E'\\' \"e\" $x$";
    for (const language of ["prisma", "sql", "typescript"] as const) {
      for (let end = 0; end <= text.length; end++) lineComments(text.slice(0, end), language);
    }
  });

  it("take no longer than the text is long", () => {
    for (const piece of ["`${", "'", "/*", "$$", '"', "{", "/[", "--", "//", "e'\\"]) {
      const text = piece.repeat(50_000);
      const time = processorTime(() => {
        for (const language of ["prisma", "sql", "typescript"] as const) lineComments(text, language);
      });
      assert.ok(time < 2000, piece);
    }
  });

  it("are those of the language that the file's name says", () => {
    assert.deepEqual(["file:///a/schema.PRISMA", "file:///a.sql", "file:///a.ts"].map(languageOf), ["prisma", "sql", "typescript"]);
  });
});
