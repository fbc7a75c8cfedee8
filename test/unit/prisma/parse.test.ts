import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { get_datamodel } from "@prisma/prisma-schema-wasm";
import fc from "fast-check";
import * as v from "valibot";
import { processorTime } from "../../support/processorTime.ts";
import { parsePrisma } from "../../../server/src/prisma/parse.ts";
import type { Attribute, Block, Field, ModelBlock, PlacedBlock, PrismaFile, Value } from "../../../server/src/prisma/syntax.ts";
import { absoluteSpan, blockSpan } from "../../../server/src/prisma/syntax.ts";
import type { Span } from "../../../server/src/text/span.ts";
import { corpora } from "../../support/corpora.ts";

/** One of everything that Prisma 5 to 7 can say. */
const everything = `// top
generator client {
  provider        = "prisma-client"
  previewFeatures = ["views", "partialIndexes"]
}

datasource db {
  provider   = "postgresql"
  url        = env("DATABASE_URL")
  schemas    = ["public", "audit"]
  extensions = [pg_trgm, uuidOssp(map: "uuid-ossp", schema: "extensions")]
}

/// A person.
/// Who signs in.
model User {
  id        String    @id @default(uuid(7)) @db.Uuid
  email     String    @unique(map: "users_email", sort: Desc) /// not shown
  role      Role      @default(ADMIN)
  tags      String[]  @default(["a", "it's \\"quoted\\""])
  balance   Decimal?  @default(-12.50) @db.Decimal(12, 2)
  search    Unsupported("tsvector")?
  posts     Post[]    @relation("authored")
  manager   User?     @relation("chain", fields: [managerId], references: [id], onDelete: SetNull, map: "fk_manager")
  managerId String?   @db.Uuid
  reports   User[]    @relation("chain")

  @@unique([email, role(sort: Desc)], name: "email_role", map: "u1", where: { deletedAt: null, role: { not: "x" } })
  @@index([tags(ops: raw("array_ops"))], type: Gin, where: raw("tags <> '{}'"))
  @@index(fields: [email(length: 10)], clustered: false)
  @@fulltext([email])
  @@map("users")
  @@schema("audit")
  @@ignore
}

enum Role {
  ADMIN @map("admin")
  USER // plain

  @@map("roles")
}

view Totals {
  id Int @unique
}

type Address {
  city String
}
`;

const documented = `datasource db {
  provider = "postgresql"
}

/// A deal.
// No documentation.
///   Won or lost. @pii
model Deal {
  /// The number.
  id    Int @id /// Never shown.
  name  String /// Only behind.
  other Int // plain
  /// Of an attribute.
  @@index([other])
}
`;

/** What Prisma says of a schema, as far as it is compared. */
const documentation = v.object({
  models: v.array(
    v.object({ documentation: v.optional(v.string()), fields: v.array(v.object({ documentation: v.optional(v.string()) })) }),
  ),
});

