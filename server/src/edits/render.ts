/**
 * Writes intents as text: into the Prisma schema or the SQL that states what they touch, or as a new migration where
 * the SQL has been applied already or Prisma has no words for it. Reads texts through its context and changes nothing.
 */
import type { FileEdit } from "../text/edit.ts";
import type { Intent } from "./intent.ts";
import { isDesignIntent } from "./intents/designIntent.ts";
import { isIndexIntent } from "./intents/indexIntent.ts";
import { isMigrationIntent } from "./intents/migrationIntent.ts";
import { isProjectIntent } from "./intents/projectIntent.ts";
import { isSecurityIntent } from "./intents/securityIntent.ts";
import { joined, MergedEdits } from "./mergedEdits.ts";
import { isRefusal, type Refusal } from "./refusal.ts";
import type { RenderContext } from "./renderContext.ts";
import { renderDesign } from "./renderDesign.ts";
import { renderModel } from "./renderModel.ts";
import { renderNewIndex } from "./renderNewIndex.ts";
import { renderProject } from "./renderProject.ts";
import { renderSecurity } from "./renderSecurity.ts";
import { renderMigration } from "./sql/renderMigration.ts";

/** The changes, one entry a file; or why there are none. */
export function renderIntent(intent: Intent, context: RenderContext): readonly FileEdit[] | Refusal {
  const edits = rendered(intent, context);
  return isRefusal(edits) || edits.every((edit) => edit.kind === "change" || edit.place === undefined) ? edits : joined(edits);
}

function rendered(intent: Intent, context: RenderContext): readonly FileEdit[] | Refusal {
  if (intent.do === "replaceText") return [{ kind: "change", uri: intent.uri, edits: [{ span: intent.span, text: intent.text }] }];
  const placed = context.places.copy(intent);
  if (isDesignIntent(placed)) return inLineBreaks(renderDesign(placed, context), context);
  if (isIndexIntent(placed)) return inLineBreaks(renderNewIndex(placed, context), context);
  if (isMigrationIntent(placed)) return inLineBreaks(renderMigration(placed, context), context);
  if (isProjectIntent(placed)) return inLineBreaks(renderProject(placed, context), context);
  if (isSecurityIntent(placed)) return inLineBreaks(renderSecurity(placed, context), context);
  return inLineBreaks(renderModel(placed, context), context);
}

/** Many intents at once: what several of them want alike is done once, and one that collides with an earlier one is left out. */
export function renderIntents(
  intents: readonly Intent[],
  context: RenderContext,
): { readonly edits: readonly FileEdit[]; readonly refused: readonly { readonly intent: Intent; readonly reason: string }[] } {
  const merged = new MergedEdits();
  const refused: { intent: Intent; reason: string }[] = [];
  for (const intent of intents) {
    const edits = rendered(intent, context);
    if (isRefusal(edits)) refused.push({ intent, reason: edits.reason });
    else if (!merged.takes(edits)) refused.push({ intent, reason: "Another fix changes the same text." });
    else merged.add(edits);
  }
  return { edits: merged.fileEdits(), refused };
}

function inLineBreaks(edits: readonly FileEdit[] | Refusal, context: RenderContext): readonly FileEdit[] | Refusal {
  return isRefusal(edits) ? edits : edits.map((edit) => withLineBreaksOf(edit, context));
}

/** Edits are written with `\n`; a file that breaks its lines with `\r\n` keeps doing so. */
function withLineBreaksOf(edit: FileEdit, context: RenderContext): FileEdit {
  if (edit.kind === "create" || context.readText(edit.uri)?.includes("\r\n") !== true) return edit;
  return { ...edit, edits: edit.edits.map(({ span, text }) => ({ span, text: text.replaceAll(/\r?\n/g, "\r\n") })) };
}
