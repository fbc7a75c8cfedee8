import assert from "node:assert/strict";
import { parsePrisma } from "../../../server/src/prisma/parse.ts";
import type { PrismaSymbol } from "../../../server/src/prisma/symbols.ts";
import { prismaSymbols } from "../../../server/src/prisma/symbols.ts";
import { contains } from "../../../server/src/text/span.ts";
import { prismaSamples } from "../../support/prismaSchemas.ts";

describe("prismaSymbols", () => {
  it("lists blocks with their fields, values, properties and keys, in order", () => {
    const text = `datasource db {
  provider = "postgresql"
  url      = "postgresql://user:secret@host/db"
}

model User {
  id    Int    @id
  @@index([id, name])
  posts Post[]
  name  String?
  team  Team   @relation(fields: [id], references: [id])
  role  Role
}

model Post {
}

enum Role {
  ADMIN
}
`;
    assert.deepEqual(outline(text), [
      "datasource db",
      '  property provider "postgresql"',
      "  property url",
      "model User",
      "  field id Int",
      "  index @@index [id, name]",
      "  relation posts Post[]",
      "  field name String?",
      "  relation team Team",
      "  field role Role",
      "model Post",
      "enum Role",
      "  value ADMIN",
    ]);
  });

  it("keeps names inside their spans and children inside their parents, half typed too", () => {
    for (const { text } of prismaSamples) {
      for (let end = 0; end <= text.length; end += 37) check(prismaSymbols(parsePrisma("file:///a.prisma", text.slice(0, end))), { start: 0, end });
    }
  });
});

function outline(text: string): string[] {
  const lines = (symbols: readonly PrismaSymbol[], indent: string): string[] =>
    symbols.flatMap(({ kind, name, detail, children }) => [`${indent}${kind} ${name} ${detail}`.trimEnd(), ...lines(children, `${indent}  `)]);
  return lines(prismaSymbols(parsePrisma("file:///a.prisma", text)), "");
}

function check(symbols: readonly PrismaSymbol[], parent: { readonly start: number; readonly end: number }): void {
  for (const symbol of symbols) {
    assert.notEqual(symbol.name, "");
    assert.ok(contains(symbol.span, symbol.nameSpan) && contains(parent, symbol.span));
    check(symbol.children, symbol.span);
  }
}
