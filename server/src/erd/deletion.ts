/** What one DELETE would do, for the diagram: each effect with the relation that leads to it, and all of it in words. */
import type { ErdDeletion, ErdDeletionEffect } from "../../../protocol/src/erd.ts";
import { type DeleteEffect, deleteEffects } from "../model/deleteEffects.ts";
import type { Reference } from "../model/queries.ts";
import type { ForeignKey, ReferentialAction, Schema } from "../model/schema.ts";
import { manyToManyOf } from "./relations.ts";

/** Of one row of the table with that key, which everything refers to. */
export function deletionOf(schema: Schema, tableKey: string): ErdDeletion {
  const joinTables = manyToManyOf(schema);
  const { effects, spared } = deleteEffects(schema, tableKey);
  const name = schema.tables.get(tableKey)?.name ?? tableKey;
  return {
    table: tableKey,
    effects: effects.map(
      (effect): ErdDeletionEffect => ({
        table: effect.table.key,
        relation: joinTables.has(effect.table.key) ? effect.table.key : `${effect.table.key}.${effect.foreignKey.name}`,
        effect: effect.effect,
        distance: effect.distance,
        text: effectText(effect),
      }),
    ),
    summary: summaryOf(name, effects, spared),
  };
}

/** "rows of orders are deleted with their customers (customer_id, ON DELETE CASCADE)". */
function effectText(effect: DeleteEffect): string {
  const { table, foreignKey } = effect;
  const parent = foreignKey.references.table;
  const columns = (foreignKey.onDeleteSetColumns ?? foreignKey.columns).join(", ");
  switch (effect.effect) {
    case "deleted":
      return `Rows of ${table.name} are deleted with their row of ${parent} (${columns}, ON DELETE CASCADE).`;
    case "nulled":
      return `Rows of ${table.name} stay, and ${columns} becomes null.`;
    case "defaulted":
      return `Rows of ${table.name} stay, and ${columns} becomes its default, which must be a row of ${parent} or null.`;
    case "blocked":
      return blockText(effect, columns);
  }
}

function blockText({ table, foreignKey, reason = "referred", distance }: DeleteEffect, columns: string): string {
  const parent = foreignKey.references.table;
  switch (reason) {
    case "referred":
      return `Refused while ${table.name} has rows that refer to ${parent} by ${columns} (${says(foreignKey, distance)}).`;
    case "deferred":
      return `Refused when the transaction ends, while ${table.name} has rows that refer to ${parent} by ${columns} (${says(foreignKey, distance)}, deferred).`;
    case "order":
      return `Refused by rows of ${table.name} that refer to ${parent} by ${columns}, unless the key that takes them away was made before this one.`;
    case "changedTwice":
      return `Refused by rows of ${table.name} that refer to ${parent} by ${columns}, if PostgreSQL looks at ${columns} before it is emptied: other references of the same rows are emptied too, and the order in which the keys were made decides.`;
    case "notNull":
      return `Refused while ${table.name} has rows that refer to ${parent}: ${columns} is to become null, and must not.`;
  }
}

const actions: Readonly<Record<ReferentialAction, string>> = {
  noAction: "NO ACTION",
  restrict: "RESTRICT",
  cascade: "CASCADE",
  setNull: "SET NULL",
  setDefault: "SET DEFAULT",
};

/** Behind a row that was emptied, not deleted, ON UPDATE decides; behind the first one never. */
function says({ onDelete, onUpdate }: ForeignKey, distance: number): string {
  const isDelete = distance === 1 || onDelete === "noAction" || onDelete === "restrict";
  return isDelete ? `ON DELETE ${actions[onDelete]}` : `ON UPDATE ${actions[onUpdate]}`;
}

function summaryOf(name: string, effects: readonly DeleteEffect[], spared: readonly Reference[]): string {
  const of = (wanted: DeleteEffect["effect"]): readonly string[] => [...new Set(effects.filter(({ effect }) => effect === wanted).map(({ table }) => table.name))];
  const blocked = effects.filter(({ effect }) => effect === "blocked");
  const isSure = blocked.some(({ reason }) => reason !== "order" && reason !== "changedTwice");
  const last = spared.length === 0 ? [] : [`Rows of ${listed([...new Set(spared.map(({ table }) => table.name))])} that hang on nothing else that is deleted would refuse it.`];
  if (effects.length === 0) return [`A DELETE from ${name} touches no other table.`, ...last].join(" ");
  const parts = [
    ...said(of("deleted"), (tables) => `deletes rows of ${tables}`),
    ...said(of("nulled"), (tables) => `empties references of ${tables}`),
    ...said(of("defaulted"), (tables) => `sets references of ${tables} to their default`),
  ];
  const does = parts.length === 0 ? "" : ` Otherwise it ${listed(parts)}.`;
  if (blocked.length > 0 && !isSure) return [`A DELETE from ${name} may be refused by rows of ${listed(of("blocked"))}, by the order in which the keys were made.${does}`, ...last].join(" ");
  if (blocked.length > 0) return [`A DELETE from ${name} is refused while rows of ${listed(of("blocked"))} refer to what it takes.${does}`, ...last].join(" ");
  return [`A DELETE from ${name} ${listed(parts)}.`, ...last].join(" ");
}

function said(tables: readonly string[], words: (tables: string) => string): readonly string[] {
  return tables.length === 0 ? [] : [words(listed(tables))];
}

/** "a, b and c". */
function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1) ?? ""}`;
}
