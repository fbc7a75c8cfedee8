/**
 * Writes what follows from the rules' metadata: `docs/rules/*.md`, the README's tables of rules, the setting
 * `databaseArchitect.rules` in package.json, and the JSON schema of the configuration file; from the metadata of the tools
 * for assistants, what package.json contributes. Writes only what changed; with `--check` it writes nothing and fails when
 * something is out of date.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { tools } from "../server/src/assistant/tools.ts";
import { overviewPage } from "../server/src/rules/overview.ts";
import { rulePage } from "../server/src/rules/page.ts";
import { rules } from "../server/src/rules/registry.ts";
import { withAssistantTools } from "./support/assistantTools.ts";
import { configurationSchema, configurationSchemaPath } from "./support/configurationSchema.ts";
import { withRuleSettings, withRuleTable } from "./support/generated.ts";
import { root } from "./support/paths.ts";
import { note, runMain, ScriptError } from "./support/terminal.ts";

/** The files that are not what they should be: path below the repository, and their text; undefined for one too many. */
export function outdatedFiles(repository: string): ReadonlyMap<string, string | undefined> {
  const outdated = new Map<string, string | undefined>();
  const expect = (path: string, text: string): void => {
    if (readIfThere(join(repository, path)) !== text) outdated.set(path, text);
  };
  for (const rule of rules) expect(`docs/rules/${rule.id}.md`, rulePage(rule));
  expect("docs/rules/README.md", overviewPage(rules));
  expect(configurationSchemaPath, configurationSchema(rules));
  const readme = readIfThere(join(repository, "README.md"));
  if (readme !== undefined) expect("README.md", withRuleTable(readme, rules));
  const manifest = readFileSync(join(repository, "package.json"), "utf8");
  expect("package.json", withAssistantTools(withRuleSettings(manifest, rules), tools));
  for (const file of pages(repository)) {
    if (file !== "README.md" && !rules.some((rule) => file === `${rule.id}.md`)) outdated.set(`docs/rules/${file}`, undefined);
  }
  return outdated;
}

function pages(repository: string): readonly string[] {
  const folder = join(repository, "docs/rules");
  return existsSync(folder) ? readdirSync(folder) : [];
}

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

async function main(): Promise<number> {
  const outdated = outdatedFiles(root);
  if (process.argv.includes("--check")) {
    if (outdated.size === 0) return 0;
    throw new ScriptError(`Out of date: ${[...outdated.keys()].join(", ")}. Run \`npm run generate\`.`);
  }
  mkdirSync(join(root, "docs/rules"), { recursive: true });
  for (const [path, text] of outdated) {
    if (text === undefined) rmSync(join(root, path));
    else writeFileSync(join(root, path), text);
    note(`${text === undefined ? "removed" : "wrote"} ${path}`);
  }
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) void runMain(main);
