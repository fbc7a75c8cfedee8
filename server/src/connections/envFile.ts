/**
 * `.env` files as dotenv and Prisma read them: names, quotes, comments, values over several lines, `${OTHER}` from the same
 * file. The text is all that counts: nothing is executed, and the environment of this process is not looked at.
 */

/** Values by name; the last of a name wins. What refers to a name that the file does not have stays as it is written. */
export function readEnvFile(text: string): ReadonlyMap<string, string> {
  const raw = new Map<string, RawValue>();
  for (const [, name = "", double, single, tick, plain = ""] of text.replace(/^\uFEFF/, "").replaceAll("\r\n", "\n").matchAll(line)) {
    if (single !== undefined) raw.set(name, { value: single, isLiteral: true });
    else raw.set(name, { value: double?.replaceAll("\\n", "\n") ?? tick ?? plain.trim(), isLiteral: false });
  }
  const expansion = new Expansion(raw);
  return new Map([...raw.keys()].map((name) => [name, expansion.valueOf(name) ?? ""]));
}

interface RawValue {
  readonly value: string;
  /** In single quotes: refers to nothing. */
  readonly isLiteral: boolean;
}

const line = /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*(?:=|:[ \t])[ \t]*(?:"((?:\\[^]|[^"\\])*)"|'([^']*)'|`([^`]*)`|([^\n#]*(?:#(?<=[^\s]#)[^\n#]*)*))/gm;

/** Values may refer to each other in circles, or double each other's length: such ones stay as they are written. */
class Expansion {
  readonly #raw: ReadonlyMap<string, RawValue>;
  readonly #done = new Map<string, string>();
  readonly #underWay = new Set<string>();

  constructor(raw: ReadonlyMap<string, RawValue>) {
    this.#raw = raw;
  }

  valueOf(name: string): string | undefined {
    const raw = this.#raw.get(name);
    if (raw === undefined || this.#underWay.has(name)) return undefined;
    const known = this.#done.get(name);
    if (known !== undefined) return known;
    this.#underWay.add(name);
    const value = raw.isLiteral || raw.value.length > longest ? raw.value : this.#expanded(raw.value);
    this.#underWay.delete(name);
    this.#done.set(name, value);
    return value;
  }

  #expanded(value: string): string {
    let length = value.length;
    return value.replaceAll(reference, (whole, escape: string | undefined, braced: string | undefined, fallback: string | undefined, bare: string | undefined) => {
      if (escape !== undefined) return whole.slice(1);
      const other = this.valueOf(braced ?? bare ?? "") ?? fallback;
      length += other?.length ?? 0;
      return other === undefined || length > longest ? whole : other;
    });
  }
}

const reference = /(\\)?\$(?:\{([\w.-]+)(?::?-([^}]*))?\}|([A-Za-z_]\w*))/g;

const longest = 10_000;

/** `.env`, `.env.local`, `.env.production`; not the ones that only show what one looks like. */
export function isEnvFile(name: string): boolean {
  return /^\.env(?:\.[\w-]+)*$/.test(name) && !/\.(?:example|sample|template|dist|defaults?|schema|vault|md)$/i.test(name);
}
