/** Figures that a test measures but does not judge: printed, and kept in `test-artifacts/figures.json`. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../../../scripts/support/paths.ts";

export async function writeFigure(what: string, value: string): Promise<void> {
  const path = join(root, "test-artifacts/figures.json");
  await mkdir(join(root, "test-artifacts"), { recursive: true });
  const before: unknown = JSON.parse(await readFile(path, "utf8").catch(() => "{}"));
  await writeFile(path, `${JSON.stringify({ ...(typeof before === "object" ? before : {}), [what]: value }, null, 2)}\n`);
  console.log(`      ${what}: ${value}`);
}
