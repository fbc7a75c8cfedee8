/** Names as parts of addresses. */

/** Lower case, letters, digits and hyphens only; never empty. */
export function slugged(name: string): string {
  const plain = name.normalize("NFD").toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "");
  return plain === "" ? "x" : plain;
}
