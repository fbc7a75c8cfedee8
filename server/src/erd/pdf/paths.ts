/** The path data of a picture as operators of PDF, which has lines and cubic curves and counts from its own point. */

interface Point {
  readonly x: number;
  readonly y: number;
}

/** How many numbers each command takes. */
const taken: Readonly<Record<string, number>> = { M: 2, L: 2, H: 1, V: 1, Q: 4, T: 2, C: 6, A: 7, Z: 0 };

export function pathOperators(data: string): string {
  const out: string[] = [];
  let [at, start, control]: [Point, Point, Point | undefined] = [{ x: 0, y: 0 }, { x: 0, y: 0 }, undefined];
  const curve = (one: Point, two: Point, to: Point): void => void out.push(`${pair(one)} ${pair(two)} ${pair(to)} c`);
  for (const { command, values } of commandsOf(data)) {
    const isRelative = command === command.toLowerCase();
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = values;
    const point = (x: number, y: number): Point => (isRelative ? { x: at.x + x, y: at.y + y } : { x, y });
    let bend: Point | undefined;
    switch (command.toUpperCase()) {
      case "M":
        at = start = point(a, b);
        out.push(`${pair(at)} m`);
        break;
      case "L":
        at = point(a, b);
        out.push(`${pair(at)} l`);
        break;
      case "H":
        at = { x: isRelative ? at.x + a : a, y: at.y };
        out.push(`${pair(at)} l`);
        break;
      case "V":
        at = { x: at.x, y: isRelative ? at.y + a : a };
        out.push(`${pair(at)} l`);
        break;
      case "Q":
      case "T": {
        const isSmooth = command.toUpperCase() === "T";
        bend = isSmooth ? (control === undefined ? at : { x: 2 * at.x - control.x, y: 2 * at.y - control.y }) : point(a, b);
        const to = isSmooth ? point(a, b) : point(c, d);
        curve(between(at, bend), between(to, bend), to);
        at = to;
        break;
      }
      case "C": {
        const to = point(e, f);
        curve(point(a, b), point(c, d), to);
        at = to;
        break;
      }
      case "A": {
        const to = point(f, g);
        for (const piece of arc(at, to, { rx: a, ry: b, isLarge: d !== 0, isForward: e !== 0 })) curve(...piece);
        at = to;
        break;
      }
      case "Z":
        at = start;
        out.push("h");
        break;
    }
    control = bend;
  }
  return out.join("\n");
}

function* commandsOf(data: string): Generator<{ readonly command: string; readonly values: readonly number[] }> {
  for (const [, command = "", rest = ""] of data.matchAll(/([MLHVQTCAZmlhvqtcaz])([^MLHVQTCAZmlhvqtcaz]*)/g)) {
    const count = taken[command.toUpperCase()] ?? 0;
    const values = numbersOf(rest, command.toUpperCase() === "A");
    if (count === 0) yield { command, values };
    for (let i = 0; i + count <= values.length && count > 0; i += count) {
      // What follows a move are lines.
      const repeated = i === 0 ? command : command === "M" ? "L" : command === "m" ? "l" : command;
      yield { command: repeated, values: values.slice(i, i + count) };
    }
  }
}

/** The flags of an arc are one digit each, and may stand without a space. */
function numbersOf(text: string, isArc: boolean): readonly number[] {
  const values: number[] = [];
  const pattern = /[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?/gi;
  while (pattern.lastIndex < text.length) {
    if (isArc && (values.length % 7 === 3 || values.length % 7 === 4)) {
      const flag = /[01]/g;
      flag.lastIndex = pattern.lastIndex;
      const found = flag.exec(text);
      if (found === null) break;
      values.push(Number(found[0]));
      pattern.lastIndex = flag.lastIndex;
      continue;
    }
    const found = pattern.exec(text);
    if (found === null) break;
    values.push(Number(found[0]));
  }
  return values;
}

function between(end: Point, bend: Point): Point {
  return { x: end.x + ((bend.x - end.x) * 2) / 3, y: end.y + ((bend.y - end.y) * 2) / 3 };
}

type Piece = readonly [Point, Point, Point];

/** In quarters at most; not turned. https://www.w3.org/TR/SVG2/implnote.html#ArcImplementationNotes */
function* arc(from: Point, to: Point, { rx, ry, isLarge, isForward }: { readonly rx: number; readonly ry: number; readonly isLarge: boolean; readonly isForward: boolean }): Generator<Piece> {
  if (rx === 0 || ry === 0 || (from.x === to.x && from.y === to.y)) return yield [from, to, to];
  const [hx, hy] = [(from.x - to.x) / 2, (from.y - to.y) / 2];
  const size = Math.max(1, Math.sqrt((hx / rx) ** 2 + (hy / ry) ** 2));
  const [a, b] = [rx * size, ry * size];
  const away = Math.max(0, (a * b) ** 2 - (a * hy) ** 2 - (b * hx) ** 2) / ((a * hy) ** 2 + (b * hx) ** 2);
  const side = Math.sqrt(away) * (isLarge === isForward ? -1 : 1);
  const centre = { x: (side * a * hy) / b + (from.x + to.x) / 2, y: (-side * b * hx) / a + (from.y + to.y) / 2 };
  const angle = ({ x, y }: Point): number => Math.atan2((y - centre.y) / b, (x - centre.x) / a);
  const begin = angle(from);
  let sweep = angle(to) - begin;
  if (isForward && sweep < 0) sweep += 2 * Math.PI;
  if (!isForward && sweep > 0) sweep -= 2 * Math.PI;
  const count = Math.max(1, Math.ceil(Math.abs(sweep) / (Math.PI / 2) - 1e-9));
  const step = sweep / count;
  const reach = (4 / 3) * Math.tan(step / 4);
  for (let i = 0; i < count; i++) {
    const [u, v] = [begin + i * step, begin + (i + 1) * step];
    const on = (t: number, along: number): Point => ({ x: centre.x + a * (Math.cos(t) - along * Math.sin(t)), y: centre.y + b * (Math.sin(t) + along * Math.cos(t)) });
    yield [on(u, reach), on(v, -reach), i === count - 1 ? to : on(v, 0)];
  }
}

function pair({ x, y }: Point): string {
  return `${number(x)} ${number(y)}`;
}

/** Hundredths, and never in powers of ten. */
export function number(value: number): string {
  const rounded = Math.round(value * 100) / 100;
  return Object.is(rounded, -0) ? "0" : String(rounded);
}
