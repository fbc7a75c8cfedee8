import assert from "node:assert/strict";
import type { ErdDiagram } from "../../../protocol/src/erd.ts";
import { diagramOf } from "../../../server/src/erd/diagramOf.ts";
import { differenceDiagram, onlyChanges } from "../../../server/src/erd/differenceDiagram.ts";
import type { Schema } from "../../../server/src/model/schema.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { parseSqlText } from "../../support/schemas.ts";

before(() => loadSqlParser());

const old = `CREATE TYPE mood AS ENUM ('calm');
CREATE TABLE users (id int PRIMARY KEY, email text, phone text, seen timestamptz);
CREATE TABLE posts (id int PRIMARY KEY, author_id int REFERENCES users);
CREATE TABLE gone (id int PRIMARY KEY, post_id int REFERENCES posts);
CREATE TABLE same (id int PRIMARY KEY);`;
const now = `CREATE TYPE mood AS ENUM ('calm', 'cross');
CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL UNIQUE, seen timestamptz, mood mood);
CREATE TABLE posts (id bigint PRIMARY KEY, author_id int REFERENCES users ON DELETE SET NULL);
CREATE INDEX ON posts (author_id);
CREATE TABLE tags (id int PRIMARY KEY, post_id bigint NOT NULL REFERENCES posts);
CREATE TABLE same (id int PRIMARY KEY);`;

describe("a difference as a diagram", () => {
  it("marks tables and columns, each where it stands or stood", () => {
    const { tables, isDifference } = difference(old, now);
    assert.equal(isDifference, true);
    assert.deepEqual(
      tables.map(({ name, change, changes, columns }) => [name, change, changes, columns.map((column) => [column.name, column.change, column.changes])]),
      [
        ["gone", "removed", undefined, [["id", undefined, undefined], ["post_id", undefined, undefined]]],
        ["posts", "changed", ["index posts_author_id_idx added"], [["id", "changed", ["type: integer → bigint"]], ["author_id", undefined, undefined]]],
        ["same", undefined, undefined, [["id", undefined, undefined]]],
        ["tags", "added", undefined, [["id", undefined, undefined], ["post_id", undefined, undefined]]],
        [
          "users",
          "changed",
          ["unique users_email_key added"],
          [["id", undefined, undefined], ["email", "changed", ["not null now"]], ["phone", "removed", undefined], ["seen", undefined, undefined], ["mood", "added", undefined]],
        ],
      ],
    );
  });

  it("marks relations and enums", () => {
    const { relations, enums } = difference(old, now);
    assert.deepEqual(
      relations.map(({ key, change, changes }) => [key, change, changes]),
      [
        ["public.gone.gone_post_id_fkey", "removed", undefined],
        ["public.posts.posts_author_id_fkey", "changed", ["on delete: no action → set null", "index added"]],
        ["public.tags.tags_post_id_fkey", "added", undefined],
        ["public.users>public.mood", "added", undefined],
      ],
    );
    assert.deepEqual(enums.map(({ change, changes }) => [change, changes]), [["changed", ["value cross added"]]]);
  });

  it("tells what was removed as it was", () => {
    const { tables } = difference("CREATE TABLE t (a int PRIMARY KEY, b text NOT NULL UNIQUE);", "CREATE TABLE t (a int);");
    assert.deepEqual(tables[0]?.columns[1], { name: "b", type: "text", primaryKey: false, foreignKey: false, unique: true, nullable: false, change: "removed" });
  });

  it("of a schema with itself is the diagram of the schema, without marks", () => {
    const { schema } = parseSqlText(now);
    assert.deepEqual({ ...differenceDiagram(schema, schema, options), isDifference: false }, diagramOf(schema, options));
  });

  it("has the marks exchanged when it is seen from the other side", () => {
    const exchanged = { added: "removed", removed: "added", changed: "changed" } as const;
    const marks = ({ tables, relations, enums }: ErdDiagram): readonly unknown[] => [...tables, ...relations, ...enums].map(({ key, change }) => [key, change]);
    const turned = difference(now, old);
    const back = ({ tables, relations, enums }: ErdDiagram): readonly unknown[] =>
      [...tables, ...relations, ...enums].map(({ key, change }) => [key, change === undefined ? undefined : exchanged[change]]);
    assert.deepEqual(back(turned), marks(difference(old, now)));
  });

  it("does not depend on the order of input", () => {
    const reversed = (schema: Schema): Schema => ({ ...schema, tables: new Map([...schema.tables].reverse()), enums: new Map([...schema.enums].reverse()) });
    const [a, b] = [parseSqlText(old).schema, parseSqlText(now).schema];
    assert.deepEqual(differenceDiagram(reversed(a), reversed(b), options), differenceDiagram(a, b, options));
  });

  it("can be reduced to what changed and what that is tied to", () => {
    assert.deepEqual(onlyChanges(difference(old, now)).tables.map(({ name }) => name), ["gone", "posts", "tags", "users"]);
    const nothing = onlyChanges(difference(now, now), "Nothing differs between a and b.");
    assert.deepEqual(nothing.status, { kind: "empty", reason: "Nothing differs between a and b." });
    assert.deepEqual([nothing.tables, nothing.relations, nothing.groups], [[], [], []]);
  });
});

const options = { title: "before against after" };

function difference(before: string, after: string): ErdDiagram {
  return differenceDiagram(parseSqlText(before).schema, parseSqlText(after).schema, options);
}
