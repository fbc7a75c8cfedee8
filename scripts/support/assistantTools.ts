/** The tools for assistants as package.json contributes them, from their own metadata. Pure: texts in, texts out. */
import { editorToolName } from "../../protocol/src/assistant.ts";
import { inputSchemaOf } from "../../server/src/assistant/inputSchema.ts";
import type { Tool } from "../../server/src/assistant/tool.ts";

/** The text of package.json with these in `contributes.languageModelTools`; the text itself where nothing is contributed. */
export function withAssistantTools(manifest: string, tools: readonly Tool[]): string {
  const parsed: unknown = JSON.parse(manifest);
  if (typeof parsed !== "object" || parsed === null || !("contributes" in parsed)) return manifest;
  const { contributes } = parsed;
  if (typeof contributes !== "object" || contributes === null) return manifest;
  const withTools = { ...contributes, languageModelTools: tools.map((tool) => contributed(tool, tools)) };
  return `${JSON.stringify({ ...parsed, contributes: withTools }, undefined, 2)}\n`;
}

function contributed(tool: Tool, tools: readonly Tool[]): object {
  /** Tools that mention each other do so by the names they have there. */
  const inEditor = (text: string): string => tools.reduce((said, { name }) => said.replaceAll(name, editorToolName(name)), text);
  const inputSchema: unknown = JSON.parse(inEditor(JSON.stringify(inputSchemaOf(tool))));
  return {
    name: editorToolName(tool.name),
    toolReferenceName: tool.reference,
    canBeReferencedInPrompt: true,
    displayName: tool.title,
    userDescription: tool.summary,
    modelDescription: inEditor(tool.description),
    icon: "$(database)",
    tags: ["database", "postgresql", "schema", "prisma", "sql"],
    inputSchema,
  };
}
