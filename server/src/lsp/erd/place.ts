/** `databaseArchitect/erd/place`: where what somebody points at in a diagram is written. */
import type { ErdPlace, ErdTarget, ErdTargetParams } from "../../../../protocol/src/erd.ts";
import { placeOf } from "../../editing/sheets/wording.ts";
import type { Element, Schema } from "../../model/schema.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";
import { locationOf } from "../location.ts";
import { projectOf } from "./diagrams.ts";

/** Null for what is written nowhere. */
export function* erdPlaceOf(snapshot: Snapshot, { source, target }: ErdTargetParams): Steps<ErdPlace | null> {
  const found = yield* projectOf(snapshot, source);
  if (found === undefined) return null;
  const { schema, places } = yield* snapshot.check(found.project);
  for (const element of elementsAt(schema, target)) {
    const origin = placeOf(element);
    if (origin === undefined) continue;
    const [location] = locationOf({ uri: origin.uri, span: places.nameSpan(origin) }, snapshot);
    if (location !== undefined) return location;
  }
  return null;
}

/** The element itself, then what it is part of. */
function elementsAt(schema: Schema, target: ErdTarget): readonly Element[] {
  switch (target.kind) {
    case "table": {
      const table = schema.tables.get(target.key);
      return present(table?.columns.get(target.column ?? ""), table, schema.views.get(target.key));
    }
    case "enum":
      return present(schema.enums.get(target.key));
    case "relation": {
      for (const table of schema.tables.values()) {
        const foreignKey = table.foreignKeys.find(({ name }) => `${table.key}.${name}` === target.key);
        if (foreignKey !== undefined) return [foreignKey, table];
      }
      const [from = ""] = target.key.split(">");
      return present(schema.tables.get(target.key), schema.views.get(from), schema.tables.get(from));
    }
  }
}

function present(...elements: readonly (Element | undefined)[]): readonly Element[] {
  return elements.filter((element) => element !== undefined);
}
