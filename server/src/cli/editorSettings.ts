/** The settings that the editor would use for a folder: `databaseArchitect.*` of `.vscode/settings.json`. */
import { dirname, join } from "node:path";
import { settingsSection } from "../../../protocol/src/settings.ts";
import type { FileHost } from "../text/fileHost.ts";
import { readJsonc } from "../workspace/jsonc.ts";
import { isWithin } from "../workspace/searching.ts";

/** What the nearest `.vscode/settings.json` says, from `root` up to `top`; undefined when there is none. */
export function editorSettings(root: string, top: string, host: FileHost): unknown {
  for (let folder = root; ; folder = dirname(folder)) {
    const read = host.readText(join(folder, ".vscode", "settings.json"));
    if (read.ok) return section(readJsonc(read.text).value);
    if (folder === top || !isWithin(top, folder) || dirname(folder) === folder) return undefined;
  }
}

/** Keys with dots, as the editor writes them, as one object. */
function section(settings: unknown): unknown {
  if (typeof settings !== "object" || settings === null) return undefined;
  const prefix = `${settingsSection}.`;
  const own = Object.entries(settings).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, value]) => [key.slice(prefix.length), value]));
}
