import assert from "node:assert/strict";
import { inStyle, numberOf, styleOf } from "../../../server/src/rules/design/nameStyles.ts";
import { tableOfStem } from "../../../server/src/rules/namedTables.ts";
import { singular, stemOf } from "../../../server/src/rules/words.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { parsePrismaText, parseSqlText } from "../../support/schemas.ts";

before(() => loadSqlParser());

describe("words of names", () => {
  const pairs = [
    ["accounts", "account"],
    ["categories", "category"],
    ["addresses", "address"],
    ["statuses", "status"],
    ["boxes", "box"],
    ["branches", "branch"],
    ["courses", "course"],
    ["databases", "database"],
    ["people", "person"],
    ["children", "child"],
    ["movies", "movie"],
    ["ids", "id"],
    ["aliases", "alias"],
  ] as const;
  for (const [plural, one] of pairs) {
    it(`knows one of the ${plural} as ${one}, which is one already`, () => {
      assert.equal(singular(plural), one);
      assert.equal(singular(one), one);
    });
  }

  it("makes one stem of every way to write a name", () => {
    for (const name of ["order_items", "OrderItem", "orderItems", "ORDER_ITEM"]) assert.equal(stemOf(name), "orderitem");
    assert.equal(stemOf(""), "");
    assert.equal(stemOf("_"), "");
  });
});

describe("the table that a word means", () => {
  it("is found by the names of the table and of its model, when no other has the name", () => {
    const { schema } = parsePrismaText('model Account {\n  id Int @id\n  @@map("crm_accounts")\n}\nmodel Deal {\n  id Int @id\n}\n');
    assert.equal(tableOfStem(schema, "account")?.key, "public.crm_accounts");
    assert.equal(tableOfStem(schema, "crmaccount")?.key, "public.crm_accounts");
    assert.equal(tableOfStem(schema, "deals"), undefined);
    assert.equal(tableOfStem(schema, ""), undefined);
  });

  it("is none of two, and no partition", () => {
    const { schema } = parseSqlText(`CREATE SCHEMA old; CREATE TABLE deal (id int); CREATE TABLE old.deals (id int);
      CREATE TABLE visit (day date) PARTITION BY RANGE (day); CREATE TABLE visits PARTITION OF visit DEFAULT;`);
    assert.equal(tableOfStem(schema, "deal"), undefined);
    assert.equal(tableOfStem(schema, "visit")?.key, "public.visit");
  });
});

describe("styles of names", () => {
  it("are told by what only one of them allows", () => {
    const styles = ["created_at", "createdAt", "CreatedAt", "Account", "name", "id2", "Created_At", "größe", "_id", "__typeName"].map(styleOf);
    assert.deepEqual(styles, ["snake_case", "camelCase", "PascalCase", "PascalCase", undefined, undefined, undefined, undefined, undefined, "camelCase"]);
  });

  it("are written from each other", () => {
    assert.equal(inStyle("user_account", "PascalCase"), "UserAccount");
    assert.equal(inStyle("UserAccount2", "camelCase"), "userAccount2");
    assert.equal(inStyle("userAPIKey", "snake_case"), "user_api_key");
  });

  it("say singular or plural where the last word has both", () => {
    const numbers = ["accounts", "account", "OrderItems", "customer_data", "status", "address", "news", "x", "v2"].map(numberOf);
    assert.deepEqual(numbers, ["plural", "singular", "plural", undefined, undefined, undefined, undefined, undefined, undefined]);
  });
});
