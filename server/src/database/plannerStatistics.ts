/** What a planner knows of tables: how many blocks and rows, and of each column how its values are spread. */

export interface PlannerStatistics {
  readonly relations: readonly RelationStatistics[];
  readonly columns: readonly ColumnStatistics[];
}

/** Of a table or an index. */
export interface RelationStatistics {
  readonly schema: string;
  readonly name: string;
  /** Of 8 kB, as its files are now. */
  readonly blocks: number;
  /** -1: never counted. */
  readonly rows: number;
  /** Blocks in which every row is visible to everybody. */
  readonly visibleBlocks: number;
}

/** As pg_stats has them; lists in PostgreSQL's text form. https://www.postgresql.org/docs/current/view-pg-stats.html */
export interface ColumnStatistics {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly isInherited: boolean;
  readonly nullFraction: number;
  /** Bytes. */
  readonly width: number;
  /** Negative: a share of the rows. */
  readonly distinct: number;
  readonly commonValues: string | null;
  readonly commonFrequencies: string | null;
  readonly histogram: string | null;
  readonly correlation: number | null;
  readonly commonElements: string | null;
  readonly commonElementFrequencies: string | null;
  readonly elementCounts: string | null;
}
