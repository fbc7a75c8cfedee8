/**
 * Which columns hold personal data, secrets, or data of the special categories of GDPR article 9, and which tables are
 * about people. Tags win; without one, the words of a name in several languages and the column's type tell, and only
 * where both agree. https://gdpr-info.eu/art-4-gdpr/, https://gdpr-info.eu/art-9-gdpr/
 */
import { memoised } from "./memoised.ts";
import { wordsOf } from "./names.ts";
import {
  type DataMeaning,
  lastWordsThatDescribe,
  machineWords,
  namesOfData,
  namesOfSecrets,
  peopleWords,
  wordsOfUnreadable,
} from "./personalWords.ts";
import type { Column, PgType, Table } from "./schema.ts";
import { tagsOf } from "./tags.ts";

export interface PersonalData {
  /** With its article, for a sentence: "an e-mail address". */
  readonly what: string;
  readonly category: "personal" | "special";
  readonly basis: "tag" | "name";
  /** Whether it says by itself who somebody is or how to reach him. */
  readonly isIdentifying: boolean;
}

/** What personal data a column holds; undefined when none, as far as one can tell. */
export function personalDataIn(table: Table, column: Column): PersonalData | undefined {
  const { pii } = tagsOf(column);
  if (pii === "none") return undefined;
  const meaning = meaningOf(column.name);
  if (pii !== undefined) {
    return { what: meaning?.what ?? "personal data", category: pii, basis: "tag", isIdentifying: meaning?.strength === "strong" };
  }
  if (meaning === undefined || !holds(column.type, meaning)) return undefined;
  if (meaning.strength === "weak" && !isNamedAfterPeople(table)) return undefined;
  if (tagsOf(table).pii === "none") return undefined;
  return {
    what: meaning.what,
    category: meaning.isSpecial ? "special" : "personal",
    basis: "name",
    isIdentifying: meaning.strength === "strong" && !meaning.isSpecial,
  };
}

/** The columns of a table that hold personal data, in their order. */
export const personalColumns = memoised((table: Table): readonly { readonly column: Column; readonly data: PersonalData }[] => {
  const found: { readonly column: Column; readonly data: PersonalData }[] = [];
  table.columns.forEach((column) => {
    const data = personalDataIn(table, column);
    if (data !== undefined) found.push({ column, data });
  });
  return found;
});

/** Whether each row is a person: the table is named after people and holds something personal. */
export const isAboutPeople = memoised((table: Table): boolean => isNamedAfterPeople(table) && personalColumns(table).length > 0);

/** `users`, `app_user`, `user_accounts`, `Kunden`; neither `user_settings` nor `oauth_clients`. */
const isNamedAfterPeople = memoised((table: Table): boolean => {
  const words = plainWords(table.name);
  const last = words.at(-1) ?? "";
  const who = (last === "account" || last === "accounts") && words.length > 1 ? words.at(-2) : last;
  return who !== undefined && peopleWords.has(who) && !words.some((word) => machineWords.has(word));
});

/** What a secret is called that a column holds as plain text; undefined when it holds none, or none that can be read. */
export function plainSecretIn(table: Table, column: Column): string | undefined {
  if (!isText(column.type) || isFixedLength(column.type)) return undefined;
  const secret = secretNamed(column.name);
  if (secret === undefined || tagsOf(column).isUnreadable || tagsOf(table).isUnreadable) return undefined;
  return secret;
}

/** Fixed lengths are those of hashes: char(64), and varchar(60), which bcrypt takes. */
function isFixedLength({ name, modifiers }: PgType): boolean {
  return modifiers[0] === 60 || (name === "bpchar" && (modifiers[0] ?? 1) >= 20);
}

/** Names come again and again; the answers are kept. */
function remembered<V>(answer: (name: string) => V): (name: string) => V {
  const known = new Map<string, { readonly value: V }>();
  return (name) => {
    let found = known.get(name);
    if (found === undefined) {
      if (known.size >= 20_000) known.clear();
      found = { value: answer(name) };
      known.set(name, found);
    }
    return found.value;
  };
}

const meaningOf = remembered((name): DataMeaning | undefined => {
  const words = plainWords(name);
  if (words.includes("token") || words.includes("tokens")) return undefined;
  const found = meaningIn(words, namesOfData);
  if (found === undefined || (found.end < words.length && lastWordsThatDescribe.has(words.at(-1) ?? ""))) return undefined;
  if (found.value.strength === "strong") return found.value;
  // `name`, `user_name` and `c_name` name a person; `company_name` does not.
  const others = words.filter((_, i) => i < found.start || i >= found.end);
  return others.every((word) => word.length === 1 || peopleWords.has(word)) ? found.value : undefined;
});

/** A name that goes on behind the secret is about it: `secret_provisioning`. */
const secretNamed = remembered((name): string | undefined => {
  const words = plainWords(name);
  if (words.some((word) => wordsOfUnreadable.has(word))) return undefined;
  const found = meaningIn(words, namesOfSecrets);
  return found?.end === words.length ? found.value : undefined;
});

/** The longest run of up to three words that means something, the last one of several. */
function meaningIn<V>(
  words: readonly string[],
  meanings: ReadonlyMap<string, V>,
): { readonly value: V; readonly start: number; readonly end: number } | undefined {
  for (let length = Math.min(3, words.length); length > 0; length--) {
    for (let start = words.length - length; start >= 0; start--) {
      const value = meanings.get(words.slice(start, start + length).join(""));
      if (value !== undefined) return { value, start, end: start + length };
    }
  }
  return undefined;
}

/** Words without accents, numbers aside: `prénom` is prenom, `Straße` strasse. */
function plainWords(name: string): readonly string[] {
  const plain = /^[\x00-\x7f]*$/.test(name) ? name : withoutAccents(name);
  return wordsOf(plain).filter((word) => !/^\d+$/.test(word));
}

function withoutAccents(name: string): string {
  return name.normalize("NFD").replaceAll(/\p{M}/gu, "").replaceAll("ß", "ss").replaceAll(/[øØ]/g, "o").replaceAll(/[łŁ]/g, "l");
}

function holds(type: PgType, { types }: DataMeaning): boolean {
  return (
    isText(type) ||
    (types === "date" ? dates.has(type.name) : types === "address" ? addresses.has(type.name) : types === "choice" && isChoice(type))
  );
}

function isText({ name }: PgType): boolean {
  return name === "text" || name === "varchar" || name === "bpchar" || name === "citext";
}

function isChoice({ kind, name }: PgType): boolean {
  return kind === "enum" || name === "bool";
}

const dates = new Set(["date", "timestamp", "timestamptz"]);
const addresses = new Set(["inet", "cidr", "macaddr", "macaddr8"]);
