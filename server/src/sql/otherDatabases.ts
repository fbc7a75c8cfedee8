/** SQL of other databases than PostgreSQL, by its folder or name: products that run on several keep a folder or a file for each. */

export interface OtherDatabase {
  /** `MySQL` */
  readonly name: string;
  /** Of the folder, such as `db/mysql`, or of the file that is called so. */
  readonly path: string;
}

const names: ReadonlyMap<string, string> = new Map([
  ["mysql", "MySQL"],
  ["mariadb", "MariaDB"],
  ["sqlite", "SQLite"],
  ["sqlite3", "SQLite"],
  ["mssql", "SQL Server"],
  ["sqlserver", "SQL Server"],
  ["clickhouse", "ClickHouse"],
  ["duckdb", "DuckDB"],
]);
/** Words that mean other things as well, where no folder beside them is PostgreSQL's. */
const besideOurs: ReadonlyMap<string, string> = new Map([
  ["oracle", "Oracle"],
  ["h2", "H2"],
  ["db2", "Db2"],
]);
const ours = /^(?:postgres(?:ql)?|pgsql|pg)$/;

/** By path, `/`-separated as those given; those of PostgreSQL are left out. */
export function otherDatabases(paths: readonly string[]): ReadonlyMap<string, OtherDatabase> {
  const withOurs = new Set(paths.flatMap((path) => levelsOf(path).flatMap(({ words, above }) => (words.some((word) => ours.test(word)) ? [above] : []))));
  const found = new Map<string, OtherDatabase>();
  for (const path of paths) {
    // The innermost that names a database says which.
    for (const level of levelsOf(path).toReversed()) {
      if (level.words.some((word) => ours.test(word))) break;
      const name = level.words.flatMap((word) => names.get(word) ?? (withOurs.has(level.above) ? besideOurs.get(word) : undefined) ?? [])[0];
      if (name === undefined) continue;
      found.set(path, { name, path: level.path });
      break;
    }
  }
  return found;
}

interface Level {
  readonly path: string;
  readonly above: string;
  /** A folder's name; what a file's name consists of, as in `schema.mysql.sql`. */
  readonly words: readonly string[];
}

/** From the outermost folder to the file itself. */
function levelsOf(path: string): readonly Level[] {
  const parts = path.split("/");
  return parts.map((part, i) => ({
    path: parts.slice(0, i + 1).join("/"),
    above: parts.slice(0, i).join("/"),
    words: i < parts.length - 1 ? [part.toLowerCase()] : part.toLowerCase().replace(/\.sql$/, "").split("."),
  }));
}
