import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { ErdDiagram } from "../../protocol/src/erd.ts";
import { diagramOf } from "../../server/src/erd/diagramOf.ts";
import { dbmlOf } from "../../server/src/erd/exports/dbml.ts";
import { mermaidOf } from "../../server/src/erd/exports/mermaid.ts";
import { plantumlOf } from "../../server/src/erd/exports/plantuml.ts";
import { withoutHidden } from "../../server/src/erd/exports/words.ts";
import { fromPrisma } from "../../server/src/model/fromPrisma.ts";
import { fromSql } from "../../server/src/model/fromSql.ts";
import { join } from "../../server/src/model/join.ts";
import type { Schema } from "../../server/src/model/schema.ts";
import { parsePrisma } from "../../server/src/prisma/parse.ts";
import { loadSqlParser, parseSql } from "../../server/src/sql/parse.ts";
import { type Corpus, forEachCorpus } from "../support/corpora.ts";
import { dbmlTables, mermaidRelations, mermaidTables } from "../support/diagramReaders.ts";
import { corpusHistory } from "../support/histories.ts";
import { hostileNames, hostileSql } from "../support/hostileNames.ts";
import { parseSqlText } from "../support/schemas.ts";

before(() => loadSqlParser());

const small = `CREATE TYPE mood AS ENUM ('calm', 'cross');
CREATE TABLE users (id int PRIMARY KEY, email varchar(20) NOT NULL UNIQUE, mood mood DEFAULT 'calm', seen timestamptz(3));
CREATE TABLE posts (id bigint, no smallint, author_id int REFERENCES users ON DELETE CASCADE, price numeric(12,2) NOT NULL, tags text[], PRIMARY KEY (id, no));
CREATE VIEW titles AS SELECT id FROM posts;`;

describe("a diagram as Mermaid", () => {
  it("has a block for each table and a line for each relation", () => {
    assert.equal(
      mermaidOf(diagram(parseSqlText(small).schema)),
      `erDiagram
  posts {
    bigint id PK
    smallint no PK
    integer author_id FK "null"
    numeric(12-2) price
    text[] tags "null"
  }
  titles {
    _ id "null"
  }
  users {
    integer id PK
    varchar(20) email UK
    mood mood "null"
    timestamptz(3) seen "null"
  }
  users |o--o{ posts : "author_id, on delete cascade"
  posts ||..o{ titles : "reads"
`,
    );
  });

  it("says names that are no plain words beside words of their own", async () => {
    const { schema } = parseSqlText(hostileSql);
    const names = (await mermaidTables(mermaidOf(diagram(schema)))).map(({ name }) => name);
    const expected = hostileNames.map((name) => name.replaceAll(/[\n\t]/g, " "));
    for (const name of expected) assert.ok(names.includes(name), `${JSON.stringify(name)} is not in ${JSON.stringify(names)}`);
  });

  it("takes words of Mermaid's own as names", async () => {
    const words =
      "erDiagram title accTitle accDescr direction TB BT LR RL style class classDef default one only many zero or more optionally to PK FK UK u o x end click subgraph graph md v callback href interpolate linkStyle null true"
        .split(" ")
        .flatMap((word) => [word, `${word}s`, `${word}_x`, `${word}1`]);
    const sql = words.map((word) => `CREATE TABLE "${word}" ("${word}" int, CONSTRAINT "${word}_key" UNIQUE ("${word}"));`).join("");
    const names = (await mermaidTables(mermaidOf(diagram(parseSqlText(sql).schema)))).map(({ name }) => name);
    assert.deepEqual(names, [...words].sort());
  });
});

describe("a diagram as DBML", () => {
  it("has enums, tables and references", () => {
    assert.equal(
      dbmlOf(diagram(parseSqlText(small).schema)),
      `Enum "mood" {
  "calm"
  "cross"
}

Table "posts" {
  "id" "bigint" [not null]
  "no" "smallint" [not null]
  "author_id" "integer"
  "price" "numeric(12,2)" [not null]
  "tags" "text[]"

  indexes {
    ("id", "no") [pk]
  }
}

Table "users" {
  "id" "integer" [pk, not null]
  "email" "varchar(20)" [not null, unique]
  "mood" "mood" [default: \`'calm'\`]
  "seen" "timestamptz(3)"
}

Ref "posts_author_id_fkey": "posts".("author_id") > "users".("id") [delete: cascade]
`,
    );
  });

  it("gives back every name as it was, whatever it holds", () => {
    const read = dbmlTables(dbmlOf(diagram(parseSqlText(hostileSql).schema)));
    for (const name of hostileNames) {
      const table = read.tables.find((each) => each.name === name);
      assert.deepEqual(table?.columns, ["id", name]);
      assert.equal(table.notes[0], name);
    }
    assert.deepEqual(read.enumValues, hostileNames);
    assert.equal(read.references, hostileNames.length);
  });
});