describe("parsePrisma", () => {
  it("reads one of everything without a problem", () => {
    const file = parsePrisma("file:///a.prisma", everything);
    assert.deepEqual(file.problems, []);
    assert.deepEqual(
      file.blocks.map(({ block }) => `${block.kind} ${block.name?.text}`),
      ["generator client", "datasource db", "model User", "enum Role", "view Totals", "type Address"],
    );
    assert.equal(file.blocks[2]?.doc, "A person.\nWho signs in.");
    const user = model(file, "User");
    assert.deepEqual(
      user.fields.map((field) => `${field.name.text} ${field.type?.name.text}${field.type?.isList === true ? "[]" : ""}${field.type?.isOptional === true ? "?" : ""}`),
      ["id String", "email String", "role Role", "tags String[]", "balance Decimal?", "search Unsupported?", "posts Post[]", "manager User?", "managerId String?", "reports User[]"],
    );
    assert.deepEqual(user.attributes.map(({ name }) => name.text), ["unique", "index", "index", "fulltext", "map", "schema", "ignore"]);
    assert.equal(field(user, "search").type?.unsupported, "tsvector");
    assert.equal(field(user, "role").doc, undefined, "a comment at a line's end says nothing about the next line");
  });

  it("gives fields and values the documentation that Prisma gives them, above them and at their line's end", () => {
    const file = parsePrisma("file:///a.prisma", documented);
    const found: unknown = JSON.parse(get_datamodel(JSON.stringify({ prismaSchema: [["a.prisma", documented]] })));
    const truth = v.parse(documentation, found).models.map(({ documentation: doc, fields }) => [doc, ...fields.map((each) => each.documentation)]);
    const read = file.blocks.flatMap(({ block, doc }) => (block.kind === "model" ? [[doc, ...block.fields.map((each) => each.doc)]] : []));
    assert.deepEqual(read, truth);
    assert.deepEqual(read[0], ["A deal.\nWon or lost. @pii", "The number.\nNever shown.", "Only behind.", undefined]);
  });

  it("gives values as they are meant and spans as they are written", () => {
    const file = parsePrisma("file:///a.prisma", everything);
    const placed = placedModel(file, "User");
    const tags = argument(attribute(field(model(file, "User"), "tags"), "default"), 0);
    assert.deepEqual(tags.kind === "array" ? tags.items.map((item) => (item.kind === "string" ? item.value : item.kind)) : [], ["a", 'it\'s "quoted"']);
    const manager = field(model(file, "User"), "manager");
    const relation = attribute(manager, "relation");
    assert.equal(slice(file, absoluteSpan(placed, relation.span)), '@relation("chain", fields: [managerId], references: [id], onDelete: SetNull, map: "fk_manager")');
    assert.equal(slice(file, absoluteSpan(placed, manager.name.span)), "manager");
    assert.equal(slice(file, absoluteSpan(placed, manager.type?.span ?? zero)), "User?");
    const onDelete = relation.arguments.find(({ name }) => name?.text === "onDelete");
    assert.equal(slice(file, absoluteSpan(placed, onDelete?.value?.span ?? zero)), "SetNull");
    assert.equal(slice(file, blockSpan(placed)).startsWith("model User {"), true);
    assert.equal(slice(file, blockSpan(placed)).endsWith("}"), true);
  });

  it("counts UTF-16 units and keeps to them across CRLF, a byte order mark and emoji", () => {
    const text = '\uFEFF// 😀\r\nmodel Café {\r\n  id Int @id // 😀\r\n  naïve String @default("😀")\r\n}\r\n';
    const file = parsePrisma("file:///a.prisma", text);
    assert.deepEqual(file.problems, []);
    const placed = placedModel(file, "Café");
    const naive = field(model(file, "Café"), "naïve");
    assert.equal(slice(file, absoluteSpan(placed, naive.span)), 'naïve String @default("😀")');
  });

  it("ends lines at a lone CR as well", () => {
    const file = parsePrisma("file:///a.prisma", "model A {\r  id Int @id\r  b String\r}\r");
    assert.deepEqual(file.problems, []);
    assert.deepEqual(model(file, "A").fields.map(({ name }) => name.text), ["id", "b"]);
  });

  it("passes over block comments, also those around whole blocks", () => {
    const file = parsePrisma("file:///a.prisma", "/* model Gone {\n} */\nmodel A {\n  id Int @id /* x */\n  /*\n  model Inner {\n  */\n  b Int\n}\nmodel B {\n}\n");
    assert.deepEqual(file.problems, []);
    assert.deepEqual(file.blocks.map(({ block }) => block.name?.text), ["A", "B"]);
    assert.deepEqual(model(file, "A").fields.map(({ name }) => name.text), ["id", "b"]);
  });

  it("reads arguments over several lines", () => {
    const file = parsePrisma(
      "file:///a.prisma",
      "model A {\n  id Int @id\n  @@index(\n    [\n      id, // first\n      b(sort: Desc)\n    ],\n    where: {\n      b: null\n    }\n  )\n  b Int?\n}\n",
    );
    assert.deepEqual(file.problems, []);
    assert.equal(model(file, "A").attributes[0]?.arguments.length, 2);
    assert.deepEqual(model(file, "A").fields.map(({ name }) => name.text), ["id", "b"]);
  });

  describe("on half-typed text", () => {
    const cases: readonly { readonly typing: string; readonly fields: readonly string[]; readonly blocks?: readonly string[]; readonly problem: string }[] = [
      { typing: "  na\n", fields: ["id", "na", "c"], problem: 'Field "na" needs a type.' },
      { typing: "  na String @\n", fields: ["id", "na", "c"], problem: 'Attribute "@" needs a name.' },
      { typing: "  na String @db.\n", fields: ["id", "na", "c"], problem: 'Attribute "@db." needs a name.' },
      { typing: "  na String @default(\n", fields: ["id", "na", "c"], problem: "This ( is not closed: add )." },
      { typing: '  na String @map("x\n', fields: ["id", "na", "c"], problem: 'This string is not closed: add ".' },
      { typing: "  r B @relation(fields: [na\n", fields: ["id", "r", "c"], problem: "This [ is not closed: add ]." },
      { typing: "  r B @relation(fields: [na)\n", fields: ["id", "r", "c"], problem: "This [ is not closed: add ]." },
      { typing: "  r B @relation(fields: , references: [id])\n", fields: ["id", "r", "c"], problem: 'Argument "fields" needs a value.' },
      { typing: "  @@index([id\n", fields: ["id", "c"], problem: "This [ is not closed: add ]." },
      { typing: "  @@\n", fields: ["id", "c"], problem: 'Attribute "@@" needs a name.' },
      { typing: "  na String oops @unique\n", fields: ["id", "na", "c"], problem: "This is not expected here." },
      { typing: "  @unique\n", fields: ["id", "c"], problem: "An attribute stands on the line of its field." },
      { typing: "  na: String\n", fields: ["id", "na", "c"], problem: 'Between field "na" and its type stands no colon.' },
      { typing: "  na VarChar(20)\n", fields: ["id", "na", "c"], problem: 'Type "VarChar" cannot take these arguments.' },
      { typing: "  $$$\n", fields: ["id", "c"], problem: "A field was expected here." },
      { typing: "  @@index([id], where: { id: 1\n", fields: ["id", "c"], problem: "This { is not closed: add }." },
    ];
    for (const { typing, fields, problem } of cases) {
      it(`keeps the lines around ${JSON.stringify(typing.trim())}`, () => {
        const before = "model A {\n  id Int @id\n";
        const file = parsePrisma("file:///a.prisma", `${before}${typing}  c String\n}\n\nmodel B {\n  id Int @id\n}\n`);
        assert.deepEqual(file.blocks.map(({ block }) => block.name?.text), ["A", "B"]);
        assert.deepEqual(model(file, "A").fields.map(({ name }) => name.text), fields);
        assert.ok(file.problems.some(({ message }) => message === problem), file.problems.map(({ message }) => message).join("\n"));
        for (const { span } of file.problems) assert.ok(span.start >= before.length && span.end <= before.length + typing.length, "the problem stays on its line");
      });
    }

    it("keeps the attribute after what it does not understand", () => {
      const file = parsePrisma("file:///a.prisma", "model A {\n  na Strin g @unique\n}\n");
      assert.deepEqual(field(model(file, "A"), "na").attributes.map(({ name }) => name.text), ["unique"]);
    });

    it("ends an unclosed block before the next one and leaves the comments above that one to it", () => {
      const file = parsePrisma("file:///a.prisma", "model A {\n  id Int\n\n/// About B.\nmodel B {\n  id Int\n}\n");
      assert.deepEqual(file.blocks.map(({ block }) => [block.name?.text, block.closed]), [["A", false], ["B", true]]);
      assert.equal(file.blocks[1]?.doc, "About B.");
      assert.deepEqual(file.problems.map(({ message }) => message), ['Model "A" is not closed: add }.']);
    });

    it("knows a block by its keyword alone", () => {
      const file = parsePrisma("file:///a.prisma", "model\n\nmodel B {\n}\n");
      assert.deepEqual(file.blocks.map(({ block }) => block.name?.text), [undefined, "B"]);
      assert.deepEqual(file.problems.map(({ message }) => message), ["This model needs a name.", "This model needs a body: add {."]);
    });

    it("reports a block with an unknown keyword once, and finds the next one", () => {
      const file = parsePrisma("file:///a.prisma", "odel A {\n  id Int\n  type String\n}\nmodel B {\n}\n");
      assert.deepEqual(file.blocks.map(({ block }) => block.name?.text), ["B"]);
      assert.equal(file.problems.length, 1);
    });
  });

  describe("with Prisma 8 files", () => {
    for (const [how, text] of [
      ["the directive prisma-next", "// use prisma-next\nmodel A {\n}\n"],
      ["the directive prisma-8", "// use prisma-8\r\nmodel A {\n}\n"],
      ["a types block", "types {\n  Uuid = String\n}\nmodel A {\n}\n"],
      ["a namespace", "namespace auth {\n  model A {\n  }\n}\n"],
      ["a typed enum", 'enum A {\n  @@type("pg/text@1")\n}\n'],
    ] as const) {
      it(`sets a file aside for ${how}, with one clear word`, () => {
        const file = parsePrisma("file:///a.prisma", text);
        assert.equal(file.directive, "prisma-8");
        assert.deepEqual(file.blocks, []);
        assert.deepEqual(file.problems.map(({ severity, code }) => [severity, code]), [["information", "prisma-8"]]);
        assert.match(file.problems[0]?.message ?? "", /Prisma 8/);
      });
    }

    it("does not take a half-typed Prisma 7 file for one", () => {
      const file = parsePrisma("file:///a.prisma", 'types {\n}\ndatasource db {\n  provider = "postgresql"\n}\nmodel A {\n}\n');
      assert.equal(file.directive, undefined);
      assert.equal(file.blocks.length, 2);
    });
  });

  describe("with the previous version", () => {
    it("takes over every block but the one that changed", () => {
      const before = parsePrisma("file:///a.prisma", everything);
      const after = parsePrisma("file:///a.prisma", everything.replace("  city String", "  city  String?"), before);
      const isSame = after.blocks.map(({ block }, i) => block === before.blocks[i]?.block);
      assert.deepEqual(isSame, [true, true, true, true, true, false]);
    });

    it("takes over blocks that moved", () => {
      const before = parsePrisma("file:///a.prisma", everything);
      const after = parsePrisma("file:///a.prisma", `// new first line\n${everything}`, before);
      assert.ok(after.blocks.every(({ block }, i) => block === before.blocks[i]?.block));
      assert.equal(after.blocks[0]?.offset, (before.blocks[0]?.offset ?? 0) + "// new first line\n".length);
    });

    it("gives what parsing afresh gives, whatever was typed", () => {
      const edits = fc.array(
        fc.record({ at: fc.nat(everything.length), remove: fc.nat(30), insert: fc.constantFrom("", "}", "{", "/*", "*/", '"', "(", "\n", "model X {\n", " @id", "]") }),
        { minLength: 1, maxLength: 4 },
      );
      fc.assert(
        fc.property(edits, (changes) => {
          let text = everything;
          let file = parsePrisma("file:///a.prisma", text);
          for (const { at, remove, insert } of changes) {
            text = text.slice(0, at) + insert + text.slice(at + remove);
            file = parsePrisma("file:///a.prisma", text, file);
            assert.deepEqual(file, parsePrisma("file:///a.prisma", text));
          }
        }),
        { numRuns: 300 },
      );
    });
  });

  describe("never throws and accounts for all text", () => {
    it("on every prefix of one of everything", () => {
      for (let end = 0; end <= everything.length; end++) checkFile(parsePrisma("file:///a.prisma", everything.slice(0, end)));
    });

    it("on random deletions", () => {
      fc.assert(
        fc.property(fc.nat(everything.length), fc.nat(everything.length), (a, b) => {
          checkFile(parsePrisma("file:///a.prisma", everything.slice(0, Math.min(a, b)) + everything.slice(Math.max(a, b))));
        }),
        { numRuns: 500 },
      );
    });

    it("on random text, lone surrogates and NUL included", () => {
      const pieces = fc.array(fc.oneof(fc.string({ unit: "binary", maxLength: 5 }), fc.constantFrom("\0", "\ud800", "model A {\n", "}", "{", "(", ")", "[", "]", '"', "@", "@@", "//", "///", "/*", "*/", "\n", "\r", "id Int", "=", ",", ":")));
      fc.assert(
        fc.property(pieces, (parts) => checkFile(parsePrisma("file:///a.prisma", parts.join("")))),
        { numRuns: 1000 },
      );
    });

    it("on real schemas, as they are and cut off", () => {
      for (const corpus of corpora()) {
        for (const path of corpus.schemaFiles) {
          const text = readFileSync(path, "utf8");
          const file = parsePrisma("file:///a.prisma", text);
          assert.deepEqual(file.problems, [], path);
          checkFile(file);
          for (let i = 1; i < 20; i++) checkFile(parsePrisma("file:///a.prisma", text.slice(0, Math.floor((text.length * i) / 20))));
        }
      }
    });
  });

  describe("stays linear", () => {
    const repeat = (piece: string): string => piece.repeat(Math.ceil(400_000 / piece.length));
    for (const [what, text] of [
      ["one open block comment after another", `model A {\n${repeat("/* x\n")}`],
      ["an unclosed list", `model A {\n  @@index([${repeat("a, ")}`],
      ["deep nesting", `model A {\n  @@index(${repeat("[")}`],
      ["calls in calls", `model A {\n  x Int @default(${repeat("a(")}`],
      ["open strings", `model A {\n${repeat('  a String @map("x\n')}`],
      ["blanks", `model A {\n${repeat(" ")}`],
      ["headers without bodies", repeat("model A\n")],
      ["strays", repeat("odel A {\n")],
      ["lone CRs", `model A {\r${repeat("  a Int\r")}`],
      ["one long line", `model A {\n  ${repeat("a")} String @default(${repeat("b")}`],
      ["keywords", `model A {\n${repeat("model ")}`],
      ["nothing but NUL", repeat("\0")],
    ] as const) {
      it(`with ${what}`, () => {
        let file: PrismaFile | undefined;
        // Quadratic work would take minutes.
        assert.ok(processorTime(() => (file = parsePrisma("file:///a.prisma", text))) < 3000, "400 KB took too long");
        if (file !== undefined) checkFile(file);
      });
    }
  });
});

