/**
 * What stands around a plan where people copy it from, taken off: psql's frames, pgAdmin's quotes, marks of mail, comments
 * and Markdown, logs of auto_explain as text, CSV, JSON and through syslog. Never throws; linear in the length of the text.
 */

export interface Pasted {
  readonly body: string;
  /** How many more plans the log holds. */
  readonly others: number;
}

export function pastedPlan(given: string): Pasted {
  const text = withoutEntities(withoutTable(given.replace(/^\ufeff/, "").replaceAll("\u00a0", " ")));
  const { body, others } = logEntry(text);
  return { body: withoutFrame(withoutQuotes(withoutMarks(body))), others };
}

/** Characters that tell what a text is. */
const beginning = 10_000;

/** psql's HTML, row by row. */
function withoutTable(text: string): string {
  if (!/<td\b/.test(text.slice(0, beginning))) return text;
  return [...text.matchAll(/<td\b[^>]*>([^<]*(?:<br ?\/>[^<]*)*)<\/td>/g)].map(([, cell = ""]) => cell.replaceAll("&nbsp;", " ").replaceAll(/<br ?\/>\r?\n?/g, "\n")).join("\n");
}

/** From a page's source. */
function withoutEntities(text: string): string {
  if (!/&gt;|&quot;|&lt;/.test(text.slice(0, beginning)) || /^\s*<explain/.test(text)) return text;
  return text.replaceAll("&gt;", ">").replaceAll("&lt;", "<").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}

/** The same mark before each line: of a mail, a comment, a list in a comment. */
function withoutMarks(text: string): string {
  const [mark] = /^\s*(?:> ?|--(?!-) ?|# ?|\/\/ ?|\* )/.exec(text) ?? [];
  if (mark === undefined) return text;
  const sign = mark.trim();
  const lines = text.split(/\r?\n/);
  if (!lines.every((line) => line.trim() === "" || line.trimStart().startsWith(sign))) return text;
  return lines.map((line) => line.trimStart().slice(sign.length).replace(/^ /, "")).join("\n");
}

/** pgAdmin and CSV put each row, or all of it, into quotes and double those inside. */
function withoutQuotes(text: string): string {
  const lines = text.trim().split(/\r?\n/);
  // CSV quotes what has a comma in it.
  const heading = lines.slice(0, 20).findIndex((line) => line === "QUERY PLAN");
  if (heading >= 0 && lines[heading + 1]?.startsWith('"[') === true) return unquoted(lines.slice(heading + 1).join("\n").trim());
  if (heading >= 0 && lines.some((line) => line.startsWith('"'))) return lines.map((line) => (/^"(?:[^"]|"")*"$/.test(line) ? unquoted(line) : line)).join("\n");
  if (!lines[0]?.startsWith('"') || !text.trimEnd().endsWith('"')) return text;
  if (lines.length > 1 && lines.every((line) => /^\s*(?:"(?:[^"]|"")*"\s*)?$/.test(line))) return lines.map((line) => unquoted(line.trim())).join("\n");
  return unquoted(text.trim());
}

function unquoted(text: string): string {
  return text.slice(1, -1).replaceAll('""', '"');
}

const headingLine = /^\s*[|│]?\s*QUERY PLAN\s*[|│]?\s*$/;
const rule = /^[\s+|─│┌┐└┘├┤┬┴┼═╒╕╘╛╞╡-]*[-─═]{3,}[\s+|─│┌┐└┘├┤┬┴┼═╒╕╘╛╞╡-]*$/;
const rowCount = /^\s*\(\d+ rows?\)\s*$/;

/** psql's heading, rules, borders, continuation marks and row count; in its expanded form as well. */
function withoutFrame(text: string): string {
  const start = text.slice(0, beginning);
  const isFramed = /QUERY PLAN/.test(start) || /^\s*[|│] /.test(start) || /\(\d+ rows?\)\s*$/.test(text.slice(-200)) || /^\s*[[{]\s*\+\s*$/m.test(start);
  if (!isFramed) return text;
  // What psql itself has wrapped ends and goes on with a mark, in the middle of a word.
  return text
    .replaceAll(/[.…][|│]?\r?\n[|│]?[.…]/g, "")
    .split(/\r?\n/)
    .filter((line) => !headingLine.test(line) && !rule.test(line) && !rowCount.test(line) && !/^[-─]\[ RECORD \d+ \]/.test(line))
    .map((line) => line.replace(/^QUERY PLAN\s?[|│] ?/, "").replace(/^[|│] ?/, "").replace(/\s*[|│]\s*$/, "").replace(/\s*[+↵]$/, ""))
    .join("\n");
}

const durations = /duration: [\d.]+ ms {1,2}plan:[ \t]*(?:\r?\n|\\n)?/g;

/** The first plan of a log of auto_explain, without what continues a log line; other texts as they are. */
function logEntry(text: string): Pasted {
  const begins = [...text.matchAll(durations)];
  const [first] = begins;
  if (first === undefined) return { body: text, others: 0 };
  const others = begins.length - 1;
  const lineStart = text.lastIndexOf("\n", first.index) + 1;
  const before = text.slice(lineStart, first.index);
  const after = text.slice(first.index + first[0].length);
  if (/"(?:message|textPayload|msg)"\s*:\s*"[^"]*$/.test(before)) return { body: jsonString(after), others };
  if (before.endsWith(',"')) return { body: (/^(?:[^"]|"")*/.exec(after)?.[0] ?? "").replaceAll('""', '"'), others };
  const lines: string[] = [];
  for (const line of after.split(/\r?\n/)) {
    // syslog writes a tab as #011, behind a prefix of its own.
    const tab = line.indexOf("#011");
    if (tab >= 0) lines.push(line.slice(tab + 4).replaceAll("#011", "\t"));
    else if (/^\d{4}-\d\d-\d\d[ T]\d\d:/.test(line) || /^[^\t"]*\b(?:LOG|STATEMENT|ERROR|CONTEXT|DETAIL|HINT):\s/.test(line)) break;
    else lines.push(line.replace(/^\t/, ""));
  }
  return { body: lines.join("\n"), others };
}

/** Up to the quote that ends a JSON string. */
function jsonString(text: string): string {
  const [inside = ""] = /^(?:[^"\\]|\\[^])*/.exec(text) ?? [];
  try {
    const value: unknown = JSON.parse(`"${inside}"`);
    return typeof value === "string" ? value : inside;
  } catch {
    return inside.replaceAll("\\n", "\n").replaceAll("\\t", "\t").replaceAll('\\"', '"');
  }
}

/**
 * Lines that a terminal, a mail program or a web form has broken, put together again: inside of a node's figures, before
 * them, and within a name.
 */
export function wholeLines(text: string): readonly string[] {
  const whole: string[] = [];
  for (const line of text.split(/\r?\n/)) {
    const last = whole.at(-1);
    if (last !== undefined && goesOn(last, line)) whole[whole.length - 1] = `${last.trimEnd()} ${line.trim()}`;
    else whole.push(line);
  }
  return whole;
}

function goesOn(last: string, line: string): boolean {
  const next = line.trim();
  if (next === "") return false;
  if (/^\((?:cost=|actual |never executed)/.test(next)) return !/^\s*$/.test(last);
  if (next.startsWith("->")) return false;
  if (/\((?:cost|actual)\b[^)]*$/.test(last)) return true;
  // A node's name that goes on before its figures come.
  return /^\s*->\s/.test(last) && !last.includes("(") && /^[^:]* {1,2}\(cost=/.test(next);
}
