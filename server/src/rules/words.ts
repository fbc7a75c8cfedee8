/**
 * English words in names, as far as it takes to pair `account_id` with a table `accounts`. A wrong guess only leaves a
 * pair unfound: both sides go through the same functions.
 */
import { wordsOf } from "./names.ts";

/** The name as one word of singulars, to compare names by: `order_items`, `OrderItem` and `orderItems` are `orderitem`. */
export function stemOf(name: string): string {
  return stemOfWords(wordsOf(name));
}

/** The same of words that `wordsOf` gave. */
export function stemOfWords(words: readonly string[]): string {
  const last = words.at(-1);
  return last === undefined ? "" : words.slice(0, -1).join("") + singular(last);
}

/** What one of them is called; the word itself when it is one already. In lower case. */
export function singular(word: string): string {
  const known = irregular.get(word);
  if (known !== undefined) return known;
  if (!word.endsWith("s") || word.length < 3 || /(?:ss|us|is)$/.test(word)) return word;
  if (word.endsWith("ies")) return word.length > 4 ? `${word.slice(0, -3)}y` : word.slice(0, -1);
  return /(?:ss|sh|ch|x|zz|tus|nus|rus|pus|ias)es$/.test(word) ? word.slice(0, -2) : word.slice(0, -1);
}

/** Whether the word says that there are several, as far as one can tell. */
export function isPlural(word: string): boolean {
  return singular(word) !== word;
}

const irregular: ReadonlyMap<string, string> = new Map([
  ["people", "person"],
  ["children", "child"],
  ["men", "man"],
  ["women", "woman"],
  ["indices", "index"],
  ["vertices", "vertex"],
  ["matrices", "matrix"],
  ["criteria", "criterion"],
  ["analyses", "analysis"],
  ["movies", "movie"],
  ["cookies", "cookie"],
  ["buses", "bus"],
  ["alias", "alias"],
  ["canvas", "canvas"],
  ["atlas", "atlas"],
  ["bias", "bias"],
  ["news", "news"],
  ["series", "series"],
  ["species", "species"],
  ["https", "https"],
  ["aws", "aws"],
  ["dns", "dns"],
  ["sms", "sms"],
  ["tls", "tls"],
  ["ios", "ios"],
  ["gas", "gas"],
  ["bus", "bus"],
]);