describe("a diagram as PlantUML", () => {
  it("has entities, enums and relations", () => {
    assert.equal(
      plantumlOf(diagram(parseSqlText(small).schema)),
      `@startuml
title a schema
hide circle
hide empty members
skinparam linetype ortho

entity "posts" as posts {
  {field} * id : bigint <<PK>>
  {field} * no : smallint <<PK>>
  --
  {field} author_id : integer <<FK>>
  {field} * price : numeric(12,2)
  {field} tags : text<U+005B><U+005D>
}

entity "titles" as titles <<view>> {
  {field} id
}

entity "users" as users {
  {field} * id : integer <<PK>>
  --
  {field} * email : varchar(20) <<UK>>
  {field} mood : mood
  {field} seen : timestamptz(3)
}

enum "mood" as mood {
  {field} calm
  {field} cross
}

users |o--o{ posts : author_id, on delete cascade
titles ..> posts : reads
users ..> mood
@enduml
`.replace("text<U+005B><U+005D>", "text[]"),
    );
  });

  it("lets no name begin a line, be markup, or end a string", () => {
    const text = plantumlOf(diagram(parseSqlText(hostileSql).schema));
    for (const line of text.split("\n")) {
      assert.match(line, /^(@startuml|@enduml|title |hide |skinparam |entity "|enum "| {2}\{field\} | {2}--$|\}$|$|\w+ (?:[|}][|o]--[|o][|{]|\.\.>) \w+( : |$))/, line);
      assert.doesNotMatch(line.replaceAll(/<<[A-Zmv][\w ]*>>|<U\+[0-9A-F]{4,6}>|\.\.>/g, ""), /[<>!%\\`]/, line);
    }
    assert.ok(text.includes("<U+003C>img src<U+003D>x onerror<U+003D>alert(1)<U+003E>"));
  });
});

describe("an export", function () {
  this.timeout(60_000);

  it("has nothing of what is hidden", () => {
    const some = withoutHidden(diagram(parseSqlText(small).schema), new Set(["public.users", "public.mood"]));
    assert.deepEqual([some.tables.map(({ name }) => name), some.enums, some.relations.map(({ kind }) => kind)], [["posts", "titles"], [], ["reads"]]);
    assert.doesNotMatch(dbmlOf(some) + mermaidOf(some) + plantumlOf(some), /users/);
  });

  it("is the same for the same schema, in whatever order it was read", () => {
    for (const text of [small, hostileSql]) {
      const { schema } = parseSqlText(text);
      const turned: Schema = {
        ...schema,
        tables: new Map([...schema.tables].reverse()),
        views: new Map([...schema.views].reverse()),
        enums: new Map([...schema.enums].reverse()),
      };
      for (const write of [mermaidOf, dbmlOf, plantumlOf]) assert.equal(write(diagram(turned)), write(diagram(schema)));
    }
  });

  it("of nothing is a text that its readers take", async () => {
    const none = diagram(parseSqlText("").schema);
    assert.deepEqual(await mermaidTables(mermaidOf(none)), []);
    assert.deepEqual(dbmlTables(dbmlOf(none)).tables, []);
  });

  forEachCorpus((corpus) => {
    it(`of ${corpus.id} has for its readers all tables, columns and references`, async () => {
      const drawn = diagram(schemaOf(corpus));
      const tables = drawn.tables.filter(({ kind }) => kind === "table");
      assert.ok(drawn.tables.length > 0);

      const inDbml = dbmlTables(dbmlOf(drawn));
      const withColumns = tables.filter(({ columns }) => columns.length > 0);
      assert.deepEqual(inDbml.tables.map(({ name, columns }) => [name, columns]), withColumns.map(({ name, columns }) => [name, columns.map((column) => column.name)]));
      const references = drawn.relations.filter(({ kind }) => kind === "foreignKey" || kind === "manyToMany").length;
      assert.equal(inDbml.references + inDbml.doubled, references);

      const text = mermaidOf(drawn);
      const inMermaid = await mermaidTables(text);
      assert.equal(inMermaid.length, drawn.tables.length);
      assert.deepEqual(inMermaid.map(({ columns }) => columns), drawn.tables.map(({ columns }) => columns.length));
      assert.equal(await mermaidRelations(text), drawn.relations.filter(({ kind }) => kind !== "uses").length);
    });
  });
});

function diagram(schema: Schema): ErdDiagram {
  return diagramOf(schema, { title: "a schema" });
}

function schemaOf(corpus: Corpus): Schema {
  const prisma = corpus.schemaFiles.map((file) => parsePrisma(file, readFileSync(file, "utf8")));
  const sql = corpusHistory(corpus).files.map(({ uri, text }) => parseSql(uri, text));
  return join([...(prisma.length > 0 ? [fromPrisma(prisma)] : []), ...(sql.length > 0 ? [fromSql(sql)] : [])]);
}
