/**
 * Globs over `/`-separated relative paths: `*`, `**`, `?`, `[a-z]`, `{sql,ddl}`. A folder's path means all that is in it.
 *
 * They come from files that anybody may have written, so none may take long: all globs of a list are one automaton that
 * looks at each character of a path once.
 */

/** Whether any of the globs matches a path; no glob matches nothing. Throws a SyntaxError for a range the wrong way round. */
export function globMatcher(globs: readonly string[]): (path: string) => boolean {
  if (globs.length === 0) return () => false;
  const automaton = new Automaton(globs.map((glob) => parse(normalized(glob))));
  return (path) => automaton.matches(path);
}

/** Whether a text can be read as a glob, and is not empty. */
export function isGlob(text: string): boolean {
  try {
    globMatcher([text]);
    return text.trim() !== "";
  } catch {
    // Only reading it tells.
    return false;
  }
}

function normalized(glob: string): string {
  return glob.trim().replaceAll("\\", "/").replace(/^\.?\/+/, "").replace(/\/+$/, "");
}

/** Of one character, by its code point. */
type Test = (character: number) => boolean;

type Part =
  | { readonly kind: "one" | "many"; readonly test: Test }
  /** `**` and its slash: any folders, or none. */
  | { readonly kind: "folders" }
  | { readonly kind: "either"; readonly choices: readonly (readonly Part[])[] };

const slash = 0x2f;
const inName: Test = (character) => character !== slash;
const any: Test = () => true;

function parse(glob: string): readonly Part[] {
  const pattern = /(\*\*$)|(\*\*\/)|(\*)|(\?)|\[(!?)([^\]/]+)\]|([{},])|([^])/gu;
  /** Sequences that are open: the choices of each group around, and what is being read. */
  const groups: { readonly choices: (readonly Part[])[]; parts: Part[] }[] = [];
  let current: { readonly choices: (readonly Part[])[]; parts: Part[] } = { choices: [], parts: [] };
  const close = (): void => {
    const { choices, parts } = current;
    current = groups.pop() ?? { choices: [], parts: [] };
    current.parts.push({ kind: "either", choices: [...choices, parts] });
  };
  for (const [whole, everything, folders, star, question, not, set, mark] of glob.matchAll(pattern)) {
    const isInGroup = groups.length > 0;
    if (everything !== undefined) current.parts.push({ kind: "many", test: any });
    else if (folders !== undefined) current.parts.push({ kind: "folders" });
    else if (star !== undefined) current.parts.push({ kind: "many", test: inName });
    else if (question !== undefined) current.parts.push({ kind: "one", test: inName });
    else if (set !== undefined) current.parts.push({ kind: "one", test: memberOf(set, not === "!") });
    else if (mark === "{" && glob.includes("}")) {
      groups.push(current);
      current = { choices: [], parts: [] };
    } else if (mark === "}" && isInGroup) close();
    else if (mark === "," && isInGroup) current = { choices: [...current.choices, current.parts], parts: [] };
    else current.parts.push({ kind: "one", test: is(whole) });
  }
  while (groups.length > 0) close();
  return current.parts;
}

function is(text: string): Test {
  const wanted = text.codePointAt(0);
  return (character) => character === wanted;
}

function memberOf(set: string, isNegated: boolean): Test {
  const expression = new RegExp(`^[${isNegated ? "^/" : ""}${set.replaceAll(/[\\^&[\]]/g, "\\$&")}]$`, "u");
  return (character) => expression.test(String.fromCodePoint(character));
}

/** A place in the globs: what leads on from it, by a character or without one. */
interface State {
  readonly test: Test | undefined;
  readonly next: number[];
}

/** All places that a beginning of a path leads to. */
interface Position {
  readonly states: readonly number[];
  readonly isEnd: boolean;
  readonly next: Map<number, Position>;
}

/** Positions are made as paths lead there; more than this are forgotten and made again. */
const mostPositions = 2000;

class Automaton {
  readonly #states: State[] = [];
  readonly #end: number;
  readonly #start: number;
  #positions = new Map<string, Position>();

  constructor(globs: readonly (readonly Part[])[]) {
    this.#end = this.#add(undefined, []);
    const inFolder = this.#add((character) => character === slash, [this.#many(any, this.#end)]);
    const done = this.#add(undefined, [this.#end, inFolder]);
    this.#start = this.#add(undefined, globs.map((parts) => this.#sequence(parts, done)));
  }

  matches(path: string): boolean {
    let position = this.#position([this.#start]);
    for (const character of path) {
      const code = character.codePointAt(0) ?? 0;
      let next = position.next.get(code);
      if (next === undefined) {
        next = this.#position(
          position.states.flatMap((at) => {
            const state = this.#states[at];
            return state?.test?.(code) === true ? state.next : [];
          }),
        );
        position.next.set(code, next);
      }
      if (next.states.length === 0) return false;
      position = next;
    }
    return position.isEnd;
  }

  #position(from: readonly number[]): Position {
    const reached = new Set<number>();
    const open = [...from];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (reached.has(at)) continue;
      reached.add(at);
      const state = this.#states[at];
      if (state?.test === undefined) open.push(...(state?.next ?? []));
    }
    const states = [...reached].sort((a, b) => a - b);
    const key = states.join();
    let known = this.#positions.get(key);
    if (known === undefined) {
      if (this.#positions.size >= mostPositions) this.#positions = new Map();
      known = { states, isEnd: reached.has(this.#end), next: new Map() };
      this.#positions.set(key, known);
    }
    return known;
  }

  #sequence(parts: readonly Part[], next: number): number {
    return parts.reduceRight((following, part) => this.#part(part, following), next);
  }

  #part(part: Part, next: number): number {
    switch (part.kind) {
      case "one":
        return this.#add(part.test, [next]);
      case "many":
        return this.#many(part.test, next);
      case "folders": {
        const folders = this.#add(undefined, [next]);
        const behindName = this.#add((character) => character === slash, [folders]);
        const name = this.#add(inName, []);
        this.#states[name]?.next.push(name, behindName);
        this.#states[folders]?.next.push(name);
        return folders;
      }
      case "either":
        return this.#add(undefined, part.choices.map((choice) => this.#sequence(choice, next)));
    }
  }

  /** Any number of characters. */
  #many(test: Test, next: number): number {
    const loop = this.#add(undefined, [next]);
    this.#states[loop]?.next.push(this.#add(test, [loop]));
    return loop;
  }

  #add(test: Test | undefined, next: readonly number[]): number {
    return this.#states.push({ test, next: [...next] }) - 1;
  }
}
