/** Figures as people read them: few digits, one unit. Pure. */

/** `1,234`, `0.25` below ten, `12.3 M` above a million. */
export function count(value: number): string {
  if (value >= 1_000_000_000) return `${digits(value / 1_000_000_000)} G`;
  if (value >= 1_000_000) return `${digits(value / 1_000_000)} M`;
  const rounded = value < 10 ? Math.round(value * 100) / 100 : Math.round(value);
  return rounded < 1_000 ? String(rounded) : `${Math.floor(rounded / 1_000)},${String(rounded % 1_000).padStart(3, "0")}`;
}

/** `0.123 ms`, `214 ms`, `12.3 s`. */
export function milliseconds(value: number): string {
  if (value >= 60_000) return `${digits(value / 60_000)} min`;
  if (value >= 10_000) return `${digits(value / 1_000)} s`;
  return `${value < 1 ? Math.round(value * 1_000) / 1_000 : value < 10 ? Math.round(value * 100) / 100 : digits(value)} ms`;
}

/** Of 8 kB each. */
export function blockSize(blocks: number): string {
  return bytes(blocks * 8_192);
}

export function bytes(value: number): string {
  if (value >= 1_073_741_824) return `${digits(value / 1_073_741_824)} GB`;
  if (value >= 1_048_576) return `${digits(value / 1_048_576)} MB`;
  return value >= 1_024 ? `${digits(value / 1_024)} kB` : `${value} bytes`;
}

/** `0.256` as `26%`; what is not nothing is not called nothing. */
export function percent(share: number): string {
  if (share > 0 && share < 0.005) return share < 0.0005 ? "<0.1%" : `${Math.round(share * 1_000) / 10}%`;
  return `${Math.round(share * 100)}%`;
}

/** How far an estimate is off: `×12 more`, `×3 fewer`; undefined where it is good enough. */
export function misestimate(estimated: number | undefined, actual: number | undefined): { readonly factor: number; readonly way: "more" | "fewer" } | undefined {
  if (estimated === undefined || actual === undefined) return undefined;
  const [more, fewer] = actual > estimated ? [actual, estimated] : [estimated, actual];
  const factor = more / Math.max(1, fewer);
  return factor < 2 || more < 10 ? undefined : { factor, way: actual > estimated ? "more" : "fewer" };
}

/** `−99.9%`, `+12%`, `×8.4`. */
export function changeOf(before: number, after: number): string {
  if (before === after) return "±0%";
  if (before === 0) return "new";
  const factor = after / before;
  if (factor >= 3) return `×${count(factor)}`;
  const share = Math.abs(factor - 1) * 100;
  const text = share > 99 && share < 100 ? String(Math.floor(share * 10) / 10) : share < 1 ? share.toFixed(1) : String(Math.round(share));
  return `${factor < 1 ? "−" : "+"}${text}%`;
}

function digits(value: number): string {
  return value < 100 ? String(Math.round(value * 10) / 10) : count(Math.round(value));
}
