/** Other names in Prisma for what the database has: the name wherever the schema says it, and `@map` beside it. */
import type { TextOrigin } from "../../model/schema.ts";
import type { Edit, FileEdit } from "../../text/edit.ts";
import type { DesignIntent } from "../intents/designIntent.ts";
import { endOfLine, indentAt, insertAt, isBlankLine, startOfLine } from "../lines.ts";
import { fieldsNamed, isWord, type PrismaToken, type WrittenField, type WrittenModel, writtenModels } from "./prismaText.ts";
import { refuse, type Refusal } from "../refusal.ts";

type MapName = Extract<DesignIntent, { do: "mapName" }>;

/** `stated` is where the model or the field stands. */
export function mapPrismaName(
  intent: MapName,
  stated: TextOrigin,
  readText: (uri: string) => string | undefined,
): readonly FileEdit[] | Refusal {
  const { table, column, name } = intent;
  const model = table.prismaName;
  if (model === undefined || (column !== undefined && column.prismaName === undefined)) return refuse(`${table.name} is no Prisma model.`);
  if (!/^[A-Za-z]\w*$/.test(name)) return refuse(`${name} is no name in Prisma.`);
  const edits: FileEdit[] = [];
  for (const uri of new Set([stated.uri, ...intent.files])) {
    const text = readText(uri);
    if (text === undefined) return refuse(`${uri} cannot be read.`);
    const uses: PrismaToken[] = [];
    for (const written of writtenModels(text)) {
      uses.push(...(column === undefined ? usesOfModel(written, model) : usesOfField(written, model, column.prismaName ?? "")));
    }
    const changes = uses.map(({ span }): Edit => ({ span, text: name }));
    if (uri === stated.uri) changes.push(...mapped(text, intent, stated));
    if (changes.length > 0) edits.push({ kind: "change", uri, edits: changes });
  }
  return edits;
}

function usesOfModel({ name, fields }: WrittenModel, model: string): readonly PrismaToken[] {
  return [name, ...fields.flatMap(({ type }) => type ?? [])].filter((token) => token.text === model);
}

function usesOfField(written: WrittenModel, model: string, field: string): readonly PrismaToken[] {
  const isOwn = written.name.text === model;
  const uses: PrismaToken[] = [];
  for (const { name, type, rest } of written.fields) {
    if (isOwn) uses.push(name, ...fieldsNamed(rest, "fields"));
    if (type?.text === model) uses.push(...fieldsNamed(rest, "references"));
  }
  if (isOwn) for (const attribute of written.attributes) uses.push(...fieldsNamed(attribute, "fields"), ...inObjects(attribute));
  return uses.filter((token) => token.text === field);
}

/** The keys of `where: { deletedAt: null }`. */
function inObjects(tokens: readonly PrismaToken[]): readonly PrismaToken[] {
  return tokens.filter(
    (token, i) => isWord(token) && tokens[i + 1]?.text === ":" && (tokens[i - 1]?.text === "{" || isInBraces(tokens, i)),
  );
}

function isInBraces(tokens: readonly PrismaToken[], at: number): boolean {
  let depth = 0;
  for (let i = 0; i < at; i++) {
    if (tokens[i]?.text === "{") depth += 1;
    if (tokens[i]?.text === "}") depth -= 1;
  }
  return depth > 0;
}

/** The attribute that keeps the database's name; none where one is there already. */
function mapped(text: string, { table, column }: MapName, stated: TextOrigin): readonly Edit[] {
  if (column !== undefined) {
    return stated.parts?.["map"] === undefined ? [insertAt(stated.span.end, ` @map(${JSON.stringify(column.name)})`)] : [];
  }
  const model = writtenModels(text).find(({ name }) => name.span.start === stated.nameSpan.start);
  const close = stated.parts?.["close"];
  if (model === undefined || close === undefined || model.attributes.some(([, word]) => word?.text === "map")) return [];
  const attribute = `@@map(${JSON.stringify(table.name)})`;
  const last = model.attributes.at(-1)?.[0];
  if (last !== undefined) {
    const lastAttribute = stated.parts?.["lastAttribute"] ?? last.span;
    return [insertAt(endOfLine(text, lastAttribute.end), `\n${indentAt(text, lastAttribute.start)}${attribute}`)];
  }
  const field: WrittenField | undefined = model.fields[0];
  const line = startOfLine(text, close.start);
  const isAfterBlank = line > 0 && isBlankLine(text, startOfLine(text, line - 1));
  const indent = field === undefined ? "  " : indentAt(text, field.name.span.start);
  return [insertAt(line, `${isAfterBlank ? "" : "\n"}${indent}${attribute}\n`)];
}
