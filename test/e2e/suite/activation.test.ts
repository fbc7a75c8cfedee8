import assert from "node:assert/strict";
import { extensions } from "vscode";
import { codeOf, findingsWhen, hasCode, openFixture } from "../support/editor.ts";

describe("Opening a Prisma schema", () => {
  it("is enough: findings come without anyone activating the extension", async () => {
    const document = await openFixture("shop", "prisma/schema.prisma");
    await findingsWhen(document.uri, "A finding", (findings) => findings.length > 0);
    assert.equal(extensions.getExtension("database-architect.database-architect")?.isActive, true);
  });

  it("shows each finding on the name it is about, with its rule and a link to read more", async () => {
    const document = await openFixture("shop", "prisma/schema.prisma");
    const findings = await findingsWhen(document.uri, "The missing index", hasCode("require-index-on-foreign-key"));
    const index = findings.find((finding) => codeOf(finding) === "require-index-on-foreign-key");
    assert.ok(index);
    assert.equal(document.getText(index.range), "customer");
    assert.equal(document.lineAt(index.range.start).text.trim().split(/\s+/)[1], "Customer");
    assert.match(index.message, /Order\(customer_id\) has no index/);
    assert.ok(typeof index.code === "object", "the rule is not a link");
  });

  it("finds what is wrong in plain SQL too", async () => {
    const document = await openFixture("depot", "migrations/001_init.sql");
    const findings = await findingsWhen(document.uri, "The time without zone", hasCode("prefer-timestamptz"));
    const time = findings.find((finding) => codeOf(finding) === "prefer-timestamptz");
    assert.ok(time);
    assert.equal(document.getText(time.range), "opened");
  });
});
