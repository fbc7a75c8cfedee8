/**
 * What is wrong with a value that somebody set. One form serves the editor's settings, where a sentence names the
 * setting, and a configuration file, where the sentence stands at the value.
 */

export interface Complaint {
  /** Keys and indexes on the way to it, from the outermost object. */
  readonly path: readonly (string | number)[];
  /** Whether the last key is wrong, or what it is set to. */
  readonly about: "name" | "value";
  /** The end of a sentence that begins with the name: `must be true or false`. */
  readonly says: string;
  /** A name that may have been meant. */
  readonly suggestion?: string | undefined;
}

/** The complaint, seen from further out. */
export function below(prefix: readonly (string | number)[], complaint: Complaint): Complaint {
  return { ...complaint, path: [...prefix, ...complaint.path] };
}

/** For a list of settings: `The setting databaseArchitect.debounce must be 0 or more. Its default is used.` */
export function aboutSetting({ path, about, says, suggestion }: Complaint): string {
  const consequence = about === "name" ? "It is left out." : "Its default is used.";
  return `The setting ${["databaseArchitect", ...path].join(".")} ${says}.${question(suggestion)} ${consequence}`;
}

/** For the place itself: `preset must be "recommended", "strict" or "all".` */
export function inPlace({ path, about, says, suggestion }: Complaint): string {
  const name = path.findLast((part) => typeof part === "string");
  const subject = name === undefined ? "The configuration" : about === "name" ? JSON.stringify(name) : name;
  return `${subject} ${says}.${question(suggestion)}`;
}

/** `"off", "error" or "hint"`. */
export function oneOf(values: readonly string[]): string {
  const quoted = values.map((value) => JSON.stringify(value));
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1) ?? ""}`;
}

function question(suggestion: string | undefined): string {
  return suggestion === undefined ? "" : ` Did you mean ${suggestion}?`;
}
