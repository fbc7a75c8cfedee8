/**
 * What people paste for an address: a URL, with `psql` or a variable's name before it or quotes around it, JDBC's form, or
 * libpq's `host=… dbname=…`. What is none gets a reason that says which mistake it looks like, and repeats nothing of it.
 */

export type AddressText = { readonly ok: true; readonly url: URL } | AddressMistake;

export interface AddressMistake {
  readonly ok: false;
  readonly reason: string;
  readonly hint: string;
}

/** What every address looks like. */
const form = "It must look like postgresql://user:password@host:5432/database.";

export function readAddressText(pasted: string): AddressText {
  const text = unwrapped(pasted);
  const mistake = mistakeIn(text);
  if (mistake !== undefined) return mistake;
  const url = keywordForm(text) ?? text.replace(/^jdbc:/, "");
  return URL.canParse(url) && schemes.test(url) ? { ok: true, url: new URL(url) } : refuse("This is no address of a PostgreSQL database.", form);
}

const schemes = /^postgres(?:ql)?:/;

/** Without what stands around it where it was copied from. */
function unwrapped(pasted: string): string {
  const text = pasted.trim().replace(/^(?:export\s+)?[A-Za-z_]\w*\s*=\s*(?=["'`]?(?:jdbc:)?[a-z+]+:)/, "").replace(/^psql\s+(?:-d\s+)?/, "");
  return /^(["'`])(.*)\1;?$/s.exec(text)?.[2]?.trim() ?? text;
}

function mistakeIn(text: string): AddressMistake | undefined {
  if (text === "") return refuse("There is no address.", form);
  if (/\p{Cc}/u.test(text)) return refuse("The address holds a line break or another control character.", form);
  if (/^prisma\+postgres:/.test(text)) return refuse(prismaPostgres, "Take the direct address, which begins with postgres://: Prisma Console shows it, and `prisma dev` prints it.");
  if (/^prisma:/.test(text)) return refuse("This is an address of Prisma Accelerate, which does not speak PostgreSQL's own protocol.", "Take the address that Accelerate itself connects to, often DIRECT_URL.");
  const other = /^(?:jdbc:)?(mysql|mariadb|sqlserver|mongodb(?:\+srv)?|sqlite|file|cockroachdb|redis|https?):/.exec(text)?.[1];
  if (other !== undefined) return refuse(`This is an address of ${otherNames[other] ?? other}, and not of PostgreSQL.`, form);
  const variable = /\$\{\w+[^}]*\}|\$[A-Z][A-Z0-9_]*/.exec(text);
  if (variable !== null) return refuse(`The address holds ${variable[0]}, which stands for something else.`, "Put in what it stands for; where it is part of a password, write %24 for $.");
  if (schemes.test(text.replace(/^jdbc:/, "")) && !text.includes("://")) return refuse("The address lacks // after its colon.", form);
  return mistakeInUrl(text);
}

const prismaPostgres = "This is an address of Prisma Postgres over HTTP, which does not speak PostgreSQL's own protocol.";

const otherNames: Readonly<Record<string, string>> = { mysql: "MySQL", mariadb: "MariaDB", sqlserver: "SQL Server", mongodb: "MongoDB", "mongodb+srv": "MongoDB", sqlite: "SQLite", file: "SQLite", cockroachdb: "CockroachDB", redis: "Redis", http: "a web page", https: "a web page" };

/** A password may hold characters that end it too early; then a part of it stands where host, path or parameters should. */
function mistakeInUrl(text: string): AddressMistake | undefined {
  const parts = /^(?:jdbc:)?postgres(?:ql)?:\/\/([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(text);
  if (parts === null) return undefined;
  const [, authority = "", path = "", query = "", hash = ""] = parts;
  const end = hash !== "" ? "#" : path.includes("@") ? "/" : !authority.includes("@") && /^\?[^=&]*@/.test(query) ? "?" : undefined;
  if (end !== undefined) {
    return refuse(`The password in the address holds ${end}, which ends it there.`, `Write ${encodeURIComponent(end)} for ${end} in it, or leave the password out and give it apart.`);
  }
  const at = authority.lastIndexOf("@");
  const user = authority.slice(0, Math.max(at, 0));
  const host = authority.slice(at + 1);
  if (/[<>{}\s[\]]/.test(user)) return refuse("The address still holds a placeholder for user or password.", "Put in what belongs there, or leave the password out and give it apart.");
  if (host.includes(",")) return refuse("The address names several hosts.", "Name the one to connect to.");
  if (!host.startsWith("[") && host.split(":").length > 2) return refuse("An IPv6 address stands in brackets.", "Write [::1]:5432.");
  const port = /:(\d+)$/.exec(host)?.[1];
  if (port !== undefined && (Number(port) < 1 || Number(port) > 65_535)) return refuse("The port in the address is not between 1 and 65535.", form);
  return undefined;
}

/** `host=localhost port=5432 dbname=shop`; values may stand in single quotes. https://www.postgresql.org/docs/18/libpq-connect.html#LIBPQ-CONNSTRING-KEYWORD-VALUE */
function keywordForm(text: string): string | undefined {
  if (!/^\s*(?:host|hostaddr|port|dbname|user|password)\s*=/.test(text)) return undefined;
  const url = new URL("postgresql://localhost");
  for (const [, name = "", quoted, plain = ""] of text.matchAll(/(\w+)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|(\S*))/g)) {
    const value = (quoted ?? plain).replaceAll(/\\(.)/g, "$1");
    url.searchParams.set(name === "hostaddr" ? "host" : name, value);
  }
  return url.href;
}

function refuse(reason: string, hint: string): AddressMistake {
  return { ok: false, reason, hint };
}
