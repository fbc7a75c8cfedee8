/**
 * The schema that `prisma migrate` would create in PostgreSQL for a set of Prisma schema files, by what Prisma's own
 * schema engine does. A truth test holds it to that: `test/truth/fromPrisma.test.ts`.
 *
 * Views and extensions are listed as the schema declares them; Prisma itself creates no view.
 */
import { argumentNamed } from "../prisma/attributes.ts";
import type { ConfigBlock, PlacedBlock, PrismaFile, Property, Value } from "../prisma/syntax.ts";
import { knownExtensions } from "./fold/extensions.ts";
import type { EnumFacts, ModelFacts } from "./prisma/facts.ts";
import { enumFacts, modelFacts, schemaOf } from "./prisma/facts.ts";
import { noParts, Place } from "./prisma/place.ts";
import { joinTablesOf } from "./prisma/relations.ts";
import type { Meaning, TableContext } from "./prisma/tables.ts";
import { columnNamesOf, isSameMeaning, tableOf } from "./prisma/tables.ts";
import { keyOf } from "./names.ts";
import type { EnumType, Extension, Namespace, Origins, Schema, Sequence, Table, View } from "./schema.ts";

export interface FromPrismaOptions {
  /** The Prisma version: 5, 6 or 7; 7 by default. */
  readonly major?: number | undefined;
  /** What came of the same files before an edit: what still holds of it is found faster. */
  readonly previous?: Schema | undefined;
}

export function fromPrisma(files: readonly PrismaFile[], { major = 7, previous }: FromPrismaOptions = {}): Schema {
  const builder = new Builder(major, previous === undefined ? undefined : declarationsOf.get(previous));
  for (const file of files) for (const placed of file.blocks) builder.declare(placed, new Place(file.uri, placed.block, placed.doc));
  return builder.build(files);
}

interface Declaration {
  readonly meaning: Meaning;
  readonly place: Place;
}

/** By Prisma name: models, views, enums and types share one name space. `names` lasts while all mean the same. */
interface Declarations {
  readonly byName: ReadonlyMap<string, Declaration>;
  readonly names: object;
}

const declarationsOf = new WeakMap<Schema, Declarations>();

class Builder implements TableContext {
  readonly #major: number;
  #emulatesRelations: Origins | undefined;
  #isPostgres = true;
  readonly #previous: Declarations | undefined;
  readonly #declarations = new Map<string, Declaration>();
  #names: object = {};
  readonly #namespaces = new Map<string, Namespace>();
  readonly #extensions = new Map<string, Extension>();
  readonly #tables = new Map<string, Table>();
  readonly #views = new Map<string, View>();
  readonly #enums = new Map<string, EnumType>();
  readonly #sequences = new Map<string, Sequence>();

  constructor(major: number, previous: Declarations | undefined) {
    this.#major = major;
    this.#previous = previous;
  }

  get names(): object {
    return this.#names;
  }

  get hasForeignKeys(): boolean {
    return this.#emulatesRelations === undefined;
  }

  meaningOf(typeName: string): Meaning | undefined {
    return this.#declarations.get(typeName)?.meaning;
  }

  isSequenceName(key: string): boolean {
    return this.#sequences.has(key);
  }

