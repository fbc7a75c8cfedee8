import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { seedTables } from "../../../examples/crm/seed/seed.ts";
import type { Table } from "../../../examples/crm/seed/table.ts";

describe("The seed of the CRM sample", () => {
  let tables: ReadonlyMap<string, Table>;

  before(function () {
    this.timeout(60_000);
    tables = new Map(seedTables().map((table) => [table.name, table]));
  });

  /** The values of one column, as COPY has them. */
  function column(table: string, name: string): readonly string[] {
    const found = tables.get(table);
    assert.ok(found, table);
    const index = found.columns.indexOf(name);
    assert.ok(index >= 0, name);
    return found.copyText().trimEnd().split("\n").map((line) => line.split("\t")[index] ?? "");
  }

  function counts(values: readonly string[]): readonly number[] {
    const byValue = new Map<string, number>();
    for (const value of values) byValue.set(value, (byValue.get(value) ?? 0) + 1);
    return [...byValue.values()].sort((a, b) => b - a);
  }

  function share(values: readonly string[], wanted: (value: string) => boolean): number {
    return values.filter(wanted).length / values.length;
  }

  it("has the same bytes every time, on every machine", () => {
    const hash = createHash("sha256");
    for (const table of tables.values()) hash.update(table.copyText());
    assert.equal(hash.digest("hex"), "cbc639bc36aeba639237f57fe8331ce3e3e2771c90bcfda673de924509233533");
  });

  it("has about 200,000 rows, and some in every table of the schema", () => {
    const rows = [...tables.values()].reduce((sum, table) => sum + table.size, 0);
    assert.ok(rows > 190_000 && rows < 215_000, String(rows));
    assert.equal(tables.size, 52);
    for (const table of tables.values()) assert.ok(table.size > 0, table.name);
  });

  it("has a few large tenants and many small ones", () => {
    const [largest = 0, ...others] = counts(column("contacts", "organization_id"));
    const all = largest + others.reduce((sum, size) => sum + size, 0);
    assert.ok(largest / all > 0.25, String(largest / all));
    assert.ok((others.at(-1) ?? 0) / all < 0.03);
  });

  it("has a few accounts with most of the activities", () => {
    const byAccount = counts(column("activities", "account_id").filter((value) => value !== "\\N"));
    const all = byAccount.reduce((sum, size) => sum + size, 0);
    const top = byAccount.slice(0, Math.ceil(byAccount.length / 20)).reduce((sum, size) => sum + size, 0);
    assert.ok(top / all > 0.35, String(top / all));
  });

  it("has deals of which one in nine is open", () => {
    const open = share(column("opportunities", "status"), (status) => status === "OPEN");
    assert.ok(open > 0.08 && open < 0.15, String(open));
  });

  it("has most of its activities in the last year", () => {
    const recent = share(column("activities", "occurred_at"), (time) => time > "2025-11-01");
    assert.ok(recent > 0.6, String(recent));
  });

  it("has addresses that are nearly unique, and gaps where real data has gaps", () => {
    const emails = column("contacts", "email");
    const given = emails.filter((email) => email !== "\\N");
    assert.ok(given.length / emails.length > 0.85 && given.length < emails.length);
    const different = new Set(given).size / given.length;
    assert.ok(different > 0.98 && different < 1, String(different));
    const deleted = share(column("contacts", "deleted_at"), (time) => time !== "\\N");
    assert.ok(deleted > 0.005 && deleted < 0.05, String(deleted));
    assert.ok(share(column("accounts", "annual_revenue"), (value) => value === "\\N") > 0.5);
    assert.ok(share(column("accounts", "custom_values"), (value) => value !== "{}") > 0.3);
  });
});
