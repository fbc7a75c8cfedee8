/**
 * Intervals as PostgreSQL keeps them: months, days and microseconds, each for itself.
 * https://www.postgresql.org/docs/current/datatype-datetime.html#DATATYPE-INTERVAL-INPUT
 */

interface Unit {
  readonly months?: number;
  readonly days?: number;
  readonly microseconds?: number;
}

const second = 1_000_000;
const units: ReadonlyMap<string, Unit> = new Map<string, Unit>(
  (
    [
      [["millennium", "millennia", "mil", "mils"], { months: 12_000 }],
      [["century", "centuries", "cent", "c"], { months: 1_200 }],
      [["decade", "decades", "dec", "decs"], { months: 120 }],
      [["year", "years", "yr", "yrs", "y"], { months: 12 }],
      [["month", "months", "mon", "mons"], { months: 1 }],
      [["week", "weeks", "w"], { days: 7 }],
      [["day", "days", "d"], { days: 1 }],
      [["hour", "hours", "hr", "hrs", "h"], { microseconds: 3600 * second }],
      [["minute", "minutes", "min", "mins", "m"], { microseconds: 60 * second }],
      [["second", "seconds", "sec", "secs", "s"], { microseconds: second }],
      [["millisecond", "milliseconds", "msec", "msecs", "ms"], { microseconds: 1000 }],
      [["microsecond", "microseconds", "usec", "usecs", "us"], { microseconds: 1 }],
    ] as const
  ).flatMap(([names, unit]) => names.map((name) => [name, unit] as const)),
);

/** `1 mon 2 days 03:04:05`; undefined when the text is no interval. A bare number is none. */
export function canonicalInterval(text: string): string | undefined {
  const plain = text.trim().toLowerCase();
  if (!/\d/.test(plain)) return undefined;
  const total = plain.startsWith("p") ? isoInterval(plain) : wordInterval(plain);
  return total === undefined ? undefined : shown(total);
}

interface Total {
  months: number;
  days: number;
  microseconds: number;
}

function wordInterval(text: string): Total | undefined {
  const total: Total = { months: 0, days: 0, microseconds: 0 };
  const part = /@?\s*(?:([+-]?)(\d+):(\d{1,2})(?::(\d{1,2}(?:\.\d+)?))?|([+-]?(?:\d+\.?\d*|\.\d+))\s*([a-z]+))\s*/y;
  const isAgo = text.endsWith(" ago");
  const end = isAgo ? text.length - 4 : text.length;
  while (part.lastIndex < end) {
    const match = part.exec(text);
    if (match === null) return undefined;
    const [, sign = "", hours, minutes = "0", seconds = "0", amount, unitName = ""] = match;
    if (hours !== undefined) {
      total.microseconds += (sign === "-" ? -1 : 1) * Math.round((Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * second);
      continue;
    }
    const unit = units.get(unitName);
    if (unit === undefined) return undefined;
    add(total, Number(amount), unit);
  }
  return isAgo ? { months: -total.months, days: -total.days, microseconds: -total.microseconds } : total;
}

const isoUnits: readonly Unit[] = [
  { months: 12 },
  { months: 1 },
  { days: 7 },
  { days: 1 },
  { microseconds: 3600 * second },
  { microseconds: 60 * second },
  { microseconds: second },
];

/** `P1Y2M3DT4H5M6S`. */
function isoInterval(text: string): Total | undefined {
  const number = "(-?\\d+(?:\\.\\d+)?)";
  const match = new RegExp(
    `^p(?=.)(?:${number}y)?(?:${number}m)?(?:${number}w)?(?:${number}d)?(?:t(?:${number}h)?(?:${number}m)?(?:${number}s)?)?$`,
  ).exec(text);
  if (match === null) return undefined;
  const total: Total = { months: 0, days: 0, microseconds: 0 };
  isoUnits.forEach((unit, i) => add(total, Number(match[i + 1] ?? 0), unit));
  return total;
}

/** A fraction of months or days spills into the next smaller part, as in PostgreSQL: a month has 30 days. */
function add(total: Total, amount: number, unit: Unit): void {
  const months = amount * (unit.months ?? 0);
  const days = amount * (unit.days ?? 0) + (months - Math.trunc(months)) * 30;
  total.months += Math.trunc(months);
  total.days += Math.trunc(days);
  total.microseconds += Math.round(amount * (unit.microseconds ?? 0) + (days - Math.trunc(days)) * 86_400 * second);
}

function shown({ months, days, microseconds }: Total): string {
  const parts: string[] = [];
  if (months !== 0) parts.push(`${months} mon`);
  if (days !== 0) parts.push(`${days} days`);
  if (microseconds !== 0 || parts.length === 0) parts.push(clock(microseconds));
  return parts.join(" ");
}

/** `hh:mm:ss`, with a fraction when there is one. */
function clock(microseconds: number): string {
  const total = Math.abs(microseconds);
  const two = (value: number): string => String(value).padStart(2, "0");
  const fraction =
    total % second === 0
      ? ""
      : `.${String(total % second)
          .padStart(6, "0")
          .replace(/0+$/, "")}`;
  const seconds = Math.floor(total / second);
  return `${microseconds < 0 ? "-" : ""}${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}${fraction}`;
}
