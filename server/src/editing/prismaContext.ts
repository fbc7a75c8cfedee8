/**
 * Where in a Prisma text a cursor stands, however half typed the text around it is: read off the words between the
 * beginning of the block and the cursor, never off the tree.
 */

/** A parenthesis, bracket or brace that is open at the cursor. */
export interface OpenBracket {
  readonly character: "(" | "[" | "{";
  /** What stands directly in front of a parenthesis: `@relation`, `@@index`, or a field in a list. */
  readonly callee: string;
  /** The name of the argument that the cursor is in: `fields` behind `fields:`. */
  argument: string | undefined;
}

export interface PrismaContext {
  /** `model`, `enum`, `datasource` …; undefined between blocks. */
  readonly keyword: string | undefined;
  readonly blockName: string;
  /** The words of the member before the cursor's own: `["email", "String?", "@unique"]`. Without what stands in brackets. */
  readonly words: readonly string[];
  /** From the outside in. */
  readonly open: readonly OpenBracket[];
  /** What is typed of the word at the cursor, with its `@`s and dots. */
  readonly prefix: string;
}

const blockStart = /^[ \t]*(model|view|type|enum|datasource|generator)[ \t]+(\w+)[ \t]*\{/;
const token = /\/\/[^\n]*|"(?:[^"\\\n]|\\.)*"?|@{0,2}[\w.]+(?:\[\]|[?!])*|@{1,2}|\n|[^\s]/g;

/** Blocks are looked for this far above, in UTF-16 code units. */
const farthest = 100_000;

/** Undefined inside of a comment or a string. */
export function prismaContextAt(text: string, offset: number): PrismaContext | undefined {
  const floor = Math.max(0, offset - farthest);
  const above = text.slice(floor, offset);
  const start = startOfBlock(above);
  const block = start === undefined ? undefined : blockStart.exec(above.slice(start));
  const reader = new MemberReader();
  if (start !== undefined && block !== null && block !== undefined) {
    const read = reader.read(above.slice(start + block[0].length));
    if (read === "inside") return undefined;
    if (read === "member")
      return { keyword: block[1], blockName: block[2] ?? "", words: reader.words, open: reader.open, prefix: reader.prefix };
  }
  const line = above.slice(above.lastIndexOf("\n") + 1);
  if (line.includes("//")) return undefined;
  return {
    keyword: undefined,
    blockName: "",
    words: line.trim().split(/\s+/).slice(0, -1),
    open: [],
    prefix: /\w*$/.exec(line)?.[0] ?? "",
  };
}

/** The last line above the cursor that begins a block. */
function startOfBlock(above: string): number | undefined {
  for (let end = above.length; end >= 0; ) {
    const start = above.lastIndexOf("\n", end - 1) + 1;
    if (blockStart.test(above.slice(start, Math.min(start + 300, above.length)))) return start;
    if (start === 0) return undefined;
    end = start - 1;
  }
  return undefined;
}

class MemberReader {
  words: string[] = [];
  open: OpenBracket[] = [];
  prefix = "";
  #last = "";

  /** `"inside"` a comment or string, in a `"member"`, or behind the `"end"` of the block. */
  read(text: string): "inside" | "member" | "end" {
    let end = 0;
    for (const match of text.matchAll(token)) {
      const [word] = match;
      end = match.index + word.length;
      const isAtCursor = end === text.length;
      if (word.startsWith("//")) {
        if (isAtCursor) return "inside";
      } else if (word.startsWith('"') && isAtCursor && !/^"(?:[^"\\]|\\.)*"$/.test(word)) return "inside";
      else if (word === "}" && this.open.length === 0) return "end";
      else if (isAtCursor && /^[@\w]/.test(word)) this.prefix = word;
      else this.#take(word);
    }
    return "member";
  }

  #take(word: string): void {
    if (word === "\n") {
      // A list goes on in the next line when its line ends so; otherwise it was never closed.
      if (!/[([{,:]$/.test(this.#last)) this.open = [];
      if (this.open.length === 0) this.words = [];
      return;
    }
    const inner = this.open.at(-1);
    if (word === "(" || word === "[" || word === "{")
      this.open.push({ character: word, callee: word === "(" ? this.#last : "", argument: undefined });
    else if (word === ")" || word === "]" || word === "}") this.open.pop();
    else if (inner === undefined) this.words.push(word);
    else if (word === ":") inner.argument = this.#last;
    else if (word === ",") inner.argument = undefined;
    this.#last = word;
  }
}
