/** What the names of a Prisma schema stand for in the schema of its database. */
import { attributeNamed, argumentNamed, mappedName, stringArgument } from "../prisma/attributes.ts";
import type { Mapped, PrismaReference } from "../prisma/references.ts";
import type { Attribute, Block, EnumBlock, Field, ModelBlock, PlacedBlock, PrismaFile } from "../prisma/syntax.ts";
import { lookup } from "../model/lookup.ts";
import type { Element, Schema, Table } from "../model/schema.ts";
import { constraintNamed, type SchemaObject } from "./schemaObject.ts";

/** A block and the file it stands in. */
export interface BlockInFile {
  readonly uri: string;
  readonly placed: PlacedBlock;
}

export class PrismaNames {
  readonly schema: Schema;
  readonly #blocks = new Map<string, BlockInFile>();

  constructor(schema: Schema, files: readonly PrismaFile[]) {
    this.schema = schema;
    for (const { uri, blocks } of files) {
      for (const placed of blocks) {
        const name = placed.block.name?.text;
        if (name !== undefined && !("properties" in placed.block) && !this.#blocks.has(name)) this.#blocks.set(name, { uri, placed });
      }
    }
  }

  /** The model, view, enum or composite type of that name. */
  block(name: string): BlockInFile | undefined {
    return this.#blocks.get(name);
  }

  /** Undefined for scalar types, for names that nothing defines, and where the database has nothing of its own. */
  resolve(reference: PrismaReference): SchemaObject | undefined {
    switch (reference.kind) {
      case "type":
        return blocksNamed(this.schema, reference.name);
      case "field":
        return this.field(reference.model, reference.name);
      case "enumValue":
        return this.#enumValue(reference.enum, reference.name);
      case "mappedName":
        return this.#mapped(reference.of);
    }
  }

  /** The column of a field, or the foreign key of a relation field, on whichever side it stands; of a many-to-many relation the join table. */
  field(model: string, name: string): SchemaObject | undefined {
    const owner = blocksNamed(this.schema, model);
    const field = this.fieldOf(model, name);
    if (owner?.kind === "view") {
      const column = field === undefined ? name : (mappedName(field.attributes) ?? name);
      return owner.view.columns.includes(column) ? { kind: "viewColumn", view: owner.view, name: column } : undefined;
    }
    if (owner?.kind !== "table") return undefined;
    const { table } = owner;
    for (const column of table.columns.values()) if (column.prismaName === name) return { kind: "column", table, column };
    const constraint = table.foreignKeys.find((key) => key.prismaName === name);
    if (constraint !== undefined) return { kind: "constraint", table, constraint };
    return field === undefined ? undefined : this.#opposite(table, model, field);
  }

  /** The key or index that an attribute states. */
  attribute(block: Block, attribute: Attribute): SchemaObject | undefined {
    const owner = block.name === undefined ? undefined : blocksNamed(this.schema, block.name.text);
    if (owner?.kind !== "table") return undefined;
    const { table } = owner;
    const { start } = attribute.span;
    const isStatedHere = ({ origins }: Element): boolean =>
      origins.some((origin) => origin.kind === "prisma" && origin.anchor === block && origin.parts?.["attribute"]?.start === start);
    const index = table.indexes.find(isStatedHere);
    if (index !== undefined) return { kind: "index", on: table, index };
    const constraint = table.foreignKeys.find(isStatedHere);
    return constraint === undefined ? undefined : { kind: "constraint", table, constraint };
  }

  fieldOf(model: string, name: string): Field | undefined {
    return this.#model(model)?.fields.find((field) => field.name.text === name);
  }

  /** What the database calls a value of an enum. */
  databaseValue({ name, attributes }: EnumBlock["values"][number]): string {
    return mappedName(attributes) ?? name.text;
  }

  /** The key of a relation that stands on the other side. */
  #opposite(table: Table, model: string, field: Field): SchemaObject | undefined {
    const type = field.type?.name.text ?? "";
    const other = blocksNamed(this.schema, type);
    if (other?.kind !== "table") return undefined;
    const relation = relationName(field);
    const opposite = this.#model(type)?.fields.find(
      (one) => one.type?.name.text === model && one !== field && relationName(one) === relation && holdsKey(one),
    );
    const constraint = other.table.foreignKeys.find((key) => key.prismaName !== undefined && key.prismaName === opposite?.name.text);
    if (constraint !== undefined) return { kind: "constraint", table: other.table, constraint };
    return field.type?.isList === true ? joinTableOf(this.schema, table, other.table, relation) : undefined;
  }

  #enumValue(name: string, value: string): SchemaObject | undefined {
    const found = blocksNamed(this.schema, name);
    const block = this.#blocks.get(name)?.placed.block;
    if (found?.kind !== "enum" || block?.kind !== "enum") return undefined;
    const stated = block.values.find((one) => one.name.text === value);
    return { kind: "enumValue", type: found.type, value: stated === undefined ? value : this.databaseValue(stated) };
  }

  #mapped(of: Mapped): SchemaObject | undefined {
    if (of.kind === "type") return blocksNamed(this.schema, of.name);
    if (of.kind === "field") return this.field(of.model, of.name);
    if (of.kind === "enumValue") return this.#enumValue(of.enum, of.name);
    const owner = blocksNamed(this.schema, of.model);
    if (owner?.kind !== "table") return undefined;
    const { table } = owner;
    const constraint = constraintNamed(table, of.name);
    if (constraint !== undefined) return { kind: "constraint", table, constraint };
    const index = table.indexes.find((one) => one.name === of.name);
    return index === undefined ? undefined : { kind: "index", on: table, index };
  }

  #model(name: string): ModelBlock | undefined {
    const block = this.#blocks.get(name)?.placed.block;
    return block !== undefined && "fields" in block ? block : undefined;
  }
}

/** Tables, views and enums by Prisma's name. */
const blocksNamed = lookup((schema) => {
  const byName = new Map<string, SchemaObject>();
  const add = (name: string | undefined, object: SchemaObject): void => {
    if (name !== undefined && !byName.has(name)) byName.set(name, object);
  };
  for (const table of schema.tables.values()) add(table.prismaName, { kind: "table", table });
  for (const view of schema.views.values()) add(view.prismaName, { kind: "view", view });
  for (const type of schema.enums.values()) add(type.prismaName, { kind: "enum", type });
  return (name): SchemaObject | undefined => byName.get(name);
});

/** https://www.prisma.io/docs/orm/prisma-schema/data-model/relations/many-to-many-relations: `_AToB`, or `_name`. */
function joinTableOf(schema: Schema, a: Table, b: Table, relation: string | undefined): SchemaObject | undefined {
  for (const table of schema.tables.values()) {
    if (table.origins[0].kind !== "implied") continue;
    if (relation !== undefined && table.name !== `_${relation}`) continue;
    const targets = table.foreignKeys.map((key) => key.references.key);
    if (targets.length === 2 && targets.includes(a.key) && targets.includes(b.key)) return { kind: "table", table };
  }
  return undefined;
}

function relationName(field: Field): string | undefined {
  return stringArgument(attributeNamed(field.attributes, "relation"), "name", true);
}

function holdsKey(field: Field): boolean {
  const relation = attributeNamed(field.attributes, "relation");
  return relation !== undefined && argumentNamed(relation, "fields") !== undefined;
}
