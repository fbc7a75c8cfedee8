/** Hovers, outlines, rule pages; cancelled requests; handlers with a fault. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  CancellationTokenSource,
  type DocumentSymbol,
  type Hover,
  LSPErrorCodes,
  ResponseError,
} from "vscode-languageserver-protocol/node";
import { listRules, ruleDocumentation, type RuleListing } from "../../protocol/src/requests.ts";
import { schemaRules } from "../../server/src/rules/registry.ts";
import { defineRule } from "../../server/src/rules/rule.ts";
import { fullCapabilities, LspClient } from "../support/lspClient.ts";
import { temporaryFolder } from "../support/temporaryFolder.ts";
import { shop } from "./shop.ts";

const withoutValidation = { settings: { prismaValidation: "off" } };

describe("Requests", () => {
  let client: LspClient;
  let folder: string;
  let uri: (path: string) => string;
  beforeEach(async () => {
    folder = temporaryFolder(shop.files);
    uri = (path) => pathToFileURL(join(folder, path)).href;
    client = await LspClient.inProcess({ folders: [folder], initializationOptions: withoutValidation });
    await client.open(uri(shop.schema));
  });
  afterEach(() => client.stop());

  const hoverAt = (place: string): Promise<Hover | null> => {
    const { start } = client.rangeOf(uri(shop.schema), place);
    return client.connection.sendRequest("textDocument/hover", { textDocument: { uri: uri(shop.schema) }, position: start });
  };
  const textOf = (hover: Hover | null): string =>
    hover !== null && typeof hover.contents === "object" && "value" in hover.contents ? hover.contents.value : "";

  it("for a hover on a finding are answered with the rule, why, the fix and links, in twelve lines at most", async () => {
    const hover = await hoverAt("account   Account");
    const text = textOf(hover);
    assert.match(text, /^\*\*require-index-on-foreign-key\*\*: Index the columns of every foreign key\./);
    assert.match(text, /PostgreSQL indexes the referenced side/);
    assert.match(text, /\*Fix:\* Add an index on accountId\./);
    assert.match(text, /\[postgresql\.org\]\(https:/);
    assert.match(text, /\n---\n\n```sql\nALTER TABLE "Deal" ADD CONSTRAINT "Deal_accountId_fkey"/);
    assert.ok(text.split("\n").filter((line) => line !== "" && !line.startsWith("```")).length <= 12, text);
    assert.deepEqual(hover?.range, { start: { line: 13, character: 2 }, end: { line: 13, character: 9 } });
  });

  it("for a hover of our own client link to the page that it shows itself", async () => {
    await client.stop();
    client = await LspClient.inProcess({ folders: [folder], initializationOptions: { ...withoutValidation, opensRulePages: true } });
    await client.open(uri(shop.schema));
    const [, address = ""] =
      /\[About this rule\]\(command:databaseArchitect\.openRuleDocumentation\?([^)]*)\)/.exec(textOf(await hoverAt("account   Account"))) ??
      [];
    assert.equal(decodeURIComponent(address), '["require-index-on-foreign-key"]');
  });

  it("for a hover elsewhere are answered with nothing", async () => {
    assert.equal(await hoverAt("model Account"), null);
  });

  it("for a hover of a client without Markdown are answered in plain text", async () => {
    await client.stop();
    client = await LspClient.inProcess({
      folders: [folder],
      initializationOptions: withoutValidation,
      capabilities: { ...fullCapabilities, textDocument: { ...fullCapabilities.textDocument, hover: { contentFormat: ["plaintext"] } } },
    });
    await client.open(uri(shop.schema));
    assert.doesNotMatch(textOf(await hoverAt("account   Account")), /\*\*|\]\(/);
  });

  it("for an outline are answered for Prisma and for SQL", async () => {
    const outline = async (path: string): Promise<readonly string[]> => {
      const symbols = await client.connection.sendRequest<DocumentSymbol[]>("textDocument/documentSymbol", {
        textDocument: { uri: uri(path) },
      });
      return symbols.flatMap((symbol) => [symbol.name, ...(symbol.children ?? []).map((child) => `${symbol.name}.${child.name}`)]);
    };
    assert.ok((await outline(shop.schema)).includes("Deal.accountId"));
    assert.ok((await outline(shop.migration)).includes("Deal.accountId"));
  });

  it("for an outline keep the name of a symbol inside the symbol", async () => {
    const check = (symbols: readonly DocumentSymbol[]): void => {
      for (const { name, range, selectionRange, children = [] } of symbols) {
        const isInside = compare(range.start, selectionRange.start) <= 0 && compare(selectionRange.end, range.end) <= 0;
        assert.ok(isInside, `${name}: ${JSON.stringify([range, selectionRange])}`);
        check(children);
      }
    };
    for (const path of [shop.schema, shop.migration]) {
      const text = shop.files[path];
      await client.open(uri(path), text);
      for (const cut of [text.length, text.length - 40, Math.floor(text.length / 2)]) {
        await client.close(uri(path));
        await client.open(uri(path), text.slice(0, cut));
        check(await client.connection.sendRequest<DocumentSymbol[]>("textDocument/documentSymbol", { textDocument: { uri: uri(path) } }));
      }
    }
  });

  it("for rules and their pages are answered from the rules themselves", async () => {
    const rules = await client.connection.sendRequest<RuleListing[]>(listRules, {});
    const rule = rules.find(({ id }) => id === "require-index-on-foreign-key");
    assert.deepEqual([rule?.category, rule?.aliases], ["indexes", ["fk-without-index"]]);
    for (const rule of ["no-float-money", "float-for-money"])
      assert.match(await client.connection.sendRequest(ruleDocumentation, { rule }), /^# no-float-money\n/);
    assert.match(await client.connection.sendRequest(ruleDocumentation, { rule: "README" }), /^# Rules\n[^]*\| \[no-float-money\]\(no-float-money\.md\)/);
    assert.equal(await client.connection.sendRequest(ruleDocumentation, { rule: "no-such-rule" }), null);
    assert.equal(await client.connection.sendRequest(ruleDocumentation, {}), null);
  });

  it("about files that do not exist are answered with nothing", async () => {
    const textDocument = { uri: uri("nowhere.prisma") };
    const position = { line: 0, character: 0 };
    assert.equal(await client.connection.sendRequest("textDocument/hover", { textDocument, position }), null);
    assert.deepEqual(await client.connection.sendRequest("textDocument/documentSymbol", { textDocument }), []);
    assert.deepEqual(
      await client.connection.sendRequest("textDocument/codeAction", {
        textDocument,
        range: { start: position, end: position },
        context: { diagnostics: [] },
      }),
      [],
    );
    assert.deepEqual(await client.pull(textDocument.uri), []);
  });

  it("with positions outside of the text do no harm", async () => {
    const textDocument = { uri: uri(shop.schema) };
    for (const position of [
      { line: 999, character: 0 },
      { line: 0, character: 99_999 },
    ]) {
      assert.equal(await client.connection.sendRequest("textDocument/hover", { textDocument, position }), null);
    }
  });
});

describe("A request that is cancelled", () => {
  it("fails as cancelled, and soon, while another goes on", async () => {
    const slow = defineRule({
      ...metadata("slow"),
      *checkSchema() {
        const until = performance.now() + 60;
        while (performance.now() < until);
      },
    });
    const folder = temporaryFolder({ ...shop.files });
    const uri = pathToFileURL(join(folder, shop.schema)).href;
    const client = await LspClient.inProcess(
      { folders: [folder], initializationOptions: withoutValidation },
      { rules: Array.from({ length: 30 }, () => slow) },
    );
    try {
      await client.open(uri);
      const source = new CancellationTokenSource();
      const cancelled = client.connection.sendRequest("textDocument/diagnostic", { textDocument: { uri } }, source.token);
      const other = client.connection.sendRequest<{ kind: string }>("textDocument/diagnostic", { textDocument: { uri } });
      await new Promise((resolve) => setTimeout(resolve, 200));
      const asked = performance.now();
      source.cancel();
      await assert.rejects(cancelled, (error: unknown) => error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled);
      const waited = performance.now() - asked;
      // One step of the slow rule, and what a busy machine adds; the whole work takes 1.8 s.
      assert.ok(waited < 600, `${waited.toFixed(0)} ms`);
      assert.equal((await other).kind, "full");
    } finally {
      await client.stop();
    }
  });

  it("whose document changes meanwhile is answered for the new text, or as outdated where it points into the old", async () => {
    const slow = defineRule({
      ...metadata("slow"),
      *checkSchema() {
        const until = performance.now() + 30;
        while (performance.now() < until);
      },
    });
    const folder = temporaryFolder({ ...shop.files });
    const uri = pathToFileURL(join(folder, shop.schema)).href;
    const client = await LspClient.inProcess(
      { folders: [folder], initializationOptions: withoutValidation },
      { rules: [...schemaRules, ...Array.from({ length: 10 }, () => slow)] },
    );
    try {
      await client.open(uri);
      const diagnostics = client.pull(uri);
      const hover = client.connection.sendRequest("textDocument/hover", { textDocument: { uri }, position: { line: 13, character: 4 } });
      const outdated = assert.rejects(
        hover,
        (error: unknown) => error instanceof ResponseError && error.code === LSPErrorCodes.ContentModified,
      );
      await new Promise((resolve) => setTimeout(resolve, 60));
      await client.change(uri, "model Account", "// one line more\nmodel Account");
      assert.deepEqual(
        (await diagnostics).map((one) => one.range.start.line),
        [14],
      );
      await outdated;
    } finally {
      await client.stop();
    }
  });
});

describe("A rule with a fault", () => {
  it("loses its own findings, and nobody else's; the log and the status say so", async () => {
    const broken = defineRule({
      ...metadata("broken"),
      *checkSchema() {
        throw new Error("This rule is broken.");
      },
    });
    const folder = temporaryFolder({ ...shop.files });
    const uri = pathToFileURL(join(folder, shop.schema)).href;
    const client = await LspClient.inProcess(
      { folders: [folder], initializationOptions: withoutValidation },
      { rules: [broken, ...schemaRules] },
    );
    try {
      await client.open(uri);
      assert.deepEqual(
        (await client.pull(uri)).map((one) => one.code),
        ["require-index-on-foreign-key"],
      );
      await client.until(() => client.messages.some((message) => message.includes("This rule is broken.")), "A line in the log");
      await client.until(
        () => client.statuses.some((status) => status.notices.some((notice) => notice.includes("rule broken"))),
        "A notice",
      );
    } finally {
      await client.stop();
    }
  });
});

function metadata(id: string): Omit<(typeof schemaRules)[number], "checkTable" | "checkSchema"> {
  return { id, group: "schema", category: "keys", severity: "warning", since: "0.0.0", summary: "", why: "", sources: [], examples: { bad: [], good: [] } };
}

function compare(
  a: { readonly line: number; readonly character: number },
  b: { readonly line: number; readonly character: number },
): number {
  return a.line - b.line || a.character - b.character;
}
