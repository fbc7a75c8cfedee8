/** What a schema file's datasource says about the project, read without parsing the rest of the file. */
import type { FileHost } from "../text/fileHost.ts";
import { parsePrisma } from "./parse.ts";
import { addressProperties } from "./readConfig.ts";

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
  const block = file.ok ? blockIn(file.text) : undefined;
  if (block === undefined) return undefined;
  const stringOf = (name: string): string | undefined => stringIn(block, name);
  const relationMode = stringOf("relationMode") ?? stringOf("referentialIntegrity");
  return {
    provider: stringOf("provider"),
    relationMode: relationMode === "prisma" ? "prisma" : "foreignKeys",
    hasUrl: block.properties.some((property) => property.name.text === "url"),
  };
}

/** Addresses that stand in the text of a schema itself, as they could before Prisma 7, by `url` and `directUrl`. */
export function datasourceAddresses(text: string): ReadonlyMap<string, string> {
  const block = blockIn(text);
  const found = addressProperties.map((name) => [name, block === undefined ? undefined : stringIn(block, name)] as const);
  return new Map(found.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])));
}

function blockIn(schema: string): DatasourceBlock | undefined {
  const text = datasourceBlock.exec(schema)?.[1];
  const block = text === undefined ? undefined : parsePrisma("", text).blocks[0]?.block;
  return block !== undefined && "properties" in block ? block : undefined;
}

type DatasourceBlock = Extract<NonNullable<ReturnType<typeof parsePrisma>["blocks"][number]["block"]>, { readonly properties: unknown }>;

function stringIn(block: DatasourceBlock, name: string): string | undefined {
  const value = block.properties.find((property) => property.name.text === name)?.value;
  return value?.kind === "string" ? value.value : undefined;
}
