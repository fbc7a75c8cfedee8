/** Examples in Prisma are schemas that Prisma's own engine takes, before and after the fix. */
import assert from "node:assert/strict";
import { lint } from "@prisma/prisma-schema-wasm";
import { rules } from "../../../server/src/rules/registry.ts";
import type { Example } from "../../../server/src/rules/rule.ts";
import { plainText } from "../../support/ruleExamples.ts";

describe("examples in Prisma", () => {
  for (const rule of rules) {
    const examples: readonly Example[] = [...rule.examples.bad, ...rule.examples.good];
    const inPrisma = examples.filter(({ prisma }) => prisma !== undefined);
    const texts = [...inPrisma.map(plainText), ...inPrisma.flatMap(({ fixed }) => fixed ?? [])];
    it(`of ${rule.id} are valid`, () => {
      for (const text of texts) assert.deepEqual(errorsIn(text), [], text);
    });
  }
});

function errorsIn(text: string): readonly string[] {
  const datasource = text.includes("datasource") ? "" : '\ndatasource db {\n  provider = "postgresql"\n}\n';
  const found: unknown = JSON.parse(lint(JSON.stringify([["schema.prisma", text + datasource]])));
  assert.ok(Array.isArray(found));
  return found.flatMap((item: { is_warning: boolean; text: string }) => (item.is_warning ? [] : [item.text]));
}
