/** Intents about one element as edits of the Prisma schema that states it. */
import type { FileEdit } from "../text/edit.ts";
import { joined } from "./mergedEdits.ts";
import type { PlacedIntent } from "./modelIntent.ts";
import {
  addPrismaIndex,
  addPrismaKey,
  addPrismaKeyField,
  dropPrismaIndex,
  makePrismaUniquePartial,
  setPrismaOnDelete,
  widenPrismaRelation,
} from "./prisma/renderPrisma.ts";
import { dropPrismaNotNull, setPrismaDefault, setPrismaNotNull } from "./prisma/renderPrismaColumns.ts";
import { addPrismaRelation, setPrismaOnUpdate } from "./prisma/renderPrismaRelations.ts";
import { isRefusal, refuse, type Refusal } from "./refusal.ts";
import type { RenderContext } from "./renderContext.ts";
import { replacePrismaIndex } from "./renderIndexes.ts";
import { replacePrismaUnique } from "./renderUnique.ts";
import { changed, changes, modelIn, type Target, targetOf } from "./targets.ts";

export function renderModelInPrisma(intent: PlacedIntent, target: Target, context: RenderContext): readonly FileEdit[] | Refusal {
  const { text, origin } = target;
  switch (intent.do) {
    case "addIndex":
      return changes(origin, addPrismaIndex(text, origin, intent));
    case "dropIndex":
      return changes(origin, dropPrismaIndex(text, origin));
    case "addPrimaryKey":
      return changes(origin, addPrismaKey(text, origin, intent));
    case "addPrimaryKeyColumn":
      return changes(origin, addPrismaKeyField(text, origin, intent));
    case "setOnDelete":
      return changes(origin, setPrismaOnDelete(origin, intent));
    case "replaceUnique":
      return changes(origin, replacePrismaUnique(text, origin, modelIn(intent.table, origin.uri), intent));
    case "setDefault":
      return changes(origin, setPrismaDefault(origin, intent));
    case "setNotNull":
      return changes(origin, setPrismaNotNull(text, origin, intent));
    case "dropNotNull":
      return changes(origin, dropPrismaNotNull(origin, intent));
    case "setIdentity":
      return refuse("Prisma has no identity columns.");
    case "addCheck":
      return refuse("Prisma has no CHECK constraints.");
    case "addUpdateTrigger":
      return refuse("Prisma has no triggers.");
    case "nameConstraint":
      return refuse("Prisma names every constraint.");
    case "makeUniquePartial":
      if (!hasPartialIndexes(text, context, origin.uri))
        return refuse("Prisma says partial indexes only with the preview feature partialIndexes.");
      return changes(origin, makePrismaUniquePartial(text, origin, intent));
    case "widenForeignKey": {
      const parent = targetOf(intent.referenced, context);
      if (isRefusal(parent)) return parent;
      if (parent.origin.kind !== "prisma") return refuse(`${intent.referenced.name} is not in the Prisma schema.`);
      const widened = widenPrismaRelation(origin, parent, intent);
      return isRefusal(widened) ? widened : joined([...changed(origin.uri, widened.child), ...changed(parent.origin.uri, widened.parent)]);
    }
    case "addForeignKey": {
      const parent = targetOf(intent.referenced, context);
      if (isRefusal(parent)) return parent;
      if (parent.origin.kind !== "prisma") return refuse(`${intent.referenced.name} is not in the Prisma schema.`);
      const added = addPrismaRelation(target, parent, intent);
      return isRefusal(added) ? added : joined([...changed(origin.uri, added.child), ...changed(parent.origin.uri, added.parent)]);
    }
    case "dropForeignKey":
      return refuse("The relation's fields are what the Prisma client offers: take them out by hand.");
    case "setDeferrable":
      return refuse("Prisma cannot say when a foreign key is checked.");
    case "setOnUpdate":
      return changes(origin, setPrismaOnUpdate(origin, intent));
    case "replaceIndex":
      return changes(origin, replacePrismaIndex(text, origin, intent, hasPartialIndexes(text, context, origin.uri)));
  }
}

function hasPartialIndexes(text: string, context: RenderContext, uri: string): boolean {
  const features = context.previewFeatures?.(uri) ?? [];
  return features.includes("partialIndexes") || /^\s*previewFeatures\s*=\s*\[[^\]]*"partialIndexes"/m.test(text);
}
