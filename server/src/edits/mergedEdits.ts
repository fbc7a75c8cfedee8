/** Changes of several fixes in one: an entry a file, what several of them want alike done once. */
import type { Edit, FileEdit } from "../text/edit.ts";
import { following } from "./newFiles.ts";

/** One entry a file, in the order in which the files were first changed. */
export function joined(edits: readonly FileEdit[]): readonly FileEdit[] {
  const merged = new MergedEdits();
  merged.add(edits);
  return merged.fileEdits();
}

export class MergedEdits {
  readonly #changes = new Map<string, Edit[]>();
  /** Texts to be put together into one new file, or several of which the first has the address. */
  readonly #creations = new Map<string, Creation[]>();

  /** Whether none of the changes touches text that an earlier one changes otherwise. */
  takes(edits: readonly FileEdit[]): boolean {
    return edits.every((edit) => {
      const known = edit.kind === "change" ? (this.#changes.get(edit.uri) ?? []) : [];
      return edit.kind === "create" || edit.edits.every((one) => known.every((other) => isSameEdit(one, other) || isApart(one, other)));
    });
  }

  add(edits: readonly FileEdit[]): void {
    for (const edit of edits) {
      if (edit.kind === "change") {
        const known = this.#changes.get(edit.uri) ?? [];
        this.#changes.set(edit.uri, [...known, ...edit.edits.filter((one) => !known.some((other) => isSameEdit(one, other)))]);
      } else {
        const known = this.#creations.get(edit.uri) ?? [];
        this.#creations.set(edit.uri, known.some(({ text, place }) => text === edit.text && place === edit.place) ? known : [...known, edit]);
      }
    }
  }

  fileEdits(): readonly FileEdit[] {
    const changes = [...this.#changes].map(([uri, edits]): FileEdit => ({ kind: "change", uri, edits }));
    return [...changes, ...[...this.#creations].flatMap(([uri, parts]) => filesOf(uri, parts))];
  }
}

type Creation = Extract<FileEdit, { kind: "create" }>;

/** What can run together, what must run alone, what must come last: each in a file behind the one before. */
function filesOf(uri: string, parts: readonly Creation[]): readonly FileEdit[] {
  const textOf = (wanted: Creation["place"]): string => parts.map(({ text, place }) => (place === wanted ? text : "")).join("");
  const texts = [textOf(undefined), ...parts.flatMap(({ text, place }) => (place === "alone" ? [text] : [])), textOf("after")].filter((text) => text !== "");
  let next = uri;
  return texts.map((text): FileEdit => {
    const edit: FileEdit = { kind: "create", uri: next, text };
    next = following(next);
    return edit;
  });
}

function isSameEdit(a: Edit, b: Edit): boolean {
  return a.span.start === b.span.start && a.span.end === b.span.end && a.text === b.text;
}

function isApart(a: Edit, b: Edit): boolean {
  return a.span.end <= b.span.start || b.span.end <= a.span.start;
}
