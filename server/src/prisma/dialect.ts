/**
 * Recognises files in the schema language of Prisma 8, which shares its look with Prisma 5 to 7 and little of its meaning.
 * https://www.prisma.io/docs/orm/v8/contract-authoring/psl-syntax
 */
import type { PrismaFile } from "./syntax.ts";

const directive = /^\uFEFF?[ \t]*\/\/[ \t]*use[ \t]+prisma-(?:next|8)[ \t]*(?:[\r\n]|$)/;
const blocksOfPrisma8 = /^(?:types|namespace[ \t]+\w+)[ \t]*\{/;
const attributesOfPrisma8: ReadonlySet<string> = new Set(["type", "discriminator", "base"]);

/** Whether the first line declares the language. */
export function saysPrisma8(text: string): boolean {
  return directive.test(text);
}

/** Whether the file uses what only Prisma 8 has. One that configures Prisma 5 to 7 is theirs all the same, perhaps half typed. */
export function looksLikePrisma8(file: PrismaFile): boolean {
  let isLikely = file.problems.some(({ span }) => blocksOfPrisma8.test(file.text.slice(span.start, span.start + 200)));
  for (const { block } of file.blocks) {
    if ("properties" in block) return false;
    if (!isLikely) isLikely = block.attributes.some((attribute) => attributesOfPrisma8.has(attribute.name.text));
  }
  return isLikely;
}
