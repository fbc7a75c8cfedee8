/** The font of diagrams as PDF: DejaVu Sans, whose widths every picture is laid out with. */
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { scratchAssets } from "./assets.ts";

let loaded: Promise<Uint8Array> | undefined;

/** Rejects when the product is not whole. */
export function diagramFont(): Promise<Uint8Array> {
  return (loaded ??= readFile(new URL("diagramFont.ttf.br", scratchAssets)).then((packed) => promisify(brotliDecompress)(packed)));
}
