/** One version of one text: an open document, or what a file on the disk said when it was read. */
import { LineIndex } from "../text/lineIndex.ts";

export class TextFile {
  readonly uri: string;
  readonly text: string;
  /** The editor's version; undefined when the file is not open. */
  readonly version: number | undefined;
  #lines: LineIndex | undefined;

  constructor(uri: string, text: string, version?: number) {
    this.uri = uri;
    this.text = text;
    this.version = version;
  }

  /** Computed when first asked for, once a version. */
  get lines(): LineIndex {
    this.#lines ??= new LineIndex(this.text);
    return this.#lines;
  }
}
