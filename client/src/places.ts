/** The command behind lenses: shows places in a peek view. Not in the palette, for it is nothing without its arguments. */
import { commands, type Disposable, Location, Position, Range, Uri } from "vscode";
import { showPlaces } from "../../protocol/src/requests.ts";

export function registerShowPlaces(): Disposable {
  return commands.registerCommand(showPlaces, async (uri: unknown, position: unknown, places: unknown) => {
    const at = asPosition(position);
    if (typeof uri !== "string" || at === undefined || !Array.isArray(places)) return;
    await commands.executeCommand("editor.action.showReferences", Uri.parse(uri), at, places.flatMap(asLocation));
  });
}

function asLocation(value: unknown): Location[] {
  if (!isRecord(value) || typeof value["uri"] !== "string" || !isRecord(value["range"])) return [];
  const start = asPosition(value["range"]["start"]);
  const end = asPosition(value["range"]["end"]);
  return start === undefined || end === undefined ? [] : [new Location(Uri.parse(value["uri"]), new Range(start, end))];
}

function asPosition(value: unknown): Position | undefined {
  if (!isRecord(value) || typeof value["line"] !== "number" || typeof value["character"] !== "number") return undefined;
  return new Position(value["line"], value["character"]);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
