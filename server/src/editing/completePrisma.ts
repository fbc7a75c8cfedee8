/** What can be written at a place of a Prisma schema for PostgreSQL: for where Prisma's own extension is not installed. */
import { type PrismaNames, prismaNames } from "../prisma/occurrences.ts";
import type { Field, ModelBlock, PrismaFile } from "../prisma/syntax.ts";
import type { Span } from "../text/span.ts";
import type { Completion, CompletionKind } from "./completion.ts";
import { type PrismaContext, prismaContextAt } from "./prismaContext.ts";

/** `files` are all of the schema's; the cursor stands in `text`, which is one of theirs. */
export function completePrisma(files: readonly PrismaFile[], text: string, offset: number): readonly Completion[] {
  const context = prismaContextAt(text, offset);
  if (context === undefined) return [];
  const offers = new Offers(context, prismaNames(files), { start: offset - context.prefix.length, end: offset });
  return offers.all();
}

const scalars: readonly (readonly [name: string, type: string])[] = [
  ["String", "text"],
  ["Int", "integer"],
  ["BigInt", "bigint"],
  ["Boolean", "boolean"],
  ["DateTime", "timestamp(3)"],
  ["Decimal", "decimal(65,30)"],
  ["Float", "double precision"],
  ["Json", "jsonb"],
  ["Bytes", "bytea"],
];

/** Native types by scalar, with the number of arguments that may follow. https://www.prisma.io/docs/orm/reference/prisma-schema-reference#postgresql */
const nativeTypes: Readonly<Record<string, readonly (readonly [name: string, takes: 0 | 1 | 2])[]>> = {
  String: [
    ["Text", 0],
    ["VarChar", 1],
    ["Char", 1],
    ["Citext", 0],
    ["Uuid", 0],
    ["Inet", 0],
    ["Xml", 0],
    ["Bit", 1],
    ["VarBit", 1],
  ],
  Int: [
    ["Integer", 0],
    ["SmallInt", 0],
    ["Oid", 0],
  ],
  BigInt: [["BigInt", 0]],
  Boolean: [["Boolean", 0]],
  DateTime: [
    ["Timestamptz", 1],
    ["Timestamp", 1],
    ["Date", 0],
    ["Time", 1],
    ["Timetz", 1],
  ],
  Decimal: [
    ["Decimal", 2],
    ["Money", 0],
  ],
  Float: [
    ["DoublePrecision", 0],
    ["Real", 0],
  ],
  Json: [
    ["JsonB", 0],
    ["Json", 0],
  ],
  Bytes: [["ByteA", 0]],
};

const defaults: Readonly<Record<string, readonly string[]>> = {
  String: ["uuid()", "uuid(7)", "cuid()", "ulid()", "nanoid()", 'dbgenerated("$1")'],
  Int: ["autoincrement()", 'dbgenerated("$1")'],
  BigInt: ["autoincrement()", 'dbgenerated("$1")'],
  Boolean: ["true", "false"],
  DateTime: ["now()", 'dbgenerated("$1")'],
};

const actions: readonly (readonly [name: string, detail: string])[] = [
  ["Cascade", "deletes or changes the referring rows too"],
  ["Restrict", "refuses while rows refer to it"],
  ["NoAction", "refuses at the end of the statement"],
  ["SetNull", "empties the referring columns"],
  ["SetDefault", "sets the referring columns to their defaults"],
];

const blockAttributes: readonly (readonly [label: string, insert: string, detail: string])[] = [
  ["@@index", "@@index([$1])", "an index"],
  ["@@unique", "@@unique([$1])", "a unique key over several fields"],
  ["@@id", "@@id([$1])", "a primary key over several fields"],
  ["@@map", '@@map("$1")', "the table's name in the database"],
  ["@@schema", '@@schema("$1")', "the schema in the database"],
  ["@@ignore", "@@ignore", "leaves the model out of Prisma Client"],
];

const indexMethods = ["BTree", "Hash", "Gin", "Gist", "SpGist", "Brin"];

