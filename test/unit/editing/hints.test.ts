import assert from "node:assert/strict";
import { type Hint, type HintChoice, hintsInPrisma, hintsInSql } from "../../../server/src/editing/hints.ts";
import { PrismaNames } from "../../../server/src/editing/prismaNames.ts";
import { fromPrisma } from "../../../server/src/model/fromPrisma.ts";
import { fromSql } from "../../../server/src/model/fromSql.ts";
import { Places } from "../../../server/src/model/places.ts";
import { parsePrisma } from "../../../server/src/prisma/parse.ts";
import { loadSqlParser, parseSql } from "../../../server/src/sql/parse.ts";
import { applyEdits } from "../../../server/src/text/edit.ts";

const all: HintChoice = { actions: true, types: "all", indexes: true };

describe("Hints", () => {
  before(loadSqlParser);

  const inPrisma = (text: string, choice: HintChoice): readonly Hint[] => {
    const file = parsePrisma("file:///schema.prisma", text);
    const names = new PrismaNames(fromPrisma([file], { major: 7 }), [file]);
    return hintsInPrisma(file, { start: 0, end: text.length }, names, choice);
  };
  const inSql = (text: string): readonly Hint[] => {
    const file = parseSql("file:///a.sql", text);
    return hintsInSql(file, { start: 0, end: text.length }, fromSql([file]), new Places([file]), all);
  };
  const shown = (text: string, hints: readonly Hint[]): string =>
    applyEdits(
      text,
      hints.map(({ at, label }) => ({ span: { start: at, end: at }, text: `«${label}»` })),
    );

  const schema = `datasource db {
  provider = "postgresql"
}

model A {
  id   Int      @id
  when DateTime
  key  String   @unique @db.Uuid
  bs   B[]
}

model B {
  id  Int @id(map: "named")
  aId Int?
  a   A?  @relation(fields: [aId], references: [id])
  cId Int
  c   A   @relation("c", fields: [cId], references: [id], onDelete: Cascade)

  @@unique([aId, cId])
}
`;

  it("in Prisma say the default action, the column's type and the key's index, where the text does not", () => {
    const [, ...models] = shown(schema, inPrisma(schema, all)).split("model ");
    assert.equal(
      models.join(""),
      `A {
  id   Int«integer»      @id«index "A_pkey"»
  when DateTime«timestamp(3)»
  key  String   @unique«index "A_key_key"» @db.Uuid
  bs   B[]
}

B {
  id  Int«integer» @id(map: "named")
  aId Int?«integer»
  a   A?  @relation(fields: [aId], references: [id]«, onDelete: SetNull»)
  cId Int«integer»
  c   A   @relation("c", fields: [cId], references: [id], onDelete: Cascade)

  @@unique([aId, cId])«index "B_aId_cId_key"»
}
`,
    );
  });

  it("are of the kinds that are wanted", () => {
    const kinds = (choice: HintChoice): readonly string[] => inPrisma(schema, choice).map(({ label }) => label);
    assert.deepEqual(kinds({ actions: true, types: "off", indexes: false }), [", onDelete: SetNull"]);
    assert.deepEqual(kinds({ actions: false, types: "surprising", indexes: false }), ["timestamp(3)"]);
    assert.deepEqual(kinds({ actions: false, types: "off", indexes: false }), []);
  });

  it("that can be written say it once they are", () => {
    const [hint] = inPrisma(schema, { actions: true, types: "off", indexes: false });
    assert.ok(hint?.insertion !== undefined);
    const written = applyEdits(schema, [{ span: { start: hint.at, end: hint.at }, text: hint.insertion }]);
    assert.deepEqual(inPrisma(written, { actions: true, types: "off", indexes: false }), []);
  });

  it("in SQL say what REFERENCES does by itself and which index a key makes", () => {
    const sql = `CREATE TABLE u (id int PRIMARY KEY, n int UNIQUE);
CREATE TABLE t (u_id int REFERENCES u, v_id int REFERENCES u (id) ON DELETE CASCADE, CONSTRAINT named UNIQUE (u_id));`;
    assert.equal(
      shown(sql, inSql(sql)),
      `CREATE TABLE u (id int PRIMARY KEY«index u_pkey», n int UNIQUE«index u_n_key»);
CREATE TABLE t (u_id int REFERENCES u« (id) ON DELETE NO ACTION», v_id int REFERENCES u (id) ON DELETE CASCADE, CONSTRAINT named UNIQUE (u_id));`,
    );
  });

  it("of half-typed text are those of what is there", () => {
    for (let end = 0; end <= schema.length; end += 7) inPrisma(schema.slice(0, end), all);
  });
});
