/** The tools for assistants inside the editor: each asks the language server, which knows unsaved changes too. */
import {
  type CancellationToken,
  Disposable,
  LanguageModelTextPart,
  type LanguageModelTool,
  LanguageModelToolResult,
  lm,
} from "vscode";
import {
  type AssistantAnswer,
  type AssistantTool,
  type AssistantToolParams,
  assistantTools,
  editorToolName,
  runAssistantTool,
} from "../../../protocol/src/assistant.ts";
import type { ServerSession } from "../serverSession.ts";

/** Does nothing in editors without such tools. */
export function registerLanguageModelTools(server: ServerSession): Disposable {
  if (typeof lm?.registerTool !== "function") return Disposable.from();
  return Disposable.from(...assistantTools.map((tool) => lm.registerTool(editorToolName(tool), languageModelTool(tool, server))));
}

/** What people read while it runs. Nothing is asked of them before: the tools only read. */
const progress: Readonly<Record<AssistantTool, string>> = {
  check_schema: "Checking the database schema",
  list_findings: "Listing findings about the database schema",
  describe_table: "Describing a table",
};

function languageModelTool(tool: AssistantTool, server: ServerSession): LanguageModelTool<object> {
  return {
    prepareInvocation: () => ({ invocationMessage: progress[tool] }),
    async invoke({ input }, token: CancellationToken) {
      const params: AssistantToolParams = { tool, input };
      await server.start(); // nothing happens when it runs; a tool may be what activates the extension
      const { text, isError } = await server.ask(runAssistantTool, params, asAnswer, token);
      if (isError) throw new Error(text);
      return new LanguageModelToolResult([new LanguageModelTextPart(text)]);
    },
  };
}

function asAnswer(answer: unknown): AssistantAnswer {
  if (typeof answer === "object" && answer !== null && "text" in answer && typeof answer.text === "string")
    return { text: answer.text, isError: "isError" in answer && answer.isError === true };
  return { text: "The language server gave no answer.", isError: true };
}
