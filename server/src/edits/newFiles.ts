/** The names of new migrations that run one after the other. */

/** The address of the file that runs next: the last number in front of a name, one more. */
export function following(uri: string): string {
  const [, before = "", digits = "", after = ""] = /^(.*\/)(\d+)([^/]*(?:\/[^/]*)?)$/.exec(uri) ?? [];
  if (digits === "") return uri.replace(/(\.\w+)?$/, "_next$1");
  return `${before}${(BigInt(digits) + 1n).toString().padStart(digits.length, "0")}${after}`;
}
