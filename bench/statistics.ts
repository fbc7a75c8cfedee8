/** Medians and percentiles: what the benchmarks quote, because single times on a shared machine say little. */

export interface Summary {
  readonly count: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

export function summarize(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (fraction: number): number => sorted[Math.min(sorted.length - 1, Math.ceil(fraction * sorted.length) - 1)] ?? Number.NaN;
  return { count: sorted.length, median: at(0.5), p95: at(0.95), max: at(1) };
}

/** `12 / 18 ms`: median and 95th percentile. */
export function shown(summary: Summary): string {
  return `${round(summary.median)} / ${round(summary.p95)} ms`;
}

export function round(value: number): string {
  return value >= 100 ? value.toFixed(0) : value.toFixed(1);
}

/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly ours: string;
  readonly peer: string;
  readonly ratio: string;
}
