import assert from "node:assert/strict";
import type { CompiledCall } from "../../../server/src/calls/compileCall.ts";
import { compileCall } from "../../../server/src/calls/compileCall.ts";
import { QueryCompiler } from "../../../server/src/calls/queryCompiler.ts";
import { prismaCalls } from "../../../server/src/calls/prismaCalls.ts";
import { queryCompilerWorker } from "../../../server/src/workspace/assets.ts";
import { callFile, callSchema, compiledCalls, openCompiler } from "../../support/compiledCalls.ts";

const text = `generator client {
  provider        = "prisma-client-js"
  previewFeatures = ["metrics"]
}
datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
enum Stage {
  LEAD
  CUSTOMER @map("customer")
  @@map("stage")
}
model Contact {
  id        Int       @id @default(autoincrement())
  email     String    @unique
  stage     Stage     @default(LEAD)
  score     Int       @default(0)
  labels    String[]
  createdAt DateTime  @default(now()) @map("created_at")
  companyId Int?
  company   Company?  @relation(fields: [companyId], references: [id])
  @@map("contacts")
}
model Company {
  id       Int       @id
  name     String
  contacts Contact[]
}
`;

describe("A call of Prisma Client, compiled", function () {
  this.timeout(30_000);
  const schema = callSchema([text]);
  let compiler: QueryCompiler;
  before(async () => {
    compiler = await openCompiler();
  });
  after(() => compiler.close());

  async function compiled(source: string): Promise<CompiledCall> {
    const [one] = await compiledCalls(compiler, schema, source);
    assert.ok(one, source);
    return one.compiled;
  }

  async function good(source: string): Promise<Extract<CompiledCall, { ok: true }>> {
    const result = await compiled(source);
    assert.ok(result.ok, result.ok ? "" : result.reason);
    return result;
  }

  it("says of each parameter where its value comes from, and its type", async () => {
    const { statements } = await good("prisma.contact.findMany({ where: { email: q, score: { gt: 5 }, stage: s }, take: n, include: { company: true } })");
    assert.deepEqual(statements.map(({ role, relation }) => [role, relation]), [["rows", undefined], ["relation", "company"]]);
    assert.deepEqual(
      statements[0]?.parameters.map(({ type, source }) => [type, source.kind, source.kind === "literal" ? source.value : source.kind === "runtime" ? source.text : ""]),
      [["text", "runtime", "q"], ["integer", "literal", "5"], ["text", "runtime", "s"], ["bigint", "runtime", "n"], ["bigint", "literal", "0"]],
    );
    assert.match(statements[0]?.sql ?? "", /"stage" = CAST\(\$3::text AS "public"\."stage"\).* LIMIT \$4/);
    assert.deepEqual(statements[1]?.parameters[0]?.source, { kind: "earlier", statement: 0, column: "companyId" });
  });

  it("counts the statements of a write, those included that run only if need be", async () => {
    const { statements, count } = await good("prisma.contact.create({ data: { email: 'a', company: { connectOrCreate: { where: { id: 1 }, create: { id: 1, name: 'x' } } } } })");
    assert.ok(statements.some(({ isConditional }) => isConditional));
    assert.ok(statements.every(({ isInTransaction }) => isInTransaction));
    assert.ok(count.least < count.most && count.most <= statements.length, JSON.stringify(count));
  });

  it("warns of what is done in Node's memory, at its place in the call", async () => {
    const source = "prisma.company.findMany({ include: { contacts: { take: 3 } } }); prisma.contact.findMany({ distinct: ['companyId'], take: 5 }); prisma.contact.findMany({ cursor: { id: 1 }, take: 2, orderBy: { createdAt: 'asc' } })";
    const read = await compiledCalls(compiler, schema, source);
    const told = read.map(({ compiled: result }) => (result.ok ? result.warnings.map(({ kind, span }) => `${kind} ${source.slice(span.start, span.end)}`) : []));
    assert.deepEqual(told, [["takeInMemory take", "joinedInMemory contacts", "manyParameters contacts"], ["takeInMemory take", "distinctInMemory distinct"], ["cursorInMemory cursor"]]);
  });

  it("takes what a list may be asked", async () => {
    for (const [condition, sql] of [["isEmpty: false", /cardinality|<> |NOT/i], ["isEmpty: empty", /=/], ["has: 'a'", /\$1/], ["hasEvery: ['a', 'b']", /@>/], ["hasSome: some", /&&/]] as const) {
      const [statement] = (await good(`prisma.contact.findMany({ where: { labels: { ${condition} } } })`)).statements;
      assert.match(statement?.sql ?? "", sql, condition);
    }
  });

  it("says what Prisma refuses in plain words, at its place", async () => {
    for (const [source, place, reason] of [
      ["prisma.contact.findMany({ where: { emial: 'x' } })", "emial", /where\.emial does not exist/],
      ["prisma.contact.findMany({ where: { company: { nmae: 'x' } } })", "nmae", /where\.company\.nmae does not exist/],
      ["prisma.contact.findMany({ where: { id: 'x' } })", "id", /`Int`/],
      ["prisma.contact.create({ data: { score: 1 } })", "data", /email/],
      ["prisma.contact.findUnique({ where: {} })", "findUnique", /minimum of 1/],
      ["prisma.contact.findMany({ select: { id: true }, include: { company: true } })", "include", /`select` or `include`, and not both/],
      ["prisma.company.findMany({ include: { contacts: { select: { id: true }, omit: { score: true } } } })", "omit", /`select` or `omit`, and not both/],
      ["prisma.contact.findMany({ relationLoadStrategy: 'join' })", "relationLoadStrategy", /previewFeatures = \["relationJoins"\]/],
    ] as const) {
      const result = await compiled(source);
      assert.ok(!result.ok, source);
      assert.match(result.reason, reason);
      assert.equal(source.slice(result.span.start, result.span.end), place, source);
    }
  });

  it("fills in what a spread or a variable must be for the call to be one, and says what it took for granted", async () => {
    const { statements, assumptions } = await good("prisma.contact.update({ where, data: input })");
    assert.match(statements[0]?.sql ?? "", /^UPDATE "public"\."contacts" SET "email" = \$1 WHERE \("public"\."contacts"\."id" = \$2/);
    assert.deepEqual(assumptions.map((each) => each.text), ["`where` names a row by id.", "`input` gives email."]);
    const created = await good("prisma.contact.create({ data: { ...input } })");
    assert.match(created.statements[0]?.sql ?? "", /^INSERT INTO "public"\."contacts" \("email"/);
    const dynamic = await good("prisma.contact.findMany({ where: filter, orderBy: { [field]: direction }, select })");
    assert.match(dynamic.statements[0]?.sql ?? "", /WHERE 1=1/);
  });

  it("uses one statement for an upsert whose key is the same everywhere, as Prisma does", async () => {
    const { statements } = await good("prisma.contact.upsert({ where: { email }, create: { email }, update: { score: 1 } })");
    assert.equal(statements.length, 1);
    assert.match(statements[0]?.sql ?? "", /ON CONFLICT \("email"\) DO UPDATE/);
  });

  it("joins relations in one statement where the schema turns that on, and tells it apart from relationLoadStrategy", async () => {
    const joining = callSchema([text.replace('["metrics"]', '["relationJoins"]')]);
    const read = await compiledCalls(compiler, joining, "prisma.contact.findMany({ include: { company: true } }); prisma.contact.findMany({ include: { company: true }, relationLoadStrategy: 'query' })");
    assert.deepEqual(read.map(({ compiled: result }) => (result.ok ? result.statements.length : result.reason)), [1, 2]);
  });

  it("answers for a schema that is half typed, in which its model may be missing, and for the next one that is whole", async () => {
    for (const source of [`${text}\nmodel Broken {\n  id Int @id(\n`, text.replace("model Contact {", "model Contact"), "model Contact", ""]) {
      const { source: half } = callSchema([source]);
      const [call] = prismaCalls(callFile, "prisma.contact.count()", schema.models);
      assert.ok(call);
      const result = await compileCall(compiler, { models: schema.models, source: half }, call);
      assert.ok(result.ok || /schema|match any query|gave up/.test(result.reason), result.ok ? "" : result.reason);
      assert.equal((await good("prisma.contact.count()")).statements.length, 1);
    }
  });

  it("gives up at its deadline instead of hanging, and starts anew", async () => {
    const hasty = new QueryCompiler({ worker: queryCompilerWorker, assets: new URL("file:///nowhere/"), deadline: 1 });
    const [call] = prismaCalls(callFile, "prisma.contact.count()", schema.models);
    assert.ok(call);
    const result = await compileCall(hasty, schema, call);
    assert.ok(!result.ok);
    assert.match(result.reason, /took longer than|failed|ended/);
    await hasty.close();
  });
});
