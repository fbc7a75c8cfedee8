/** Lenses over calls of Prisma Client: what their last plans came to in all, and the way to new ones. Loaded for files that have some. */
import { createHash } from "node:crypto";
import type { CodeLens } from "vscode-languageserver/node";
import { explainQuery } from "../../../protocol/src/plan.ts";
import { callModels } from "../calls/callModels.ts";
import type { PrismaCall } from "../calls/call.ts";
import { prismaCalls } from "../calls/prismaCalls.ts";
import type { PrismaFile } from "../prisma/syntax.ts";
import type { TextFile } from "../workspace/textFile.ts";
import { type LastPlans, lensTitle } from "./lastPlans.ts";
import { rangeOf } from "./toDiagnostic.ts";

/** Over more, nobody reads them. */
const most = 300;

/** `uri` as the editor spells it. */
export function callLenses(file: TextFile, uri: string, prismaFiles: readonly PrismaFile[], lastPlans: LastPlans): readonly CodeLens[] {
  return prismaCalls(file.uri, file.text, callModels(prismaFiles))
    .slice(0, most)
    .map((call) => {
      const { start } = call.span;
      const title = lensTitle(lastPlans.of(callKey(call)));
      return { range: rangeOf({ start, end: start }, file.lines), command: { title, command: explainQuery, arguments: [uri, start] } };
    });
}

/** The same for calls that read the same but for white space: what is known of the last plans is about these. */
export function callKey({ model, text }: PrismaCall): string {
  return `call ${createHash("sha256").update(`${model} ${text.replaceAll(/\s+/g, "")}`).digest("base64url").slice(0, 22)}`;
}
