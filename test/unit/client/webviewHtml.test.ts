import assert from "node:assert/strict";
import { webviewHtml } from "../../../client/src/webviews/webviewHtml.ts";

const page = {
  title: "ERD",
  scriptUri: "https://file.example/dist/webviews/erd.js",
  styleUri: "https://file.example/dist/webviews/erd.css",
  cspSource: "https://*.example",
  nonce: "abc123",
};

describe("The page of a webview", () => {
  it("allows one script by its nonce, the bundle's styles, images and fonts, and nothing else", () => {
    const [, policy = ""] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(webviewHtml(page)) ?? [];
    assert.deepEqual(policy.split("; "), [
      "default-src 'none'",
      "script-src 'nonce-abc123'",
      "style-src https://*.example",
      "img-src https://*.example data:",
      "font-src https://*.example",
    ]);
  });

  it("has no inline style, no inline script, no event handler", () => {
    const html = webviewHtml(page);
    assert.doesNotMatch(html, /unsafe-|<style|style=|\son\w+=|eval|connect-src/);
    assert.deepEqual([...html.matchAll(/<script[^>]*>([^<]*)<\/script>/g)].map(([, code]) => code), [""]);
  });

  it("has a language, a title and a main region for those who cannot see it", () => {
    const html = webviewHtml(page);
    assert.match(html, /<html lang="en">/);
    assert.match(html, /<title>ERD<\/title>/);
    assert.match(html, /<main id="root">/);
  });

  it("lets no title break out of its element", () => {
    const html = webviewHtml({ ...page, title: '</title><script>alert("1")</script>' });
    assert.doesNotMatch(html, /<script>alert/);
    assert.match(html, /&lt;\/title&gt;&lt;script&gt;alert\(&quot;1&quot;\)/);
  });
});
