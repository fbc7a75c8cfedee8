/** How large an index would be, before there is one: PostgreSQL's layout of pages and entries in round figures. */

export interface KeyStatistics {
  /** Bytes of a value. */
  readonly width: number;
  /** As in pg_stats: negative is a share of the rows. */
  readonly distinct: number;
}

/** Blocks of 8 kB. `tableBlocks`: of the table it is on. */
export function estimatedBlocks(method: string, rows: number, tableBlocks: number, keys: readonly KeyStatistics[]): number {
  const width = keys.reduce((sum, key) => sum + Math.max(1, key.width), 0);
  // A summary of a few dozen bytes for 128 blocks.
  if (method === "brin") return 3 + Math.ceil(((tableBlocks / 128) * (24 + 2 * width)) / blockBytes);
  // Each value is many entries, each entry a short list of rows.
  if (method !== "btree") return 2 + Math.ceil((rows * width * 0.8) / blockBytes);
  const entry = Math.ceil((8 + width) / 8) * 8;
  const distinct = Math.max(1, Math.min(rows, keys.reduce((product, key) => product * Math.max(1, key.distinct < 0 ? -key.distinct * rows : key.distinct), 1)));
  // Equal keys share one entry, with six bytes a row. PostgreSQL 13.
  const bytes = distinct * 2 < rows ? distinct * (entry + 4) + rows * 6 * 1.05 : rows * (entry + 4);
  const leaves = Math.max(1, Math.ceil(bytes / (blockBytes * 0.9)));
  return 1 + leaves + pagesAbove(leaves, entry + 4);
}

/** Inner pages, level by level up to the root; they are filled to seven tenths. An entry of theirs is as wide as a leaf's. */
function pagesAbove(leaves: number, entryBytes: number): number {
  const fanOut = Math.max(2, Math.floor((blockBytes * 0.7) / entryBytes));
  let pages = 0;
  for (let level = leaves; level > 1; pages += level) level = Math.ceil(level / fanOut);
  return pages;
}

const blockBytes = 8_152;
