/** Names that a text mentions, for statements that are not understood: what they do not mention they do not define. */
import { truncateName } from "../names.ts";

/** As written and in lower case: an unquoted name is folded, one in quotes or in a string is not. */
export function mentionedNames(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  for (const match of text.matchAll(/"((?:[^"]|"")+)"|[\p{L}_][\p{L}\p{N}_$]*/gu)) {
    const [written, quoted] = match;
    if (quoted !== undefined) names.add(truncateName(quoted.replaceAll('""', '"')));
    for (const word of quoted === undefined ? [written] : (quoted.match(/[\p{L}_][\p{L}\p{N}_$]*/gu) ?? []))
      names.add(truncateName(word)).add(truncateName(word.toLowerCase()));
  }
  return names;
}
