import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { CompiledCall } from "../../server/src/calls/compileCall.ts";
import type { QueryCompiler } from "../../server/src/calls/queryCompiler.ts";
import { callSchema, compiledCalls, openCompiler } from "../support/compiledCalls.ts";
import { migrated } from "../support/migratedSample.ts";
import { type OpenedClient, openClient } from "../support/prismaClient.ts";
import { crm } from "../support/samples.ts";
import { calls } from "./clientCalls/crm.mjs";

const id = (n: number): string => `018f0000-0000-7000-8000-${String(n).padStart(12, "0")}`;
const values = {
  ...{ org: id(1), user: id(2), role: id(3), member: id(4), account: id(5), account2: id(6), contact: id(7), pipeline: id(8), stage: id(9), deal: id(10), tag: id(11), activity: id(12) },
  ...{ ids: [id(7), id(20), id(21)], names: ["Third"], email: "ada@example.com", q: "ada", more: true, skip: 0, since: new Date("2020-01-01"), now: new Date("2026-11-01") },
};

describe("Calls of Prisma Client, against what a generated client sends to a real PostgreSQL", () => {
  let compiler: QueryCompiler;
  let opened: OpenedClient;

  before(async () => {
    compiler = await openCompiler();
    const database = await migrated(crm, 15);
    opened = await openClient(crm.schema.map(({ text }) => text), database.url);
  });

  after(async () => {
    await opened.client.$disconnect();
    await compiler.close();
  });

  it(`gives the statements of ${calls.length} calls over the CRM sample, letter for letter`, async () => {
    const text = readFileSync(new URL("clientCalls/crm.mjs", import.meta.url), "utf8");
    const read = await compiledCalls(compiler, callSchema(crm.schema.map((file) => file.text)), text);
    assert.equal(read.length, calls.length);
    const differences: string[] = [];
    for (const [i, run] of calls.entries()) {
      const one = read[i];
      assert.ok(one);
      const failure = await run({ prisma: opened.client, v: values }).then(() => undefined, String);
      const difference = failure ?? differenceOf(one.compiled, opened.sent());
      if (difference !== undefined) differences.push(`${one.call.text}\n${difference}`);
    }
    assert.deepEqual(differences, []);
    assert.ok(calls.length >= 60);
  });
});

/** Undefined when the client sent what was compiled, conditional statements or not. */
function differenceOf(compiled: CompiledCall, sent: readonly string[]): string | undefined {
  if (!compiled.ok) return compiled.reason;
  let next = 0;
  for (const { sql, isConditional } of compiled.statements) {
    if (normal(sql) === normal(sent[next] ?? "")) next++;
    else if (!isConditional) return `compiled: ${normal(sql)}\n    sent: ${normal(sent[next] ?? "nothing")}`;
  }
  if (next < sent.length) return `also sent: ${sent.slice(next).join("\n")}`;
  const { least, most } = compiled.count;
  return least <= sent.length && sent.length <= most ? undefined : `${sent.length} statements instead of ${least} to ${most}`;
}

/** Without the lengths of lists of keys, which the rows before decide. */
function normal(sql: string): string {
  return sql.replace(/IN \(\$\d+(?:,\$\d+)*\)/g, "IN (…)").replace(/\$\d+/g, "$");
}