  declare({ block }: PlacedBlock, place: Place): void {
    if ("properties" in block && block.kind === "datasource") this.#readDatasource(block, place);
    if ("properties" in block || block.name === undefined) return;
    const name = block.name.text;
    // Of two with the same name the first one counts; the validator reports the other.
    if (this.#declarations.has(name)) return;
    const meaning = meaningOfBlock(block);
    if (meaning !== undefined) this.#declarations.set(name, { meaning, place });
  }

  build(files: readonly PrismaFile[]): Schema {
    if (this.#previous !== undefined && this.#meansTheSameAs(this.#previous)) this.#names = this.#previous.names;
    if (this.#isPostgres) this.#create();
    const relations = this.#isPostgres && this.#emulatesRelations !== undefined ? { emulatesRelations: this.#emulatesRelations } : {};
    const unread = files
      .filter((file) => file.directive !== undefined)
      .map(({ uri }) => ({
        uri,
        span: { start: 0, end: 0 },
        what: "Prisma 8 schema",
        reason: "Database Architect reads the schema language of Prisma 5 to 7.",
      }));
    const schema: Schema = {
      sources: [{ layer: "prisma", uris: files.map((file) => file.uri), complete: unread.length === 0, unread, ...relations }],
      namespaces: this.#namespaces,
      tables: this.#tables,
      views: this.#views,
      enums: this.#enums,
      domains: new Map(),
      compositeTypes: new Map(),
      sequences: this.#sequences,
      routines: new Map(),
      extensions: this.#extensions,
      grants: [],
      disagreements: [],
    };
    declarationsOf.set(schema, { byName: this.#declarations, names: this.#names });
    return schema;
  }

  #meansTheSameAs({ byName }: Declarations): boolean {
    if (byName.size !== this.#declarations.size) return false;
    for (const [name, { meaning }] of this.#declarations) if (!isSameMeaning(meaning, byName.get(name)?.meaning)) return false;
    return true;
  }

  #create(): void {
    for (const { meaning, place } of this.#declarations.values()) {
      if (meaning.kind === "type") continue;
      this.#addNamespaceOf(meaning.facts, place);
      if (meaning.kind === "enum") this.#addEnum(meaning.facts, place);
      else if (meaning.kind === "model") this.#addTable(meaning.facts, place);
      else this.#addView(meaning.facts, place);
    }
    this.#addJoinTables();
  }

  #addEnum(facts: EnumFacts, place: Place): void {
    const schema = schemaOf(facts);
    const key = keyOf(schema, facts.name);
    if (this.#enums.has(key)) return;
    this.#enums.set(key, {
      name: facts.name,
      origins: place.origins(facts.spot),
      comment: undefined,
      schema,
      key,
      prismaName: facts.prismaName,
      values: [...facts.values.values()],
    });
  }

  #addTable(facts: ModelFacts, place: Place): void {
    if (this.#tables.has(keyOf(schemaOf(facts), facts.name))) return;
    const { table, sequences } = tableOf(facts, place, this);
    this.#tables.set(table.key, table);
    for (const sequence of sequences) this.#sequences.set(sequence.key, sequence);
  }

  #addView(facts: ModelFacts, place: Place): void {
    const schema = schemaOf(facts);
    const key = keyOf(schema, facts.name);
    if (this.#views.has(key)) return;
    this.#views.set(key, {
      name: facts.name,
      origins: place.origins(facts.spot),
      comment: undefined,
      schema,
      key,
      prismaName: facts.prismaName,
      materialized: false,
      columns: columnNamesOf(facts, this),
      query: "",
      reads: [],
      options: new Map(),
      indexes: [],
      triggers: [],
    });
  }

  #addJoinTables(): void {
    const context = {
      findModel: (name: string) => {
        const meaning = this.meaningOf(name);
        return meaning?.kind === "model" ? meaning.facts : undefined;
      },
      columnType: (model: ModelFacts, column: string) => this.#tables.get(keyOf(schemaOf(model), model.name))?.columns.get(column)?.type,
      // https://www.prisma.io/docs/orm/more/upgrade-guides/upgrading-versions/upgrading-to-prisma-6: m-n relations on PostgreSQL
      hasPrimaryKey: this.#major >= 6,
      hasForeignKeys: this.hasForeignKeys,
    };
    for (const { meaning } of this.#declarations.values()) {
      if (meaning.kind !== "model") continue;
      for (const table of joinTablesOf(meaning.facts, context)) {
        if (!this.#tables.has(table.key)) this.#tables.set(table.key, table);
      }
    }
  }

  #addNamespaceOf(facts: ModelFacts | EnumFacts, place: Place): void {
    const schema = schemaOf(facts);
    if (!this.#namespaces.has(schema)) this.#addNamespace(schema, place.origins(facts.spot));
  }

  #addNamespace(name: string, origins: Origins): void {
    if (!this.#namespaces.has(name)) this.#namespaces.set(name, { name, origins, comment: undefined });
  }

  #readDatasource(block: ConfigBlock, place: Place): void {
    for (const property of block.properties) {
      switch (property.name.text) {
        case "provider":
          if (property.value?.kind === "string") this.#isPostgres = ["postgresql", "postgres"].includes(property.value.value);
          break;
        case "relationMode":
        case "referentialIntegrity":
          if (property.value?.kind === "string" && property.value.value === "prisma") {
            this.#emulatesRelations = place.origins({ span: property.span, nameSpan: property.value.span, parts: noParts });
          }
          break;
        case "schemas":
          for (const item of itemsOf(property)) {
            if (item.kind === "string") this.#addNamespace(item.value, place.origins({ span: item.span, nameSpan: item.span, parts: noParts }));
          }
          break;
        case "extensions":
          for (const item of itemsOf(property)) this.#addExtension(item, place);
          break;
      }
    }
  }

  /** `pg_trgm`, or `uuidOssp(map: "uuid-ossp", schema: "extensions")`. */
  #addExtension(item: Value, place: Place): void {
    if (item.kind !== "path" && item.kind !== "call") return;
    const map = item.kind === "call" ? argumentNamed(item, "map") : undefined;
    const schema = item.kind === "call" ? argumentNamed(item, "schema") : undefined;
    const ownName = item.kind === "call" ? item.name.text : item.text;
    const name = map?.kind === "string" ? map.value : ownName;
    const origins = place.origins({ span: item.span, nameSpan: item.span, parts: noParts });
    const stated = schema?.kind === "string" ? schema.value : undefined;
    this.#extensions.set(name, { name, origins, comment: undefined, schema: stated ?? knownExtensions.get(name)?.schema ?? "public" });
  }
}

function meaningOfBlock(block: Exclude<PlacedBlock["block"], ConfigBlock>): Meaning | undefined {
  if (block.kind === "enum") {
    const facts = enumFacts(block);
    return facts === undefined ? undefined : { kind: "enum", facts };
  }
  if (block.kind === "type") return { kind: "type" };
  const facts = modelFacts(block);
  return facts === undefined ? undefined : { kind: block.kind, facts };
}

function itemsOf(property: Property): readonly Value[] {
  return property.value?.kind === "array" ? property.value.items : [];
}
