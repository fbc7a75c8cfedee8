/** What a tool may be given, as the JSON schema that MCP and Visual Studio Code want. */
import { toJsonSchema } from "@valibot/to-json-schema";
import type { Tool } from "./tool.ts";

export interface JsonInputSchema {
  readonly type: "object";
  readonly properties: Readonly<Record<string, object>>;
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

export function inputSchemaOf({ input }: Tool): JsonInputSchema {
  const properties = Object.entries(input.entries).map(([name, entry]) => {
    const { $schema: _, ...schema } = toJsonSchema(entry);
    return [name, schema] as const;
  });
  const { required = [] } = toJsonSchema(input);
  return { type: "object", properties: Object.fromEntries(properties), required, additionalProperties: false };
}
