/**
 * Makes a schema of Prisma 5 or 6 acceptable to the schema engine of Prisma 7, which refuses connection URLs in a
 * datasource: the properties become spaces, so every offset stays right.
 */

const connectionProperty = /^([ \t]*)(?:url|directUrl|shadowDatabaseUrl)[ \t]*=[^\r\n]*$/gm;
const datasource = /^[ \t]*datasource[ \t]+\w+[ \t]*\{[^}]*/gm;

/** The text without `url`, `directUrl` and `shadowDatabaseUrl` in its datasource; as long as before. */
export function blankConnectionUrls(text: string): string {
  return text.replace(datasource, (block) => block.replace(connectionProperty, (line) => " ".repeat(line.length)));
}
