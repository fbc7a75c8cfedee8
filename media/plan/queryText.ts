/** The query as it was explained, with its words told apart, and the parts that a node carries out marked. */
import type { PlanSpan } from "../../protocol/src/plan.ts";
import { html } from "../shared/dom.ts";

/** Longer ones are shown without their words told apart. */
const longest = 60_000;

/** `at` is the place of an error. */
export function queryText(text: string, marks: readonly PlanSpan[], at?: number): HTMLElement {
  const code = html("code");
  const ends = marks.flatMap(({ start, end }) => [start, end]);
  const borders = new Set([...ends, ...(at === undefined ? [] : [at, at + 1])]);
  let next = 0;
  const add = (end: number, className: string): void => {
    while (next < end) {
      const border = [...borders].reduce((nearest, each) => (each > next && each < nearest ? each : nearest), end);
      const piece = text.slice(next, border);
      const isMarked = marks.some(({ start, end: stop }) => start <= next && next < stop);
      const isWrong = at === next;
      const node = className === "" ? document.createTextNode(piece) : html("span", { class: className }, piece);
      code.append(isMarked ? html("mark", {}, node) : isWrong ? html("span", { class: "wrong" }, node) : node);
      next = border;
    }
  };
  for (const { start, end, className } of text.length <= longest ? tokens(text) : []) {
    add(start, "");
    add(end, className);
  }
  add(text.length, "");
  return html("pre", { class: "query", tabindex: 0, role: "region", "aria-label": "Query" }, code);
}

interface Token extends PlanSpan {
  readonly className: string;
}

const words =
  "all and any as asc between by case cross delete desc distinct else end except exists false fetch filter first for from full group having ilike in inner insert intersect into is join last lateral left like limit materialized merge natural not null nulls offset on or order outer over partition recursive returning right rows select set some then true union update using values when where window with".split(
    " ",
  );
const keywords: ReadonlySet<string> = new Set(words);

function* tokens(text: string): Generator<Token> {
  const pattern = /--[^\n]*|\/\*[^]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|\$\d+|\d[\d.]*|[\p{L}_][\p{L}\d_$]*|\s+|[^]/gu;
  for (const match of text.matchAll(pattern)) {
    const [token] = match;
    const className = classOf(token);
    if (className !== "") yield { start: match.index, end: match.index + token.length, className };
  }
}

function classOf(token: string): string {
  if (token.startsWith("--") || token.startsWith("/*")) return "comment";
  if (token.startsWith("'")) return "string";
  if (/^\$\d/.test(token)) return "parameter";
  return keywords.has(token.toLowerCase()) ? "keyword" : "";
}
