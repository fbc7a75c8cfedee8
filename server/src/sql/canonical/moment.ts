/** Dates and timestamps in one spelling, in UTC: PostgreSQL prints them in the session's time zone, which is not known. */

const moment = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[ t]+(\d{1,2}):(\d{2})(?::(\d{2})(\.\d+)?)?)?\s*(z|utc|gmt|[+-]\d{1,2}(?::?\d{2})?)?$/i;

/** `2026-01-31`, `2026-01-31 12:30:00`; midnight is left out. Undefined when the text is no date. */
export function canonicalMoment(text: string): string | undefined {
  const match = moment.exec(text.trim());
  if (match === null) return undefined;
  const [, year = "", month = "", day = "", hour = "0", minute = "0", seconds = "0", fraction = "", zone = ""] = match;
  const time = new Date(
    Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute) - zoneMinutes(zone), Number(seconds)),
  );
  if (Number.isNaN(time.getTime()) || Number(month) > 12 || Number(day) > 31) return undefined;
  const [date = "", clock = ""] = time.toISOString().replace(".000Z", "").split("T");
  const rest = fraction.replace(/\.?0+$/, "");
  return clock === "00:00:00" && rest === "" ? date : `${date} ${clock}${rest}`;
}

function zoneMinutes(zone: string): number {
  const [, sign = "", hours = "0", minutes = "0"] = /^([+-])(\d{1,2}):?(\d{2})?$/.exec(zone) ?? [];
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}
