/**
 * Holds a TextMate grammar to scopes written under a text: `//  ^^^ support.type` says that every marked character of the
 * line above has a scope that is, or begins with, `support.type`; `! string` that none has. The tokeniser is VS Code's own.
 */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import * as oniguruma from "vscode-oniguruma";
import * as textmate from "vscode-textmate";

/** A grammar file by scope name. */
export type GrammarFiles = Readonly<Record<string, string>>;

/** The grammar of `scopeName`, with those that inject into it. */
export async function loadGrammar(scopeName: string, files: GrammarFiles, injections: readonly string[] = []): Promise<textmate.IGrammar> {
  const registry = new textmate.Registry({
    onigLib: loadOniguruma(),
    loadGrammar: async (name) => {
      const file = files[name];
      return file === undefined ? null : textmate.parseRawGrammar(await readFile(file, "utf8"), file);
    },
    getInjections: (name) => (name === scopeName ? [...injections] : []),
  });
  const grammar = await registry.loadGrammar(scopeName);
  assert.ok(grammar, `no grammar for ${scopeName}`);
  return grammar;
}

/** Fails with the line and what its characters really have. A text without markers fails too. */
export function checkScopes(grammar: textmate.IGrammar, text: string): void {
  let state = textmate.INITIAL;
  let line = "";
  let scopes: string[][] = [];
  let markers = 0;
  for (const next of text.split("\n")) {
    const marker = /^\s*\/\/ *(\^+) (! )?(\S+)$/.exec(next);
    if (marker === null) {
      line = next;
      const tokens = grammar.tokenizeLine(line, state);
      state = tokens.ruleStack;
      scopes = tokens.tokens.flatMap((token) => Array.from({ length: token.endIndex - token.startIndex }, () => token.scopes));
      continue;
    }
    const [, carets = "", negated, scope = ""] = marker;
    const start = next.indexOf("^");
    for (let at = start; at < start + carets.length; at++) {
      const has = (scopes[at] ?? []).some((one) => one === scope || one.startsWith(`${scope}.`));
      assert.equal(has, negated === undefined, `“${line[at] ?? ""}” at ${at} of “${line}”: ${(scopes[at] ?? []).join(" ")}`);
    }
    markers += 1;
  }
  assert.ok(markers > 0, "the text has no markers");
}

let loading: Promise<textmate.IOnigLib> | undefined;

function loadOniguruma(): Promise<textmate.IOnigLib> {
  loading ??= (async () => {
    const wasm = await readFile(createRequire(import.meta.url).resolve("vscode-oniguruma/release/onig.wasm"));
    await oniguruma.loadWASM(new Uint8Array(wasm).buffer);
    return {
      createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns),
      createOnigString: (value) => new oniguruma.OnigString(value),
    };
  })();
  return loading;
}
