/** Calls of Prisma Client, read and compiled with the same parts as in the product. */
import { pathToFileURL } from "node:url";
import { scratchAssets } from "../../scripts/support/scratchAssets.mjs";
import { callModels } from "../../server/src/calls/callModels.ts";
import { type CallSchema, type CompiledCall, compileCall } from "../../server/src/calls/compileCall.ts";
import { prismaCalls } from "../../server/src/calls/prismaCalls.ts";
import { compilerSchema, QueryCompiler } from "../../server/src/calls/queryCompiler.ts";
import type { PrismaCall } from "../../server/src/calls/call.ts";
import { parsePrisma } from "../../server/src/prisma/parse.ts";
import { queryCompilerWorker } from "../../server/src/workspace/assets.ts";

export const callFile = "file:///calls.ts";

export async function openCompiler(): Promise<QueryCompiler> {
  const worker = queryCompilerWorker;
  return new QueryCompiler({ worker, assets: pathToFileURL(`${await scratchAssets()}/`) });
}

export function callSchema(texts: readonly string[]): CallSchema {
  const files = texts.map((text, i) => parsePrisma(`file:///schema/${i}.prisma`, text));
  return { models: callModels(files), source: compilerSchema(texts) };
}

export interface ReadCall {
  readonly call: PrismaCall;
  readonly compiled: CompiledCall;
}

/** The calls of a source text, each compiled. */
export async function compiledCalls(compiler: QueryCompiler, schema: CallSchema, text: string): Promise<readonly ReadCall[]> {
  const read: ReadCall[] = [];
  for (const call of prismaCalls(callFile, text, schema.models)) read.push({ call, compiled: await compileCall(compiler, schema, call) });
  return read;
}
