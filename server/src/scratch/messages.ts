/** What the process of a scratch database is asked and what it answers: plain values, as processes pass them on. */

/** What the process is started with. */
export interface ScratchStart {
  /** Folder (`file:` address) with PostgreSQL as WebAssembly, its support files, an empty cluster and `extensions/`. */
  readonly assets: string;
  /** Names of extensions, which must be known to `extensions.ts`. */
  readonly extensions: readonly string[];
  /** Path of a cluster that was kept; undefined for the empty one of `assets`. */
  readonly cluster: string | undefined;
  /** Path of a folder with a cluster, instead of both: it is worked on as it lies, on disk and not in memory. */
  readonly folder?: string | undefined;
  /** What each session has in place of PostgreSQL's defaults, by name. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

export type ScratchRequest =
  /** Runs each text by the simple protocol, to the first that fails. */
  | { readonly kind: "replay"; readonly texts: readonly string[]; readonly goesOn: boolean }
  | { readonly kind: "describe"; readonly text: string }
  | {
      readonly kind: "explain";
      readonly text: string;
      readonly values: readonly (string | null)[] | undefined;
      readonly analyze: boolean;
      /** In the transaction under way, which goes on, instead of one of its own. */
      readonly isWithin?: boolean | undefined;
    }
  /** Makes files of relations look as large as they would be with rows; a file that is to be read must have its own size again. */
  | { readonly kind: "resize"; readonly files: readonly ResizedFile[] }
  /** Writes the cluster as it is to a file, for `cluster` of a later start. */
  | { readonly kind: "keep"; readonly file: string }
  /** One statement by the extended protocol; values and results in PostgreSQL's text form, results converted as `pg` does. */
  | { readonly kind: "query"; readonly text: string; readonly values: readonly unknown[] };

export type ScratchReply =
  /** One entry for each text that was tried. */
  | { readonly kind: "replayed"; readonly failures: readonly (SqlFailure | undefined)[] }
  | { readonly kind: "described"; readonly description: Description }
  | { readonly kind: "explained"; readonly plan: string; readonly parameters: readonly string[] }
  | { readonly kind: "kept" }
  /** The sizes before, in blocks. */
  | { readonly kind: "resized"; readonly blocks: readonly number[] }
  | { readonly kind: "rows"; readonly rows: readonly unknown[] }
  | { readonly kind: "failed"; readonly failure: SqlFailure };

export interface ResizedFile {
  /** As `pg_relation_filepath` tells it. */
  readonly path: string;
  /** Of 8 kB. */
  readonly blocks: number;
}

/** PostgreSQL's own error. */
export interface SqlFailure {
  readonly message: string;
  /** Five characters; empty for a fault that is not PostgreSQL's. */
  readonly sqlState: string;
  /** UTF-16 offset in the text that was sent. */
  readonly at: number | undefined;
  readonly detail: string | undefined;
  readonly hint: string | undefined;
}

/** What PostgreSQL makes of a statement without running it. */
export interface Description {
  /** Types of $1, $2, … as `format_type` writes them. */
  readonly parameters: readonly string[];
  /** Undefined for a statement that returns no rows. */
  readonly columns: readonly DescribedColumn[] | undefined;
}

export interface DescribedColumn {
  readonly name: string;
  /** As `format_type` writes it, with length and precision. */
  readonly type: string;
  /** The table column it comes straight from; undefined for an expression. */
  readonly source: { readonly schema: string; readonly table: string; readonly column: string; readonly notNull: boolean } | undefined;
}

/** What became of a statement that was replayed. */
export type StatementOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "refused"; readonly failure: SqlFailure }
  /** `CREATE EXTENSION` of one that the embedded PostgreSQL does not have; skipped. */
  | { readonly kind: "lacksExtension"; readonly extension: string }
  /** After the first refused one, unless `goesOn`. */
  | { readonly kind: "notTried" };
