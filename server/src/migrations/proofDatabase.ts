/** Where migrations are proven: an embedded PostgreSQL, or a database of its own on a server, which is gone afterwards. */
import type { CatalogRows } from "../model/catalogRows.ts";
import type { AskOptions, ScratchDatabase, ScratchResult } from "../scratch/scratchDatabase.ts";
import type { StatementOutcome } from "../scratch/messages.ts";

/** What answers questions of SQL, one after the other in one session. */
export type AskSql = ScratchDatabase["query"];

export interface ProofDatabase {
  query: AskSql;
  /** Several questions with nobody else's between them. */
  alone<T>(use: (query: AskSql) => Promise<T>): Promise<T>;
  /** Whether PostgreSQL takes one statement, without running it. */
  describe(text: string): Promise<ScratchResult<unknown>>;
  catalog(): Promise<ScratchResult<CatalogRows>>;
  /** What was run by `query` belongs to what the database begins with, for whoever begins the same. */
  settle(texts: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface ProofPlace {
  /** Major version of its PostgreSQL. */
  readonly version: number;
  /** For people: `embedded`, or the server. */
  readonly what: string;
  /** Where what took long to build is kept, if anywhere. */
  readonly cache: string | undefined;
  /** Extensions that these statements want and that are not to be had. */
  lacking(texts: readonly string[]): readonly string[];
  /** A database that these statements build, one after the other. */
  open(base: readonly string[], options: OpenOptions): Promise<OpenedProof>;
}

export interface OpenOptions extends AskOptions {
  /** Statements that may come. */
  readonly foresees: readonly string[];
  /** More is to be settled before it is worth keeping. */
  readonly isBegun: boolean;
}

export type OpenedProof =
  | { readonly ok: true; readonly database: ProofDatabase; readonly outcomes: readonly StatementOutcome[] }
  | { readonly ok: false; readonly reason: string };
