/** What two versions of a text have in common at their ends: an edit changes the middle. */

/** Comparing slices is a comparison of memory; letters are looked at one by one only in the last block. */
const block = 4096;

/** Code units that both texts begin with. */
export function commonPrefix(a: string, b: string): number {
  const limit = Math.min(a.length, b.length);
  let at = 0;
  while (at + block <= limit && a.slice(at, at + block) === b.slice(at, at + block)) at += block;
  while (at < limit && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}

/** Code units that both texts end with, beside `prefix` ones that they begin with. */
export function commonSuffix(a: string, b: string, prefix = 0): number {
  const limit = Math.min(a.length, b.length) - prefix;
  let length = 0;
  while (
    length + block <= limit &&
    a.slice(a.length - length - block, a.length - length) === b.slice(b.length - length - block, b.length - length)
  )
    length += block;
  while (length < limit && a.charCodeAt(a.length - 1 - length) === b.charCodeAt(b.length - 1 - length)) length++;
  return length;
}
