/** PDF files, as strictly as a reader may be. */
import assert from "node:assert/strict";

/** Where every object of a PDF begins is where its table says. */
export function assertPdf(bytes: Uint8Array): void {
  const text = Buffer.from(bytes).toString("latin1");
  assert.ok(text.startsWith("%PDF-1.7\n"));
  const [, start = ""] = /startxref\n(\d+)\n%%EOF\n$/.exec(text) ?? [];
  const [, count = "", table = ""] = /^xref\n0 (\d+)\n([\s\S]*?)trailer/.exec(text.slice(Number(start))) ?? [];
  const places = table.split("\n").slice(1, -1).map((line) => Number.parseInt(line, 10));
  assert.equal(places.length, Number(count) - 1);
  places.forEach((place, i) => assert.ok(text.startsWith(`${i + 1} 0 obj\n`, place), `object ${i + 1}`));
}
