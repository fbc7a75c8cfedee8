/** What a schema file's datasource says about the project, read without parsing the rest of the file. */
import type { FileHost } from "../text/fileHost.ts";
import { parsePrisma } from "./parse.ts";

export interface Datasource {
  readonly provider: string | undefined;
  readonly relationMode: "foreignKeys" | "prisma";
  /** Whether it holds a connection URL, as it did before Prisma 7. */
  readonly hasUrl: boolean;
}

const datasourceBlock = /^[ \t]*(datasource[ \t]+\w+[ \t]*\{[^}]*\}?)/m;

/** Undefined when the file has none, or cannot be read. */
export function readDatasource(host: FileHost, path: string): Datasource | undefined {
  const file = host.readText(path);
  const text = file.ok ? datasourceBlock.exec(file.text)?.[1] : undefined;
  const block = text === undefined ? undefined : parsePrisma("", text).blocks[0]?.block;
  if (block === undefined || !("properties" in block)) return undefined;
  const stringOf = (name: string): string | undefined => {
    const value = block.properties.find((property) => property.name.text === name)?.value;
    return value?.kind === "string" ? value.value : undefined;
  };
  const relationMode = stringOf("relationMode") ?? stringOf("referentialIntegrity");
  return {
    provider: stringOf("provider"),
    relationMode: relationMode === "prisma" ? "prisma" : "foreignKeys",
    hasUrl: block.properties.some((property) => property.name.text === "url"),
  };
}
