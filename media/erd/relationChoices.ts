/** Which columns of a table could refer to which tables: what a drag from one to the other would find out. Pure. */
import type { ErdColumn, ErdDiagram, ErdTable } from "../../protocol/src/erd.ts";

/** In attribute order, the columns of a table that refer to none yet and that some table has a key for. */
export function tieableColumns(diagram: ErdDiagram, table: ErdTable): readonly ErdColumn[] {
  return table.columns.filter((column) => !column.foreignKey && tablesFor(diagram, table, column).length > 0);
}

/** Tables with a primary key of one column of that type; first those that the column is named after: `customer_id`, `customerId` after customers. */
export function tablesFor(diagram: ErdDiagram, table: ErdTable, column: ErdColumn): readonly ErdTable[] {
  const fitting = diagram.tables.filter((other) => {
    const [key, ...others] = other.columns.filter(({ primaryKey }) => primaryKey);
    return other.kind === "table" && key !== undefined && others.length === 0 && key.type === column.type && !(other === table && key === column);
  });
  const wanted = wordsOf(column.prismaName ?? column.name);
  const isNamedAfter = ({ name, prismaName }: ErdTable): boolean => [name, prismaName ?? name].some((one) => wanted.includes(singular(one)));
  return [...fitting.filter(isNamedAfter), ...fitting.filter((one) => !isNamedAfter(one))];
}

/** What a column may be named after: all of it and all but its last word, in one spelling. */
function wordsOf(column: string): readonly string[] {
  const words = column.replaceAll(/([a-z\d])([A-Z])/g, "$1_$2").toLowerCase().split(/[_\W]+/);
  return [words, words.slice(0, -1)].map((some) => singular(some.join("")));
}

function singular(name: string): string {
  return name.toLowerCase().replaceAll(/[_\W]+/g, "").replace(/ies$/, "y").replace(/(?<=[^s])s$/, "");
}
