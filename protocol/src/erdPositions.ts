/**
 * `.database-architect/erd.json`: where people have put tables in their diagrams. Sorted, one line a table, whole
 * numbers, so that a review shows what was moved and two people rarely touch the same line.
 */
import * as v from "valibot";

/** Relative to the workspace folder. */
export const positionsPath = ".database-architect/erd.json";

/** Left and top of a table by its key, in the units of the diagram. */
export type Positions = Readonly<Record<string, readonly [x: number, y: number]>>;

/** By what a diagram is of: the path of the schema or of the migrations, relative to the workspace folder. */
export type PositionsByDiagram = Readonly<Record<string, Positions>>;

/** What a file says; undefined when it is no such file. Never throws. */
export function parsePositions(text: string): PositionsByDiagram | undefined {
  try {
    const parsed = v.safeParse(fileShape, JSON.parse(text));
    return parsed.success ? parsed.output.diagrams : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The text of a file; undefined when there is nothing to keep. */
export function formatPositions(byDiagram: PositionsByDiagram): string | undefined {
  const diagrams = sorted(byDiagram).filter(([, positions]) => Object.keys(positions).length > 0);
  if (diagrams.length === 0) return undefined;
  const written = diagrams.map(([path, positions]) => {
    const lines = sorted(positions).map(([table, [x, y]]) => `      ${JSON.stringify(table)}: [${Math.round(x)}, ${Math.round(y)}]`);
    return `    ${JSON.stringify(path)}: {\n${lines.join(",\n")}\n    }`;
  });
  return `{\n  "version": 1,\n  "diagrams": {\n${written.join(",\n")}\n  }\n}\n`;
}

/** With another diagram in place of the one of that name. */
export function withPositions(byDiagram: PositionsByDiagram, path: string, positions: Positions): PositionsByDiagram {
  return Object.fromEntries([...Object.entries(byDiagram).filter(([other]) => other !== path), [path, positions]]);
}

const coordinate = v.pipe(v.number(), v.minValue(-1e7), v.maxValue(1e7));
const positionsShape = v.record(v.string(), v.pipe(v.tuple([coordinate, coordinate]), v.readonly()));
const fileShape = v.object({ version: v.literal(1), diagrams: v.record(v.string(), positionsShape) });

/** By code unit, which is the same on every machine. */
function sorted<Value>(record: Readonly<Record<string, Value>>): (readonly [string, Value])[] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}
