/** `databaseArchitect/runAssistantTool`: a tool for assistants, over the workspace as it is in the editor. */
import type { AssistantAnswer } from "../../../../protocol/src/assistant.ts";
import { answerOf } from "../../assistant/tools.ts";
import type { Snapshot } from "../../workspace/snapshot.ts";
import type { Steps } from "../../workspace/steps.ts";

/** `params` is what a client sent, unparsed. */
export function* assistantTool(snapshot: Snapshot, params: unknown): Steps<AssistantAnswer> {
  const given = typeof params === "object" && params !== null ? params : {};
  return yield* answerOf("tool" in given ? String(given.tool) : "", "input" in given ? given.input : undefined, snapshot);
}

export const faultyAnswer: AssistantAnswer = {
  text: "There was a fault in Database Architect; its output has the details. Other tools may still answer.",
  isError: true,
};
