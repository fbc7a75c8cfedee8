/** Globs over `/`-separated relative paths: `*`, `**`, `?`, `[a-z]`, `{sql,ddl}`. A folder's path means all that is in it. */

/** Whether any of the globs matches a path; no glob matches nothing. */
export function globMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.map((glob) => new RegExp(`^${source(normalized(glob))}(?:/.*)?$`, "u"));
  return (path) => patterns.some((pattern) => pattern.test(path));
}

/** Whether a text can be read as a glob: not empty, and without a range the wrong way round. */
export function isGlob(text: string): boolean {
  try {
    globMatcher([text]);
    return text.trim() !== "";
  } catch {
    // Only building the expression tells.
    return false;
  }
}

function normalized(glob: string): string {
  return glob.trim().replaceAll("\\", "/").replace(/^\.?\/+/, "").replace(/\/+$/, "");
}

function source(glob: string): string {
  let result = "";
  let depth = 0;
  for (let at = 0; at < glob.length; at++) {
    const rest = glob.slice(at);
    const character = glob.charAt(at);
    const choice = /^\[(!?)([^\]/]+)\]/.exec(rest);
    if (/^\*\*(?:\/|$)/.test(rest)) {
      result += rest.length > 2 ? "(?:[^/]+/)*" : ".*";
      at += rest.length > 2 ? 2 : 1;
    } else if (character === "*") result += "[^/]*";
    else if (character === "?") result += "[^/]";
    else if (choice !== null) {
      result += `[${choice[1] === "!" ? "^/" : ""}${(choice[2] ?? "").replaceAll(/[\\^&[\]]/g, "\\$&")}]`;
      at += choice[0].length - 1;
    } else if (character === "{" && rest.includes("}")) {
      depth++;
      result += "(?:";
    } else if (character === "}" && depth > 0) {
      depth--;
      result += ")";
    } else if (character === "," && depth > 0) result += "|";
    else result += character.replace(/[\\^$.*+?()[\]{}|/]/u, "\\$&");
  }
  return result + ")".repeat(depth);
}
