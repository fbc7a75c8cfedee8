/** Formats a Prisma schema as `prisma format` does: by the schema engine, which also writes the missing half of a relation. */
import type { Edit } from "../text/edit.ts";
import type { EngineThread } from "./engineThread.ts";
import type { SchemaText } from "./validate.ts";

/**
 * The change that formats the file `uri` among the files of its schema; none when the engine does not answer or would
 * lose something. Line ends stay what they are.
 */
export async function formatPrisma(engine: EngineThread, files: readonly SchemaText[], uri: string): Promise<readonly Edit[]> {
  const text = files.find((file) => file.uri === uri)?.text;
  if (text === undefined) return [];
  const reply = await engine.ask({ kind: "format", files: files.map((file) => [file.uri, file.text.replaceAll("\r\n", "\n")]), file: uri });
  const formatted = reply?.kind === "formatted" ? textOf(JSON.parse(reply.files), uri) : undefined;
  if (formatted === undefined || !holdsAll(formatted, text)) return [];
  const edit = difference(text, text.includes("\r\n") ? formatted.replaceAll("\n", "\r\n") : formatted);
  return edit === undefined ? [] : [edit];
}

function textOf(files: unknown, uri: string): string | undefined {
  for (const file of Array.isArray(files) ? files : []) {
    if (!Array.isArray(file)) continue;
    const [name, text]: readonly unknown[] = file;
    if (name === uri && typeof text === "string") return text;
  }
  return undefined;
}

/** Whether `formatted` has every character of `text` but white space, in its order. */
function holdsAll(formatted: string, text: string): boolean {
  const wanted = text.replaceAll(/\s+/g, "");
  let at = 0;
  for (let i = 0; i < formatted.length && at < wanted.length; i++) if (formatted.charCodeAt(i) === wanted.charCodeAt(at)) at++;
  return at === wanted.length;
}

/** One change for all that differs. */
function difference(before: string, after: string): Edit | undefined {
  if (before === after) return undefined;
  const limit = Math.min(before.length, after.length);
  let start = 0;
  while (start < limit && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let tail = 0;
  while (tail < limit - start && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  return { span: { start, end: before.length - tail }, text: after.slice(start, after.length - tail) };
}
