/**
 * The shape of a tool for assistants: what it is called and for, what it may be given, and a pure function of a snapshot.
 * Tools read; none of them changes anything.
 */
import type * as v from "valibot";
import type { AssistantTool } from "../../../protocol/src/assistant.ts";
import type { Snapshot } from "../workspace/snapshot.ts";
import type { Steps } from "../workspace/steps.ts";
import { parseInput } from "./input.ts";

/** `reason`: whole sentences that tell an assistant what to do instead. */
export type ToolResult = { readonly ok: true; readonly value: object } | { readonly ok: false; readonly reason: string };

export type InputSchema = v.StrictObjectSchema<v.ObjectEntries, undefined>;

export interface ToolMetadata {
  readonly name: AssistantTool;
  /** For people, as in a list of tools. */
  readonly title: string;
  /** What people write to refer to it in a chat, after `#`. */
  readonly reference: string;
  /** For people, one sentence. */
  readonly summary: string;
  /** For the assistant: what it answers, its limits, and when to use something else. */
  readonly description: string;
}

export interface Tool extends ToolMetadata {
  /** Each entry has a description. */
  readonly input: InputSchema;
  /** `given` is whatever the assistant wrote. */
  run(snapshot: Snapshot, given: unknown): Steps<ToolResult>;
}

/** A tool whose `answer` gets only input that its schema allows. */
export function defineTool<Entries extends v.ObjectEntries>(
  tool: ToolMetadata & {
    readonly input: v.StrictObjectSchema<Entries, undefined>;
    answer(snapshot: Snapshot, input: v.InferOutput<v.StrictObjectSchema<Entries, undefined>>): Steps<ToolResult>;
  },
): Tool {
  const { answer, ...metadata } = tool;
  return {
    ...metadata,
    *run(snapshot, given) {
      const parsed = parseInput(tool.input, given);
      return parsed.ok ? yield* answer(snapshot, parsed.input) : parsed;
    },
  };
}
