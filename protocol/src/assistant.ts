/** The tools for assistants that write code: their names, and how the language client has the server run one. */

/** As an MCP client sees them. */
export const assistantTools = ["check_schema", "list_findings", "describe_table"] as const;
export type AssistantTool = (typeof assistantTools)[number];

/** In Visual Studio Code all extensions share one list of tools. */
export function editorToolName(tool: AssistantTool): string {
  return `database_architect_${tool}`;
}

/** Client to server: runs one of the tools over the workspace as it is in the editor, unsaved changes included. */
export const runAssistantTool = "databaseArchitect/runAssistantTool";

export interface AssistantToolParams {
  readonly tool: AssistantTool;
  /** As the assistant wrote it; the server validates it. */
  readonly input: unknown;
}

export interface AssistantAnswer {
  /** JSON; of an error a sentence that says what to do. */
  readonly text: string;
  readonly isError: boolean;
}

/** Id under which the extension offers its MCP server. */
export const mcpServerProvider = "databaseArchitect.mcp";
