/** What client and server say about queries in documents, beside their plans. */

/** Client to server: whether there is a query at a place. Result: `QueriesHere`. */
export const queriesHere = "databaseArchitect/queriesHere";

export interface QueriesHereParams {
  readonly textDocument: { readonly uri: string };
  /** Offsets in the text, UTF-16; the same for a cursor. */
  readonly start: number;
  readonly end: number;
}

export interface QueriesHere {
  /** Whether the cursor or the selection is in one. */
  readonly isHere: boolean;
  /** How many the document has, calls of Prisma's client among them. */
  readonly count: number;
}
