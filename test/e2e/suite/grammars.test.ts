/** The injection grammar on the TypeScript, JavaScript and SQL grammars that this VS Code brings along; the texts are in ../grammars. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { extensions } from "vscode";
import { checkScopes, loadGrammar } from "../../support/scopes.ts";

const own = "database-architect.database-architect";
const injection = "inline.sql.database-architect";
const hosts = [
  { scope: "source.ts", extension: "vscode.typescript", file: "syntaxes/TypeScript.tmLanguage.json" },
  { scope: "source.tsx", extension: "vscode.typescript", file: "syntaxes/TypeScriptReact.tmLanguage.json" },
  { scope: "source.js", extension: "vscode.javascript", file: "syntaxes/JavaScript.tmLanguage.json" },
];

describe("SQL in tagged templates", () => {
  for (const { scope } of hosts) {
    describe(`in ${scope}`, () => {
      it("is SQL, and what is put in is code again", () => checkText(scope, "one-line.txt"));
      it("is found for every tag, at the end of any chain", () => checkText(scope, "every-tag.txt"));
      it("goes on over lines, with SQL inside code inside SQL", () => checkText(scope, "nested.txt"));
      it("ends with the template, even inside an open quote or comment", () => checkText(scope, "half-typed.txt"));
      it("is not seen in other templates, comments and comparisons", () => checkText(scope, "not-sql.txt"));
    });
  }

  it("may have type arguments, over several lines too", () => checkText("source.ts", "types.txt"));
});

async function checkText(scope: string, name: string): Promise<void> {
  const files = Object.fromEntries(hosts.map((host) => [host.scope, pathIn(host.extension, host.file)]));
  files["source.sql"] = pathIn("vscode.sql", "syntaxes/sql.tmLanguage.json");
  files[injection] = pathIn(own, "syntaxes/sql-in-typescript.tmLanguage.json");
  const grammar = await loadGrammar(scope, files, [injection]);
  checkScopes(grammar, await readFile(pathIn(own, `test/e2e/grammars/${name}`), "utf8"));
}

function pathIn(extension: string, file: string): string {
  const found = extensions.getExtension(extension);
  assert.ok(found, `VS Code has no ${extension}`);
  return join(found.extensionPath, file);
}
