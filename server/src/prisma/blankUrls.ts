/**
 * Makes a schema of Prisma 5 or 6 acceptable to the schema engine of Prisma 7, which refuses connection URLs in a
 * datasource and preview features that are gone: they become spaces, so every offset stays right.
 */

const connectionProperty = /^([ \t]*)(?:url|directUrl|shadowDatabaseUrl)[ \t]*=[^\r\n]*$/gm;
const datasource = /^[ \t]*datasource[ \t]+\w+[ \t]*\{[^}]*/gm;
const previewFeatures = /^[ \t]*previewFeatures[ \t]*=[ \t]*\[[^\]\r\n]*/gm;
/** With the comma that parts it from its neighbour. Other features of old versions the engine knows, and calls deprecated. */
const removedFeature = /"metrics"[ \t]*,|,?[ \t]*"metrics"/g;

/** The text as Prisma 7 takes it; as long as before. */
export function blankForPrisma7(text: string): string {
  return blankConnectionUrls(text).replace(previewFeatures, (line) => line.replace(removedFeature, blank));
}

/** The text without `url`, `directUrl` and `shadowDatabaseUrl` in its datasource; as long as before. */
export function blankConnectionUrls(text: string): string {
  return text.replace(datasource, (block) => block.replace(connectionProperty, blank));
}

function blank(text: string): string {
  return " ".repeat(text.length);
}
