import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { type CallModels, clientProperty } from "../../server/src/calls/callModels.ts";
import type { CompiledCall } from "../../server/src/calls/compileCall.ts";
import type { QueryCompiler } from "../../server/src/calls/queryCompiler.ts";
import { callSchema, compiledCalls, openCompiler } from "../support/compiledCalls.ts";
import { forEachCorpus } from "../support/corpora.ts";
import { migrated } from "../support/migratedSample.ts";
import { type Client, type OpenedClient, openClient } from "../support/prismaClient.ts";
import { crm } from "../support/samples.ts";
import { createScript } from "../support/schemaEngine.ts";
import { sharedPostgres } from "../support/sharedPostgres.ts";
import { calls } from "./clientCalls/crm.mjs";

const id = (n: number): string => `018f0000-0000-7000-8000-${String(n).padStart(12, "0")}`;
/** Schemas that a PostgreSQL without further extensions holds. */
const chosen = new Set(["umami", "boxyhq", "supaglue", "hoppscotch", "chainlit"]);
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
      const sent = opened.sent();
      // Relations that are read at the same time come as they come; what writes has an order.
      const difference = failure ?? differenceOf(one.compiled, sent.every((sql) => sql.startsWith("SELECT")) ? inOrder(one.compiled, sent) : sent);
      if (difference !== undefined) differences.push(`${one.call.text}\n${difference}`);
    }
    assert.deepEqual(differences, []);
    assert.ok(calls.length >= 60);
  });
});

describe("Calls of Prisma Client over real schemas, against what a generated client sends", () => {
  let compiler: QueryCompiler;
  before(async () => {
    compiler = await openCompiler();
  });
  after(() => compiler.close());

  forEachCorpus((corpus) => {
    if (corpus.schemaFiles.length === 0 || !chosen.has(corpus.id)) return;
    it(`${corpus.id}: reads of every model are the client's`, async () => {
      const texts = corpus.schemaFiles.map((path) => readFileSync(path, "utf8"));
      const schema = callSchema(texts);
      const database = await (await sharedPostgres(15)).createDatabase();
      const client = await database.client();
      // Extensions that this server lacks make types that no call here needs.
      for (const statement of (await createScript(corpus.schemaFiles.map((uri, i) => ({ uri, text: texts[i] ?? "" })), 6)).split(/;\s*\n/)) await client.query(statement).catch(() => undefined);
      await client.end();
      const opened = await openClient(texts, database.url);
      const source = readsOf(schema.models).join("\n");
      const differences: string[] = [];
      let same = 0;
      for (const { call, compiled } of await compiledCalls(compiler, schema, source)) {
        const failure = await runText(opened.client, call.text).then(() => undefined, String);
        const sent = opened.sent();
        // What this server cannot run (a type of an extension) is no difference in what is sent.
        if (failure !== undefined && sent.length === 0) continue;
        const difference = differenceOf(compiled, inOrder(compiled, sent));
        if (difference === undefined) same++;
        else differences.push(`${call.text}\n${difference}`);
      }
      await opened.client.$disconnect();
      assert.deepEqual(differences, []);
      assert.ok(same >= schema.models.byName.size * 4, `${same}`);
    });
  });
});

/** Calls that read each model in several ways. */
function readsOf({ byName }: CallModels): readonly string[] {
  return [...byName.values()].flatMap(({ name, fields, key }) => {
    const model = `prisma.${clientProperty(name)}`;
    const scalars = [...fields.values()].filter((field) => field.kind === "scalar" && !field.isList && field.type === "String");
    const relations = [...fields.values()].filter((field) => field.kind === "relation");
    const first = scalars[0]?.name;
    const include = relations.map((field) => `${field.name}: true`).join(", ");
    return [
      `${model}.findMany({ take: 3 });`,
      `${model}.count();`,
      ...(key === undefined || key.name !== undefined || fields.get(key.fields[0] ?? "")?.type !== "String" ? [`${model}.findFirst();`] : [`${model}.findUnique({ where: { ${key.fields[0] ?? ""}: "00000000-0000-4000-8000-000000000000" } });`]),
      ...(include === "" ? [] : [`${model}.findMany({ include: { ${include} }, take: 2 });`]),
      ...(first === undefined ? [`${model}.findMany({ select: { ${[...fields.values()].find((field) => field.kind !== "relation")?.name ?? ""}: true } });`] : [`${model}.findMany({ where: { ${first}: { contains: "a" } }, orderBy: { ${first}: "desc" }, select: { ${first}: true } });`, `${model}.groupBy({ by: ["${first}"], _count: true });`]),
    ];
  });
}

/** Runs one of these calls, whose text is our own. */
async function runText(client: Client, call: string): Promise<unknown> {
  const [, model = "", operation = "", argument = ""] = /^prisma\.(\w+)\.(\w+)\(([^]*)\)$/.exec(call) ?? [];
  const delegate = client[model];
  const run: unknown = typeof delegate === "object" && delegate !== null ? Reflect.get(delegate, operation) : undefined;
  if (typeof run !== "function") throw new Error(`There is no ${model}.${operation}.`);
  const given: unknown = argument === "" ? undefined : JSON.parse(argument.replace(/([{,]\s*)(\w+):/g, '$1"$2":'));
  return run.call(delegate, given);
}

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

/** Relations of one row are read at the same time: which comes first is chance. */
function inOrder(compiled: CompiledCall, sent: readonly string[]): readonly string[] {
  if (!compiled.ok) return sent;
  const place = (sql: string): number => compiled.statements.findIndex((statement) => normal(statement.sql) === normal(sql));
  return sent.toSorted((a, b) => place(a) - place(b));
}

/** Without the lengths of lists of keys, which the rows before decide. */
function normal(sql: string): string {
  return sql.replace(/IN \((?:NULL|\$\d+(?:,\$\d+)*)\)/g, "IN (…)").replace(/\$\d+/g, "$");
}
