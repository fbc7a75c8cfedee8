/** Finding boxes and columns by what somebody types. Pure. */
import type { ErdDiagram, ErdTarget } from "../../protocol/src/erd.ts";

export interface Match {
  readonly target: ErdTarget;
  /** Of the box. */
  readonly key: string;
  /** "orders", "orders.customer_id". */
  readonly label: string;
}

const most = 50;

/** The best first: names that are it, that begin with it, in which a word begins with it, that have it anywhere; boxes before columns. */
export function search(diagram: ErdDiagram, typed: string): readonly Match[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === "") return [];
  const ranked: { readonly rank: number; readonly match: Match }[] = [];
  const look = (match: Match, penalty: number, ...names: readonly (string | undefined)[]): void => {
    const rank = Math.min(...names.map((name) => (name === undefined ? none : rankOf(name.toLowerCase(), wanted))));
    if (rank < none) ranked.push({ rank: rank + penalty, match });
  };
  for (const table of diagram.tables) {
    const { key, name, prismaName } = table;
    look({ target: { kind: "table", key }, key, label: name }, 0, name, prismaName, key);
    for (const column of table.columns)
      look({ target: { kind: "table", key, column: column.name }, key, label: `${name}.${column.name}` }, 4, column.name, column.prismaName, wanted.includes(".") ? `${name}.${column.name}` : undefined);
  }
  for (const { key, name, prismaName } of diagram.enums) look({ target: { kind: "enum", key }, key, label: name }, 0, name, prismaName);
  return ranked
    .sort((a, b) => a.rank - b.rank || a.match.label.length - b.match.label.length || (a.match.label < b.match.label ? -1 : 1))
    .slice(0, most)
    .map(({ match }) => match);
}

const none = 100;

function rankOf(name: string, wanted: string): number {
  if (name === wanted) return 0;
  const at = name.indexOf(wanted);
  if (at < 0) return none;
  if (at === 0) return 1;
  return /[._\s-]/.test(name.charAt(at - 1)) ? 2 : 3;
}
