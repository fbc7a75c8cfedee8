/** All tools for assistants, and the one way they are answered, whoever asks. */
import type { AssistantAnswer } from "../../../protocol/src/assistant.ts";
import { nearestName } from "../text/nearestName.ts";
import { visible } from "../text/markdown.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Steps } from "../workspace/steps.ts";
import { checkSchema } from "./checkSchema.ts";
import { describeTable } from "./describeTable.ts";
import { json } from "./json.ts";
import { listFindings } from "./listFindings.ts";
import type { Tool } from "./tool.ts";

export const tools: readonly Tool[] = [checkSchema, listFindings, describeTable];

/** The answer of the tool of that name to whatever an assistant gives it. */
export function* answerOf(name: string, given: unknown, snapshot: Snapshot): Steps<AssistantAnswer> {
  const tool = tools.find((known) => known.name === name);
  if (tool === undefined) return { text: unknownTool(name), isError: true };
  const result = yield* tool.run(snapshot, given);
  return result.ok ? { text: json(result.value), isError: false } : { text: visible(result.reason), isError: true };
}

function unknownTool(name: string): string {
  const names = tools.map((tool) => tool.name);
  const meant = nearestName(name, names);
  return `There is no tool ${JSON.stringify(name.slice(0, 100))}.${meant === undefined ? "" : ` Did you mean ${meant}?`} The tools are ${names.join(", ")}.`;
}
