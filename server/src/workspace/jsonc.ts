/** JSON as people keep settings in it: with comments and trailing commas. */

/** The value; undefined when even so it is no JSON. */
export function parseJsonWithComments(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "").replace(insignificant, (_match, kept: string | undefined) => kept ?? ""));
  } catch {
    // Half-typed settings are no settings.
    return undefined;
  }
}

/** Strings are kept; comments go, and a comma before a closing bracket with only blanks and comments between. */
const insignificant = /("(?:[^"\\\n]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*[\]}])/g;
