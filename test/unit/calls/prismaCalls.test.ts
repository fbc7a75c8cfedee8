import assert from "node:assert/strict";
import { entryNamed, type CallArgument, type PrismaCall } from "../../../server/src/calls/call.ts";
import { mistakenCallAt, prismaCallAt, prismaCalls } from "../../../server/src/calls/prismaCalls.ts";
import { callFile, callSchema } from "../../support/compiledCalls.ts";

const { models } = callSchema([
  `enum Stage {
  LEAD
  CUSTOMER
}
model Contact {
  id        Int      @id @default(autoincrement())
  email     String   @unique
  stage     Stage    @default(LEAD)
  companyId Int?
  company   Company? @relation(fields: [companyId], references: [id])
}
model Company {
  id       Int       @id
  name     String
  contacts Contact[]
}
model OrderItem {
  id Int @id
}`,
]);

const calls = (text: string): readonly PrismaCall[] => prismaCalls(callFile, text, models);

function only(text: string): PrismaCall {
  const [first, ...others] = calls(text);
  assert.ok(first);
  assert.equal(others.length, 0);
  return first;
}

function where(text: string): CallArgument | undefined {
  return entryNamed(only(text).argument, "where")?.value;
}

/** A value in short: literals as they are, what is only known later as its text. */
function plain(value: CallArgument | undefined): unknown {
  switch (value?.kind) {
    case "literal":
      return value.value;
    case "object":
      return { ...Object.fromEntries(value.entries.map((entry) => [entry.name, plain(entry.value)])), ...(value.unread.length === 0 ? {} : { "…": value.unread.map(({ text }) => text) }) };
    case "list":
      return value.items.map(plain);
    case "runtime":
      return `<${value.text}>`;
    case "tagged":
      return `${value.type} ${value.value}`;
    default:
      return undefined;
  }
}