class Offers {
  readonly #context: PrismaContext;
  readonly #names: PrismaNames;
  readonly #span: Span;

  constructor(context: PrismaContext, names: PrismaNames, span: Span) {
    this.#context = context;
    this.#names = names;
    this.#span = span;
  }

  all(): readonly Completion[] {
    const { keyword, open, words } = this.#context;
    switch (keyword) {
      case undefined:
        return words.length > 0 ? [] : this.#blocks();
      case "model":
      case "view":
      case "type":
        return open.length > 0 ? this.#inBrackets() : this.#inModel();
      case "enum":
        return open.length > 0 ? [] : this.#inEnum();
      default:
        return this.#inConfiguration(keyword);
    }
  }

  #blocks(): readonly Completion[] {
    return ["model", "enum", "view", "generator", "datasource"].map((word, i) =>
      this.#offer(word, "keyword", "", `${word} $1 {\n  $0\n}`, i),
    );
  }

  #inConfiguration(keyword: string): readonly Completion[] {
    const { words } = this.#context;
    if (words.length > 0) return [];
    const properties =
      keyword === "generator" ? ["provider", "output", "previewFeatures"] : ["provider", "schemas", "extensions", "relationMode"];
    return properties.map((name, i) => this.#offer(name, "argument", "", `${name} = `, i));
  }

  #inEnum(): readonly Completion[] {
    const { words, prefix } = this.#context;
    if (words.length > 0) return [this.#offer("@map", "attribute", "the value in the database", '@map("$1")')];
    if (!prefix.startsWith("@")) return [];
    return blockAttributes
      .filter(([label]) => label === "@@map" || label === "@@schema")
      .map(([label, insert, detail], i) => this.#offer(label, "attribute", detail, insert, i));
  }

  #inModel(): readonly Completion[] {
    const { words, prefix } = this.#context;
    if (words.length === 0) {
      if (prefix !== "" && !prefix.startsWith("@")) return [];
      return blockAttributes.map(([label, insert, detail], i) => this.#offer(label, "attribute", detail, insert, i));
    }
    if (words.length === 1) return prefix.startsWith("@") || words[0]?.startsWith("@@") === true ? [] : this.#types();
    return words[0]?.startsWith("@@") === true ? [] : this.#fieldAttributes(words);
  }

  #types(): readonly Completion[] {
    const models = [...this.#names.models.keys()].map((name) => this.#offer(name, "model", "", name, 20));
    const enums = [...this.#names.enums.keys()].map((name) => this.#offer(name, "enum", "", name, 30));
    const types = scalars.map(([name, type], i) => this.#offer(name, "type", type, name, i));
    return [...types, ...models, ...enums, this.#offer("Unsupported", "type", "a type that Prisma does not know", 'Unsupported("$1")', 40)];
  }

  #fieldAttributes(words: readonly string[]): readonly Completion[] {
    const { prefix } = this.#context;
    const type = bare(words[1] ?? "");
    const native = (nativeTypes[type] ?? []).map(([name, takes], i) => {
      const insert = takes === 0 ? `@db.${name}` : `@db.${name}(${takes === 1 ? "$1" : "$1, $2"})`;
      return this.#offer(`@db.${name}`, "attribute", "type in the database", insert, 20 + i);
    });
    if (prefix.startsWith("@db.")) return native;
    const isRelation = this.#names.models.has(type);
    const has = (name: string): boolean => words.includes(name);
    const attributes: readonly (readonly [string, string, string])[] = isRelation
      ? [["@relation", "@relation(fields: [$1], references: [$2])", "the foreign key"]]
      : [
          ["@id", "@id", "the primary key"],
          ["@unique", "@unique", "a unique key"],
          ["@default", "@default($1)", "the value of rows that state none"],
          ...(type === "DateTime" ? ([["@updatedAt", "@updatedAt", "set by Prisma Client at every change"]] as const) : []),
          ["@map", '@map("$1")', "the column's name in the database"],
        ];
    const offered = attributes
      .filter(([label]) => !has(label))
      .map(([label, insert, detail], i) => this.#offer(label, "attribute", detail, insert, i));
    return [
      ...offered,
      ...(words.some((word) => word.startsWith("@db.")) ? [] : native),
      this.#offer("@ignore", "attribute", "leaves the field out of Prisma Client", "@ignore", 40),
    ];
  }

  #inBrackets(): readonly Completion[] {
    const { open } = this.#context;
    const [outer] = open;
    const inner = open.at(-1);
    if (outer === undefined || inner === undefined) return [];
    const argument = inner.argument ?? (inner.character === "[" ? outer.argument : undefined);
    if (inner !== outer && inner.character === "(") return this.#keyArguments(inner.argument);
    if (outer.callee === "@relation") return this.#relation(argument, inner.character === "[");
    if (outer.callee === "@default") return this.#defaults();
    if (!/^@@(?:index|unique|id|fulltext)$/.test(outer.callee)) return [];
    if (inner.character === "[") return this.#fields(this.#model());
    if (argument === "type") return indexMethods.map((name, i) => this.#offer(name, "value", "index method", name, i));
    if (argument !== undefined) return [];
    const names = [
      ["fields", "fields: [$1]"],
      ["map", 'map: "$1"'],
      ["name", 'name: "$1"'],
      ...(outer.callee === "@@index" ? [["type", "type: "]] : []),
    ];
    return names.map(([name = "", insert = ""], i) => this.#offer(name, "argument", "", insert, i));
  }

  #relation(argument: string | undefined, isInList: boolean): readonly Completion[] {
    if (argument === "onDelete" || argument === "onUpdate")
      return actions.map(([name, detail], i) => this.#offer(name, "value", detail, name, i));
    const target = this.#names.models.get(bare(this.#context.words[1] ?? ""));
    if (isInList && argument === "fields") return this.#fields(this.#model());
    if (isInList && argument === "references") return this.#fields(target);
    if (argument !== undefined || isInList) return [];
    const named = [
      ["fields", "fields: [$1]"],
      ["references", "references: [$1]"],
      ["onDelete", "onDelete: "],
      ["onUpdate", "onUpdate: "],
      ["name", 'name: "$1"'],
      ["map", 'map: "$1"'],
    ];
    return named.map(([name = "", insert = ""], i) => this.#offer(name, "argument", "", insert, i));
  }

  /** `title(sort: Desc)`. */
  #keyArguments(argument: string | undefined): readonly Completion[] {
    if (argument === "sort") return ["Asc", "Desc"].map((name, i) => this.#offer(name, "value", "", name, i));
    if (argument === "ops") return [this.#offer("raw", "value", "an operator class", 'raw("$1")')];
    return argument === undefined ? ["sort", "ops"].map((name, i) => this.#offer(name, "argument", "", `${name}: `, i)) : [];
  }

  #defaults(): readonly Completion[] {
    const type = bare(this.#context.words[1] ?? "");
    const values = this.#names.enums.get(type)?.values ?? [];
    return [
      ...values.map(({ name }, i) => this.#offer(name.text, "value", type, name.text, i)),
      ...(defaults[type] ?? []).map((value, i) => this.#offer(value.replace("$1", ""), "function", "", value, 100 + i)),
    ];
  }

  #model(): ModelBlock | undefined {
    return this.#names.models.get(this.#context.blockName);
  }

  /** Those that have a column. */
  #fields(model: ModelBlock | undefined): readonly Completion[] {
    return (model?.fields ?? [])
      .filter((field) => !this.#isRelation(field))
      .map((field, i) => this.#offer(field.name.text, "field", field.type?.name.text ?? "", field.name.text, i));
  }

  #isRelation(field: Field): boolean {
    return this.#names.models.has(field.type?.name.text ?? "");
  }

  #offer(label: string, kind: CompletionKind, detail: string, insert: string, rank = 0): Completion {
    return { label, kind, detail, insert, isSnippet: insert.includes("$"), span: this.#span, rank };
  }
}

/** Without `[]`, `?` and arguments. */
function bare(type: string): string {
  return /^\w*/.exec(type)?.[0] ?? "";
}
