/**
 * The names PostgreSQL makes up for indexes, constraints and sequences: `orders_customer_id_fkey`, `orders_pkey1`.
 * Follows makeObjectName, ChooseRelationName and ChooseConstraintName of PostgreSQL 15.
 */
import { maxNameBytes, truncateName } from "../names.ts";
import type { NamespaceEntry } from "./entries.ts";

/** `name1_name2_label` in 63 bytes: the longer of the two names is cut first, the label never. */
export function makeObjectName(name1: string, name2: string | undefined, label: string): string {
  const available = maxNameBytes - label.length - 1 - (name2 === undefined ? 0 : 1);
  // No character has more than three bytes for each of its code units.
  if ((name1.length + (name2?.length ?? 0)) * 3 <= available)
    return name2 === undefined ? `${name1}_${label}` : `${name1}_${name2}_${label}`;
  let bytes1 = Buffer.byteLength(name1);
  let bytes2 = name2 === undefined ? 0 : Buffer.byteLength(name2);
  const tooMuch = bytes1 + bytes2 - available;
  if (tooMuch > 0) {
    // Byte by byte from the longer one; of equals, the second.
    const difference = Math.min(tooMuch, Math.abs(bytes1 - bytes2));
    if (bytes1 > bytes2) bytes1 -= difference;
    else bytes2 -= difference;
    const rest = tooMuch - difference;
    bytes2 -= Math.ceil(rest / 2);
    bytes1 -= Math.floor(rest / 2);
  }
  const first = truncateName(name1, bytes1);
  return name2 === undefined ? `${first}_${label}` : `${first}_${truncateName(name2, bytes2)}_${label}`;
}

/** A name that no relation has; for the index of a constraint, no constraint either. */
export function chooseRelationName(
  name1: string,
  name2: string | undefined,
  label: string,
  namespace: NamespaceEntry,
  isConstraint: boolean,
): string {
  return chooseName(name1, name2, label, (name) => namespace.relations.has(name) || (isConstraint && namespace.constraintNames.has(name)));
}

/** A name that no constraint in the schema has. */
export function chooseConstraintName(name1: string, name2: string | undefined, label: string, namespace: NamespaceEntry): string {
  return chooseName(name1, name2, label, (name) => namespace.constraintNames.has(name));
}

function chooseName(name1: string, name2: string | undefined, label: string, isTaken: (name: string) => boolean): string {
  for (let pass = 0; ; pass++) {
    const name = makeObjectName(name1, name2, pass === 0 ? label : `${label}${pass}`);
    if (!isTaken(name)) return name;
  }
}

/** What several columns contribute to a name: `a_b`, cut off once it is long enough to be cut anyway. */
export function joinedColumnNames(columns: readonly string[]): string {
  let joined = "";
  for (const column of columns) {
    joined += joined === "" ? column : `_${column}`;
    if (joined.length > maxNameBytes) break;
  }
  return joined;
}

/** The names of an index's columns: those that occur twice are numbered. */
export function indexColumnNames(names: readonly string[]): string[] {
  const chosen: string[] = [];
  for (const name of names) {
    let candidate = name;
    for (let i = 1; chosen.includes(candidate); i++) candidate = truncateName(name, maxNameBytes - String(i).length) + i;
    chosen.push(candidate);
  }
  return chosen;
}