describe("Calls of Prisma Client in a program", () => {
  it("are found whatever the client is called", () => {
    for (const client of ["prisma", "db", "tx", "this.prisma", "ctx.db", "(await getPrisma())", "prisma.$extends({})", "req.app.locals.prisma!", "client?"]) {
      assert.equal(only(`${client}.contact.findMany({ take: 1 })`).model, "Contact", client);
    }
    assert.equal(only(`prisma["orderItem"].count()`).model, "OrderItem");
    assert.equal(only("const { contact } = prisma; contact.findFirst()").operation, "findFirst");
    assert.equal(only("const people = prisma.contact; people.deleteMany({})").operation, "deleteMany");
    assert.equal(only("prisma.$transaction(async (tx) => { await tx.company.update({ where: { id: 1 }, data: {} }) })").model, "Company");
  });

  it("are told apart from what names a model or an operation that there is not", () => {
    const told = (text: string): string | undefined => mistakenCallAt(callFile, text, models, { start: text.length - 3, end: text.length - 3 });
    assert.equal(told("prisma.contacts.findMany({})"), "The schema has no model that Prisma Client calls `contacts`: `contact` is one.");
    assert.equal(told("await this.db.ordreItem.count({})"), "The schema has no model that Prisma Client calls `ordreItem`: `orderItem` is one.");
    assert.equal(told("prisma.contact.findmany({})"), "Prisma Client has no operation `findmany`: `findMany` is one.");
    assert.equal(told("prisma.completelyElse.count({})"), "The schema has no model that Prisma Client calls `completelyElse`.");
    for (const text of ["cart.items.delete({})", "prisma.contact.findMany({})", "console.log({})", "db.query({})"]) assert.equal(told(text), undefined, text);
  });

  it("are not what merely looks like one", () => {
    for (const text of ["cart.contact.delete(5)", "prisma.nothing.findMany()", "contact.findMany()", "list.contact.count((each) => each)", "prisma.contact.update(1, 2)", `map.company.delete("x")`, "prisma.contact.fields"]) {
      assert.deepEqual(calls(text), [], text);
    }
  });

  it("are found in JavaScript, in JSX, and beside mistakes", () => {
    assert.equal(prismaCalls("file:///a.jsx", "const A = () => <b>{prisma.contact.count()}</b>;", models).length, 1);
    assert.equal(only("let a; let a; prisma.contact.findMany({ where: { email: 'a' } })").model, "Contact");
  });

  it("are found by a place in them, the innermost first", () => {
    const text = "prisma.contact.findMany({ where: { companyId: (await prisma.company.findFirst()).id } }); other()";
    assert.equal(prismaCallAt(callFile, text, models, text.indexOf("findMany"))?.model, "Contact");
    assert.equal(prismaCallAt(callFile, text, models, text.indexOf("findFirst"))?.model, "Company");
    assert.equal(prismaCallAt(callFile, text, models, text.indexOf("other") + 1), undefined);
  });

  it("have their literals, constants and enums read", () => {
    assert.deepEqual(plain(where(`const stage = "LEAD"; const living = { companyId: null }; prisma.contact.findMany({ where: { stage, ...living, email: \`a@b\` } })`)), { stage: "LEAD", companyId: null, email: "a@b" });
    assert.deepEqual(plain(where("prisma.contact.findMany({ where: { stage: Stage.CUSTOMER, id: { in: [1, -2] } } })")), { stage: "CUSTOMER", id: { in: [1, -2] } });
    assert.deepEqual(plain(only("const PAGE = 20; prisma.contact.findMany({ take: PAGE + 1, skip: n * PAGE })").argument), { take: 21, skip: "<n * PAGE>" });
    assert.deepEqual(plain(where(`prisma.contact.findMany({ where: { createdAt: new Date("2026-01-01"), n: BigInt(3), d: new Prisma.Decimal("1.5") } })`)), { createdAt: "DateTime 2026-01-01T00:00:00.000Z", n: "BigInt 3", d: "Decimal 1.5" });
  });

  it("name what only the running program knows", () => {
    assert.deepEqual(plain(where("export const f = (email: string, filter) => prisma.contact.findMany({ where: { email, id: req.id, ...filter } })")), { email: "<email>", id: "<req.id>", "…": ["filter"] });
    assert.deepEqual(plain(where("let email = 'a'; email = next(); prisma.contact.findMany({ where: { email } })")), { email: "<email>" });
  });

  it("go through small functions of the same file, and conditions built step by step", () => {
    assert.deepEqual(plain(where("const of = (id: number) => ({ companyId: id, stage: 'LEAD' }); prisma.contact.findMany({ where: of(5) })")), { companyId: "<id>", stage: "LEAD" });
    const call = only("function list(q) { const where: any = { stage: 'LEAD' }; if (q) where.email = { contains: q }; where.company = { name: 'x' }; return prisma.contact.findMany({ where }); }");
    assert.deepEqual(plain(entryNamed(call.argument, "where")?.value), { stage: "LEAD", email: { contains: "<q>" }, company: { name: "x" } });
    assert.deepEqual(call.assumptions.map(({ text }) => text), ["`q` holds."]);
    const row = entryNamed(only("prisma.contact.createMany({ data: rows.map((row) => ({ email: row.email })) })").argument, "data")?.value;
    assert.deepEqual(plain(row), [{ email: "<row.email>" }]);
  });

  it("take the way that says more where the program decides, and say so", () => {
    const call = only("prisma.contact.findMany({ where: { ...(q ? { email: q } : {}), ...(mine && { companyId: 1 }), stage: s ? 'LEAD' : undefined } })");
    assert.deepEqual(plain(entryNamed(call.argument, "where")?.value), { email: "<q>", companyId: 1, stage: "LEAD" });
    assert.deepEqual(call.assumptions.map(({ text }) => text), ["`q` holds.", "`mine` holds.", "`s` holds."]);
  });

  it("do not hang on constants that are made of each other", () => {
    assert.ok(only("const a = { x: b }; const b = { x: a }; prisma.contact.findMany({ where: a })"));
    const doubled = Array.from({ length: 40 }, (_, i) => `const a${i + 1} = { ...a${i}, ...a${i} };`).join("\n");
    assert.ok(only(`const a0 = { id: 1 };\n${doubled}\nprisma.contact.findMany({ where: a40 })`));
    assert.ok(only(`prisma.contact.findMany({ where: ${"{ AND: ".repeat(100)}{}${" }".repeat(100)} })`));
  });

  it("are read from every beginning of a file without a fault", () => {
    const text = "export async function f(this: X, ids: number[]) { const where = { id: { in: ids } }; if (a) where.b = 1; await prisma.contact.findMany({ where, include: { company: true }, ...(z && { take: 3 }) }); }";
    for (let end = 0; end <= text.length; end++) calls(text.slice(0, end));
  });
});
