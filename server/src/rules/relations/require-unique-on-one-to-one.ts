/** Tables named as the one profile, settings or preferences of a parent, of which there may be several. */
import { isUniqueBy } from "../../model/indexQueries.ts";
import { doubtAbout, foreignKeysOf } from "../../model/queries.ts";
import type { ForeignKey, Table } from "../../model/schema.ts";
import { say, sayColumns, subjectOfColumns, wordsOf } from "../names.ts";
import { namesIn } from "../options.ts";
import { defineRule } from "../rule.ts";

export const requireUniqueOnOneToOne = defineRule({
  id: "require-unique-on-one-to-one",
  aliases: ["one-to-one-without-unique"],
  group: "schema",
  category: "relations",
  severity: "information",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Make the foreign key of a one-to-one relation unique.",
  why: `Without a unique key two requests at once make two profiles of one user, every join returns the user twice, and
whoever reads "the" profile gets any of them. In Prisma its own validator asks for @unique.`,
  sources: ["https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-UNIQUE-CONSTRAINTS"],
  options: {
    names: {
      default: ["preferences", "profile", "profiles", "settings"],
      description: "What stands behind the parent's name in the names of tables that have one row for it.",
    },
  },
  *checkTable(table, schema, { options }) {
    const last = wordsOf(table.name).at(-1);
    if (last === undefined || !table.complete || !namesIn(options, "names").includes(last)) return;
    for (const foreignKey of foreignKeysOf(schema, table)) {
      if (!isOnlyOne(table, foreignKey)) continue;
      const { columns, references } = foreignKey;
      yield {
        at: foreignKey.origins,
        subject: subjectOfColumns(table, columns),
        message: `${sayColumns(table, columns)} is not unique: a row of ${say({ schema: references.schema, name: references.table })} may have several ${table.name}.`,
        doubt: doubtAbout(schema, table),
        fix: { title: "Add a unique index", safety: "review", intent: { do: "addIndex", table, columns, unique: true } },
      };
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE TABLE users (id int PRIMARY KEY);
CREATE TABLE user_profiles (
  id int PRIMARY KEY,
  user_id int NOT NULL REFERENCES users ON DELETE CASCADE,
--^^^^^^^ user_profiles(user_id) is not unique: a row of users may have several user_profiles.
  bio text
);
`,
        fixed: `CREATE TABLE users (id int PRIMARY KEY);
CREATE TABLE user_profiles (
  id int PRIMARY KEY,
  user_id int NOT NULL REFERENCES users ON DELETE CASCADE,
  bio text
);
CREATE UNIQUE INDEX user_profiles_user_id_key ON user_profiles (user_id);
`,
      },
    ],
    good: [
      {
        title: "One row a name, one row a channel, one row a parent; and a table that is no part of what it points at",
        sql: `CREATE TABLE users (id int PRIMARY KEY);
CREATE TABLE user_settings (
  user_id int NOT NULL REFERENCES users ON DELETE CASCADE,
  name text NOT NULL,
  value text,
  PRIMARY KEY (user_id, name)
);
CREATE TABLE user_preferences (id int PRIMARY KEY, user_id int NOT NULL REFERENCES users ON DELETE CASCADE, key text, value text);
CREATE TABLE users_profiles (user_id int PRIMARY KEY REFERENCES users ON DELETE CASCADE, bio text);
CREATE TABLE tax_settings (id int PRIMARY KEY, changed_by int NOT NULL REFERENCES users ON DELETE RESTRICT);
`,
      },
    ],
  },
});

/** A required key to the table it is named after, in no unique key at all, and no row for each name or key. */
function isOnlyOne(table: Table, { columns, references }: ForeignKey): boolean {
  const [column, ...others] = columns;
  if (column === undefined || others.length > 0 || table.columns.get(column)?.notNull !== true) return false;
  if (!isNamedAfter(table.name, references.table) || isUniqueBy(table, columns)) return false;
  if (table.indexes.some((index) => index.unique && index.keys.some((key) => key.column === column))) return false;
  return !["key", "name", "code", "type"].some((each) => table.columns.has(each));
}

function isNamedAfter(name: string, parent: string): boolean {
  const words = wordsOf(name).slice(0, -1).join("");
  const of = wordsOf(parent).join("");
  return words === of || `${words}s` === of;
}
