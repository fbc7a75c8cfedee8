/**
 * The text of `.database-architect/erd.json`, where tables stay that a person moved. Sorted, one line a table, whole
 * numbers: a review shows what was moved, and two people rarely touch the same line.
 */
import * as v from "valibot";
import type { ErdFile, ErdPositions } from "./erd.ts";
import { coordinateShape } from "./erdShapes.ts";

/** Relative to the folder of the project. */
export const erdFilePath = ".database-architect/erd.json";

/** Undefined when there is nothing to keep. Keys are sorted by code unit, which is the same on every machine. */
export function formatErdFile(positions: ErdPositions): string | undefined {
  const lines = Object.entries(positions)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([key, { x, y }]) => `    ${JSON.stringify(key)}: { "x": ${whole(x)}, "y": ${whole(y)} }`);
  return lines.length === 0 ? undefined : `{\n  "version": 1,\n  "positions": {\n${lines.join(",\n")}\n  }\n}\n`;
}

/** What a file holds after boxes were moved. `boxes` are the keys of all there are: places of others go; undefined when that is not known. */
export function keptPositions(before: ErdPositions, moved: ErdPositions, boxes: ReadonlySet<string> | undefined): ErdPositions {
  const standing = Object.entries(before).filter(([key]) => boxes === undefined || boxes.has(key));
  return { ...Object.fromEntries(standing), ...moved };
}

export interface ErdFileRead {
  /** All that can be made out, whatever else is wrong. */
  readonly positions: ErdPositions;
  /** What is wrong with it, as the end of a sentence: "has conflicts of a merge in it". Whoever wrote the file over would lose something. */
  readonly problem?: string;
}

/** Never throws. Of two sides of a conflict, the later one's places. */
export function readErdFile(text: string): ErdFileRead {
  const written = jsonIn(text);
  if (written === undefined) {
    const problem = /^(?:<{7}|>{7}) /m.test(text) ? "has conflicts of a merge in it" : "is not valid JSON";
    return { positions: positionsInLines(text), problem };
  }
  const outline = v.safeParse(outlineShape, written.value);
  if (!outline.success) return { positions: {}, problem: versionOf(written.value) === undefined ? "holds no positions of tables" : `has version ${JSON.stringify(versionOf(written.value))}, which only another release of this extension can read` };
  const { version: _, positions, ...others } = outline.output;
  const good = Object.entries(positions).flatMap(([key, place]) => {
    const parsed = v.safeParse(placeShape, place);
    return parsed.success ? [[key, parsed.output] as const] : [];
  });
  const bad = Object.keys(positions).filter((key) => !good.some(([one]) => one === key));
  const [unknown] = Object.keys(others);
  const problem = bad.length > 0 ? `has no x and y in numbers for ${named(bad)}` : unknown === undefined ? undefined : `has ${JSON.stringify(unknown)} in it, which means nothing there`;
  return { positions: Object.fromEntries(good), ...(problem === undefined ? {} : { problem }) };
}

const placeShape = v.strictObject({ x: coordinateShape, y: coordinateShape });

/** What lies beside the known parts is seen as well. */
const outlineShape = v.looseObject({ version: v.literal(1), positions: v.record(v.string(), v.unknown()) }) satisfies v.GenericSchema<unknown, { readonly [Part in keyof ErdFile]: unknown }>;

function jsonIn(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function versionOf(value: unknown): unknown {
  return typeof value === "object" && value !== null && "version" in value && value.version !== 1 ? value.version : undefined;
}

/** One line a table is what `formatErdFile` writes, so that a line can be read where the whole cannot. */
function positionsInLines(text: string): ErdPositions {
  const places = [...text.matchAll(/^\s*("(?:[^"\\]|\\.)*"): \{ ("x": [^}]*) \},?\s*$/gm)].flatMap(([, key = "", place = ""]) => {
    const [name, where] = [jsonIn(key)?.value, v.safeParse(placeShape, jsonIn(`{${place}}`)?.value)];
    return typeof name === "string" && where.success ? [[name, where.output] as const] : [];
  });
  return Object.fromEntries(places);
}

function named(keys: readonly string[]): string {
  return keys.length <= 3 ? keys.join(", ") : `${keys.slice(0, 3).join(", ")} and ${keys.length - 3} more`;
}

/** Never "-0". */
function whole(value: number): string {
  return String(Math.round(value));
}