const zero: Span = { start: 0, end: 0 };

function slice(file: PrismaFile, { start, end }: Span): string {
  return file.text.slice(start, end);
}

function placedModel(file: PrismaFile, name: string): PlacedBlock {
  const placed = file.blocks.find(({ block }) => block.name?.text === name);
  assert.ok(placed, `there is a block ${name}`);
  return placed;
}

function model(file: PrismaFile, name: string): ModelBlock {
  const { block } = placedModel(file, name);
  assert.ok(block.kind === "model");
  return block;
}

function field(block: ModelBlock, name: string): Field {
  const found = block.fields.find((each) => each.name.text === name);
  assert.ok(found, `there is a field ${name}`);
  return found;
}

function attribute({ attributes }: { readonly attributes: readonly Attribute[] }, name: string): Attribute {
  const found = attributes.find((each) => each.name.text === name);
  assert.ok(found, `there is an attribute ${name}`);
  return found;
}

function argument(of: Attribute, index: number): Value {
  const value = of.arguments[index]?.value;
  assert.ok(value, `there is an argument ${index}`);
  return value;
}

/** Blocks, comments, blanks and problems cover the text; blocks do not overlap; every span lies where it belongs. */
function checkFile(file: PrismaFile): void {
  const isCapped = file.problems.length >= 1000;
  const covered = [...file.blocks.map(blockSpan), ...file.comments.map(({ span }) => span), ...file.problems.map(({ span }) => span)].sort((a, b) => a.start - b.start);
  let at = 0;
  for (const { start, end } of [...covered, { start: file.text.length, end: file.text.length }]) {
    if (start > at && !isCapped) assert.match(file.text.slice(at, start), /^[\s\uFEFF]*$/, "what belongs to nothing is blank");
    at = Math.max(at, end);
  }
  let blocksEnd = 0;
  for (const placed of file.blocks) {
    assert.ok(placed.offset >= blocksEnd, "blocks stand one after the other");
    blocksEnd = blockSpan(placed).end;
    assert.equal(file.text.slice(placed.offset, blocksEnd), placed.block.text);
    for (const span of spansOf(placed.block)) assert.ok(span.start >= 0 && span.end >= span.start && span.end <= placed.block.text.length, "spans stay inside their block");
  }
  for (const { span } of file.problems) assert.ok(span.start >= 0 && span.end > span.start && span.start <= file.text.length);
}

function* spansOf(block: Block): Generator<Span> {
  yield block.keyword.span;
  if (block.name !== undefined) yield block.name.span;
  const nodes: unknown[] = [block];
  while (nodes.length > 0) {
    const node = nodes.pop();
    if (Array.isArray(node)) nodes.push(...node.slice(0, 1000));
    else if (typeof node === "object" && node !== null) {
      for (const [key, value] of Object.entries(node)) {
        if (key === "problems") continue;
        if (key === "span" && isSpan(value)) yield value;
        else nodes.push(value);
      }
    }
  }
}

function isSpan(value: unknown): value is Span {
  return typeof value === "object" && value !== null && "start" in value && "end" in value;
}
