/** What the exports in words share: which relations they have, what names become where only plain words may stand. */
import type { ErdChanged, ErdDiagram, ErdRelation } from "../../../../protocol/src/erd.ts";

/** The diagram without some of its boxes, and without what ends at them. */
export function withoutHidden(diagram: ErdDiagram, hidden: ReadonlySet<string>): ErdDiagram {
  if (hidden.size === 0) return diagram;
  const tables = diagram.tables.filter(({ key }) => !hidden.has(key));
  const enums = diagram.enums.filter(({ key }) => !hidden.has(key));
  const left = new Set([...tables, ...enums].map(({ group }) => group));
  return {
    ...diagram,
    tables,
    enums,
    relations: diagram.relations.filter(({ from, to }) => !hidden.has(from.table) && !hidden.has(to.table)),
    groups: diagram.groups.filter(({ key }) => left.has(key)),
  };
}

/** Between tables and views; that a table uses an enum is said by the type of a column. */
export function drawnRelations({ relations }: ErdDiagram): readonly ErdRelation[] {
  return relations.filter(({ kind }) => kind !== "uses");
}

/** "customer_id, on delete cascade". */
export function relationLabel(relation: ErdRelation): string {
  return [ownLabel(relation), ...changeNotes(relation)].filter((part) => part !== "").join(", ");
}

function ownLabel({ kind, name, from, onDelete }: ErdRelation): string {
  if (kind === "reads") return "reads";
  if (kind === "manyToMany") return name ?? "";
  const action = onDelete === undefined || onDelete === "NO ACTION" ? "" : `, on delete ${onDelete.toLowerCase()}`;
  return `${from.columns.join(", ")}${action}`;
}

/** What a difference says of an element, "added" or "type: integer → bigint"; nothing where nothing changed. */
export function changeNotes({ change, changes = [] }: ErdChanged): readonly string[] {
  return change === undefined ? [] : changes.length === 0 ? [change] : changes;
}

/** With its schema where that is not `public`. */
export function shownName({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return schema === "public" ? name : `${schema}.${name}`;
}

/** PostgreSQL's own short names for the long ones of the standard: `varchar(20)`, `timestamptz(3)`. */
export function shortType(type: string): string {
  return type
    .replace(/^character varying/, "varchar")
    .replace(/^character\b/, "char")
    .replace(/^bit varying/, "varbit")
    .replace(/^double precision/, "float8")
    .replace(/^(timestamp|time)(\(\d+\))? with time zone/, "$1tz$2")
    .replace(/^(timestamp|time)(\(\d+\))? without time zone/, "$1$2");
}

/** A plain word for everything that has a key, by which nothing else goes, whatever its case. */
export class WordsOf {
  readonly #words = new Map<string, string>();

  /** `reserved` words, in lower case, are given to none. */
  constructor(things: readonly { readonly key: string; readonly name: string; readonly schema?: string }[], reserved: ReadonlySet<string>) {
    const taken = new Set(reserved);
    // Those that are plain already keep their names.
    for (const wanted of [true, false]) {
      for (const { key, name, schema = "public" } of things) {
        const plain = shownName({ schema, name }).replaceAll(/\W+/g, "_");
        const isPlain = plain === name && /^[A-Za-z]/.test(plain) && !taken.has(plain.toLowerCase());
        if (isPlain !== wanted || this.#words.has(key)) continue;
        const base = /^[A-Za-z]/.test(plain) ? plain : `t_${plain.replace(/^_+/, "")}`;
        let word = base;
        for (let n = 2; taken.has(word.toLowerCase()); n++) word = `${base}_${n}`;
        taken.add(word.toLowerCase());
        this.#words.set(key, word);
      }
    }
  }

  of(key: string): string {
    return this.#words.get(key) ?? "";
  }
}
