/** A schema whose every name tries to be something else: markup, a string's end, a line of its own, a word of some language. */
const names = [
  "<img src=x onerror=alert(1)>",
  'quo"te',
  "it's",
  "two\nlines",
  "back\\slash",
  "back`tick",
  "tab\there",
  "😀 smile",
  "{brace} [bracket] (paren)",
  "%percent% #hash; &amp;",
  "!include /etc/passwd",
  "]]> -->",
  "</script><script>alert(1)</script>",
  "${template}",
  "class",
  "Table",
  "one",
  "a.b",
  "__under__",
  "//slash",
  "100",
  " ",
  "ß".repeat(31),
];

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** One table for each name, with a column and a unique constraint of that name, which refers to the table before it; enums and a schema of such names too. */
export const hostileSql: string = [
  `CREATE SCHEMA ${quoted(names[0] ?? "")};`,
  ...names.map((name, i) => {
    const before = names[i - 1];
    const reference = before === undefined ? "" : `, CONSTRAINT ${quoted(name)} FOREIGN KEY (${quoted(name)}) REFERENCES ${quoted(before)} (id) ON DELETE CASCADE`;
    return `CREATE TABLE ${quoted(name)} (id int PRIMARY KEY, ${quoted(name)} int DEFAULT 1${reference}); COMMENT ON COLUMN ${quoted(name)}.id IS ${literal(name)};`;
  }),
  `CREATE TYPE ${quoted("mo\"od\n")} AS ENUM (${names.map(literal).join(", ")});`,
  `CREATE TABLE ${quoted(names[0] ?? "")}.${quoted("x")} (m ${quoted("mo\"od\n")} NOT NULL DEFAULT ${literal("it's")}, a int REFERENCES ${quoted("it's")});`,
  `CREATE VIEW ${quoted("a <b>view</b>")} AS SELECT id FROM ${quoted("it's")};`,
].join("\n");

/** In the order of the tables. */
export const hostileNames: readonly string[] = names;

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
