/** Relations as edits of a Prisma schema: a new one on both of its sides, and what an update of the key does. */
import type { Table, TextOrigin } from "../../model/schema.ts";
import type { Edit } from "../../text/edit.ts";
import type { Intent } from "../intent.ts";
import { endOfLine, indentAt, insertAt } from "../lines.ts";
import { refuse, type Refusal } from "../refusal.ts";
import { fieldNames, prismaActions } from "./renderPrisma.ts";

type IntentTo<Kind extends Intent["do"]> = Extract<Intent, { do: Kind }>;

/** A model with the text it stands in. */
interface PlacedModel {
  readonly text: string;
  readonly origin: TextOrigin;
}

/** The relation field stands below the last of its scalar fields, the list of children below the parent's last field. */
export function addPrismaRelation(
  child: PlacedModel,
  parent: PlacedModel,
  intent: IntentTo<"addForeignKey">,
): { readonly child: readonly Edit[]; readonly parent: readonly Edit[] } | Refusal {
  const { table, columns, referenced, referencedColumns, onDelete } = intent;
  const fields = fieldNames(table, columns);
  const references = fieldNames(referenced, referencedColumns);
  const last = columns.at(-1);
  const scalar = last === undefined ? undefined : table.columns.get(last)?.origins.find((origin) => origin.kind === "prisma");
  const lastField = parent.origin.parts?.["lastField"];
  if (fields === undefined || references === undefined || scalar?.kind !== "prisma" || lastField === undefined)
    return refuse(`The relation from ${table.name} to ${referenced.name} cannot name all its fields.`);
  const [childModel, parentModel] = [table.prismaName ?? table.name, referenced.prismaName ?? referenced.name];
  const field = freeField(child, [withoutId(fields.at(-1) ?? ""), lowerFirst(parentModel)]);
  const list = field === undefined ? undefined : freeField(parent, [plural(childModel), `${plural(childModel)}By${upperFirst(field)}`]);
  if (field === undefined || list === undefined)
    return refuse(`${childModel} and ${parentModel} have other fields of the names a relation would take.`);
  const isOptional = columns.every((column) => table.columns.get(column)?.notNull === false);
  const name = needsName(table, referenced) ? JSON.stringify(`${childModel}_${field}`) : undefined;
  const relation = `@relation(${name === undefined ? "" : `${name}, `}fields: [${fields.join(", ")}], references: [${references.join(", ")}], onDelete: ${prismaActions[onDelete]})`;
  return {
    child: [lineBelow(child.text, scalar, field, `${parentModel}${isOptional ? "?" : ""} ${relation}`)],
    parent: [
      lineBelow(
        parent.text,
        { ...parent.origin, span: lastField },
        list,
        `${childModel}[]${name === undefined ? "" : ` @relation(${name})`}`,
      ),
    ],
  };
}

export function setPrismaOnUpdate(relation: TextOrigin, { action }: IntentTo<"setOnUpdate">): readonly Edit[] | Refusal {
  const stated = relation.parts?.["onUpdate"];
  if (stated !== undefined) return [{ span: stated, text: prismaActions[action] }];
  const before = relation.parts?.["onDelete"] ?? relation.parts?.["references"] ?? relation.parts?.["fields"];
  return before === undefined
    ? refuse("The relation does not name its fields yet.")
    : [insertAt(before.end, `, onUpdate: ${prismaActions[action]}`)];
}

/** Two relations between the same models are told apart by a name, and so are the sides of one within a model. */
function needsName(table: Table, referenced: Table): boolean {
  return (
    table.key === referenced.key ||
    table.foreignKeys.some((key) => key.references.key === referenced.key) ||
    referenced.foreignKeys.some((key) => key.references.key === table.key)
  );
}

/** A field on a line of its own, its type lined up with the one of the field above. */
function lineBelow(text: string, above: TextOrigin, name: string, rest: string): Edit {
  const written = /^(\w+[ \t]+)/.exec(text.slice(above.span.start, above.span.end))?.[1] ?? "";
  return insertAt(
    endOfLine(text, above.span.end),
    `\n${indentAt(text, above.span.start)}${name.padEnd(Math.max(name.length + 1, written.length))}${rest}`,
  );
}

/** The first of these names that no field of the model has. */
function freeField({ text, origin }: PlacedModel, names: readonly string[]): string | undefined {
  const block = text.slice(origin.span.start, origin.span.end);
  return names.find((name) => /^[A-Za-z]\w*$/.test(name) && !new RegExp(String.raw`^\s*${name}\s`, "m").test(block));
}

function withoutId(field: string): string {
  return field.replace(/(?:_id|Id|ID)$/, "");
}

function plural(model: string): string {
  const name = lowerFirst(model);
  if (/s$/.test(name) && !/(?:ss|us)$/.test(name)) return name;
  if (/(?:ss|us|x|ch|sh)$/.test(name)) return `${name}es`;
  return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`;
}

function lowerFirst(name: string): string {
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

function upperFirst(name: string): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
