/**
 * Files that declare one schema in pieces: a file a table, types and functions in others. They have no order of their
 * own, so they are put into one in which each finds what it needs. Looks at words only; nothing is parsed.
 */

export interface DeclaringFile {
  /** `/`-separated. */
  readonly path: string;
  readonly text: string;
}

const name = String.raw`(?:"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*)`;
const qualified = String.raw`${name}(?:\s*\.\s*${name})?`;
const creation = new RegExp(
  String.raw`^[ \t]*create\s+(?:or\s+replace\s+)?(?:(?:unlogged|foreign|materialized)\s+)?(table|type|view|function|procedure|domain|sequence|schema|extension)\s+(?:if\s+not\s+exists\s+)?(${qualified})`,
  "gimu",
);
const reference = new RegExp(String.raw`\breferences\s+(${qualified})`, "giu");
const insertion = new RegExp(String.raw`^[ \t]*insert\s+into\s+(${qualified})`, "gimu");
const mention = new RegExp(qualified, "gu");
const comment = /--[^\n]*|\/\*[\s\S]*?\*\//g;

/** The files that belong together, in groups of two and more, each in an order that serves; what stands alone is in none. */
export function declaredTogether(files: readonly DeclaringFile[]): readonly (readonly string[])[] {
  const read = files.filter(({ text }) => !isTeardown(text)).map(readFile).sort((a, b) => (a.path < b.path ? -1 : 1));
  const creators = creatorsOf(read);
  const creatorOf = (what: string): Pieces | undefined => {
    const [only, ...others] = creators.get(what) ?? [];
    return others.length === 0 ? only : undefined;
  };
  const groups = new Groups(read);
  for (const file of read) {
    for (const table of file.references) {
      const creator = creatorOf(table);
      if (creator !== undefined && creators.isOwn(file)) groups.join(file, creator);
    }
  }
  return groups.ofSeveral().map((members) => inOrder(withHelpers(members, read, creatorOf, creators.isOwn), creatorOf).map(({ path }) => path)).filter(({ length }) => length > 1);
}

/** Takes down what others put up. */
function isTeardown(text: string): boolean {
  return /^[ \t]*drop\s+(?:table|schema|view|type|database)\b/im.test(text) && text.search(creation) < 0;
}

interface Pieces {
  readonly path: string;
  readonly folder: string;
  readonly tables: ReadonlySet<string>;
  /** Tables and everything else. */
  readonly creates: ReadonlySet<string>;
  /** Tables of foreign keys, and those that get rows. */
  readonly references: ReadonlySet<string>;
  /** Every name in it. */
  readonly mentions: ReadonlySet<string>;
}

function readFile({ path, text }: DeclaringFile): Pieces {
  const code = text.replace(comment, " ");
  const created = [...code.matchAll(creation)].map(([, kind = "", what = ""]) => ({ kind: kind.toLowerCase(), what: canonical(what) }));
  return {
    path,
    folder: path.slice(0, Math.max(0, path.lastIndexOf("/"))),
    tables: new Set(created.filter(({ kind }) => kind === "table").map(({ what }) => what)),
    creates: new Set(created.map(({ what }) => what)),
    // A file that fills what it creates has its place beside what else it fills; one that only fills is a seed.
    references: new Set([...code.matchAll(reference), ...(created.length === 0 ? [] : code.matchAll(insertion))].map(([, what = ""]) => canonical(what))),
    mentions: new Set([...code.matchAll(mention)].map(([what]) => canonical(what))),
  };
}

/** As PostgreSQL takes the name; what stands in `public` is mostly named without it. */
function canonical(written: string): string {
  const parts = [...written.matchAll(new RegExp(name, "gu"))].map(([part]) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.toLowerCase()));
  return (parts[0] === "public" && parts.length > 1 ? parts.slice(1) : parts).join(".");
}

interface Creators {
  get(what: string): readonly Pieces[] | undefined;
  /** Not so for a bundle: a file all of whose tables others create as well, each a part of them. */
  isOwn(this: void, file: Pieces): boolean;
}

function creatorsOf(files: readonly Pieces[]): Creators {
  const all = new Map<string, Pieces[]>();
  for (const file of files) for (const what of file.creates) all.set(what, [...(all.get(what) ?? []), file]);
  const bundles = new Set(files.filter(({ tables }) => tables.size > 1 && [...tables].every((table) => (all.get(table)?.length ?? 0) > 1)));
  for (const [what, creators] of all) all.set(what, creators.filter((file) => !bundles.has(file)));
  return { get: (what) => all.get(what), isOwn: (file) => !bundles.has(file) };
}

/** Which files are of one group, by joining two at a time. */
class Groups {
  readonly #groupOf: Map<Pieces, Set<Pieces>>;

  constructor(files: readonly Pieces[]) {
    this.#groupOf = new Map(files.map((file) => [file, new Set([file])]));
  }

  join(one: Pieces, other: Pieces): void {
    const [a, b] = [this.#groupOf.get(one), this.#groupOf.get(other)];
    if (a === undefined || b === undefined || a === b) return;
    const [small, large] = a.size < b.size ? [a, b] : [b, a];
    for (const file of small) {
      large.add(file);
      this.#groupOf.set(file, large);
    }
  }

  ofSeveral(): readonly ReadonlySet<Pieces>[] {
    return [...new Set(this.#groupOf.values())].filter(({ size }) => size > 1);
  }
}

/** With the rest of their folders, and with those that alone create what they name. */
function withHelpers(members: ReadonlySet<Pieces>, files: readonly Pieces[], creatorOf: (what: string) => Pieces | undefined, isOwn: (file: Pieces) => boolean): readonly Pieces[] {
  // Where tables are created that others create as well, patches lie: they are no pieces.
  const isPatch = (file: Pieces): boolean => isOwn(file) && [...file.tables].some((what) => creatorOf(what) === undefined);
  const patched = new Set(files.filter(isPatch).map(({ folder }) => folder));
  const folders = new Set([...members].map(({ folder }) => folder).filter((folder) => !patched.has(folder)));
  const all = new Set([...members].filter((file) => !isPatch(file)));
  for (const file of files) if (folders.has(file.folder) && isOwn(file)) all.add(file);
  // A set that grows while it is gone through is gone through to its end.
  for (const file of all) {
    for (const what of file.mentions) {
      const creator = creatorOf(what);
      // Tables that nothing refers to are another's, whatever column is called so.
      if (creator !== undefined && creator.tables.size === 0) all.add(creator);
    }
  }
  return files.filter((file) => all.has(file));
}

/** Each after what it names, as far as they do not name each other; what creates nothing comes last: grants, policies. */
function inOrder(files: readonly Pieces[], creatorOf: (what: string) => Pieces | undefined): readonly Pieces[] {
  const own = new Set(files);
  const placed = new Set<Pieces>();
  const place = (file: Pieces): void => {
    // Underway counts as placed: that ends circles.
    if (placed.has(file)) return;
    placed.add(file);
    for (const needed of needs(file)) place(needed);
    ordered.push(file);
  };
  const needs = (file: Pieces): readonly Pieces[] => {
    const found = [...file.mentions].flatMap((what) => creatorOf(what) ?? []).filter((each) => each !== file && own.has(each));
    return files.filter((each) => found.includes(each));
  };
  const ordered: Pieces[] = [];
  for (const file of files) if (file.creates.size > 0) place(file);
  for (const file of files) place(file);
  return ordered;
}
