/** What reading a call has to know of a Prisma schema: its models' fields by their names in the client, and its enums. */
import { attributeNamed, mappedName, stringArgument } from "../prisma/attributes.ts";
import type { Field, ModelBlock, PrismaFile } from "../prisma/syntax.ts";

export interface CallModels {
  /** By the name of the client's property, `contact` for the model `Contact`. */
  readonly byProperty: ReadonlyMap<string, CallModel>;
  readonly byName: ReadonlyMap<string, CallModel>;
  readonly enums: ReadonlyMap<string, CallEnum>;
}

export interface CallEnum {
  /** As the client names them. */
  readonly values: readonly string[];
  /** The type in SQL, with its schema, quoted. */
  readonly sqlName: string;
}

export interface CallModel {
  readonly name: string;
  readonly fields: ReadonlyMap<string, CallField>;
  /** The fields of its key, else of the first thing that is unique; and the name under which a key of several fields is given. */
  readonly key: { readonly fields: readonly string[]; readonly name: string | undefined } | undefined;
}

export interface CallField {
  readonly name: string;
  readonly kind: "scalar" | "enum" | "relation";
  /** `String`, the name of an enum, or the model that a relation leads to. */
  readonly type: string;
  readonly isList: boolean;
  /** Whether a new row must be given it: not optional, no list, no default. */
  readonly isRequired: boolean;
  /** A part of a foreign key or of the key of its model. */
  readonly isKey: boolean;
  /** For a relation: the fields of its foreign key on this side. */
  readonly through: readonly string[];
}

/** A file that is half typed gives what it has. */
export function callModels(files: readonly PrismaFile[]): CallModels {
  const blocks = files.flatMap((file) => file.blocks.map(({ block }) => block));
  const enums = new Map<string, CallEnum>();
  for (const block of blocks) {
    if (block.kind !== "enum" || block.name === undefined) continue;
    const schema = stringArgument(attributeNamed(block.attributes, "schema"), "map", true) ?? "public";
    const sqlName = [schema, mappedName(block.attributes) ?? block.name.text].map((part) => `"${part.replaceAll('"', '""')}"`).join(".");
    enums.set(block.name.text, { values: block.values.map(({ name }) => name.text), sqlName });
  }
  const models = blocks.flatMap((block) => (block.kind === "model" || block.kind === "view" ? [block] : []));
  const names = new Set(models.map((block) => block.name?.text ?? ""));
  const byName = new Map<string, CallModel>();
  for (const block of models) {
    if (block.name !== undefined) byName.set(block.name.text, modelOf(block, block.name.text, names, enums));
  }
  return { byProperty: new Map([...byName.values()].map((model) => [clientProperty(model.name), model])), byName, enums };
}

/** The client's property for a model: its name with a small first letter. */
export function clientProperty(model: string): string {
  return `${model.slice(0, 1).toLowerCase()}${model.slice(1)}`;
}

function modelOf(block: ModelBlock, name: string, models: ReadonlySet<string>, enums: CallModels["enums"]): CallModel {
  const key = keyOf(block);
  const keys = new Set([...(key?.fields ?? []), ...block.fields.flatMap((field) => fieldsNamed(attributeNamed(field.attributes, "relation")?.arguments ?? [], "fields"))]);
  const fields = block.fields.flatMap((field) => fieldOf(field, keys, models, enums) ?? []);
  return { name, fields: new Map(fields.map((field) => [field.name, field])), key };
}

function fieldOf(field: Field, keys: ReadonlySet<string>, models: ReadonlySet<string>, enums: CallModels["enums"]): CallField | undefined {
  const { type } = field;
  if (type === undefined || attributeNamed(field.attributes, "ignore") !== undefined) return undefined;
  const name = type.name.text;
  const kind = models.has(name) ? "relation" : enums.has(name) ? "enum" : "scalar";
  const isGiven = attributeNamed(field.attributes, "default") !== undefined || attributeNamed(field.attributes, "updatedAt") !== undefined;
  const through = fieldsNamed(attributeNamed(field.attributes, "relation")?.arguments ?? [], "fields");
  return { name: field.name.text, kind, through, type: name, isList: type.isList, isRequired: kind !== "relation" && !type.isOptional && !type.isList && !isGiven, isKey: keys.has(field.name.text) };
}

function keyOf(block: ModelBlock): CallModel["key"] {
  for (const attribute of ["id", "unique"]) {
    const own = block.fields.find((field) => attributeNamed(field.attributes, attribute) !== undefined);
    if (own !== undefined) return { fields: [own.name.text], name: undefined };
    const whole = attributeNamed(block.attributes, attribute);
    if (whole === undefined) continue;
    const fields = fieldsNamed(whole.arguments, "fields");
    const [only] = fields;
    const given = whole.arguments.find((argument) => argument.name?.text === "name")?.value;
    if (only !== undefined) return { fields, name: fields.length === 1 ? undefined : given?.kind === "string" ? given.value : fields.join("_") };
  }
  return undefined;
}

/** The fields of `fields: [a, b]`, or of the first list without a name. */
function fieldsNamed(given: ModelBlock["attributes"][number]["arguments"], name: string): readonly string[] {
  const list = (given.find((argument) => argument.name?.text === name) ?? given.find((argument) => argument.name === undefined))?.value;
  if (list?.kind !== "array") return [];
  return list.items.flatMap((item) => (item.kind === "path" ? [item.text] : item.kind === "call" ? [item.name.text] : []));
}
