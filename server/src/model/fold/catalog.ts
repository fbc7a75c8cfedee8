/** The catalog while a history is folded over it: schemas with everything in them, extensions, default privileges. */
import type { Origins } from "../schema.ts";
import type { Acl, DefaultAcl, ExtensionEntry, NamespaceEntry, Relation, TableEntry, ViewEntry } from "./entries.ts";
import { knownExtensions } from "./extensions.ts";
import { entry, owned, renameKey } from "./newEntries.ts";
import { RareMap } from "./rare.ts";

export class Catalog {
  readonly namespaces = new Map<string, NamespaceEntry>();
  /** Changes whenever a namespace comes, goes or is renamed. */
  namespaceVersion = 0;
  readonly extensions = new Map<string, ExtensionEntry>();
  readonly views = new Set<ViewEntry>();
  /** Privileges that later objects get. */
  readonly defaultAcls = new Map<string, DefaultAcl>();
  /** Privileges on databases, by name. */
  readonly databases = new Map<string, Acl>();

  /** The namespace, made when there is none. */
  addNamespace(name: string, origins: Origins, made: { readonly isExternal?: boolean; readonly isInitial?: boolean } = {}): NamespaceEntry {
    const known = this.namespaces.get(name);
    if (known !== undefined) return known;
    const namespace: NamespaceEntry = {
      kind: "namespace",
      ...entry(name, origins),
      ...owned(),
      relations: new Map(),
      types: new Map(),
      routines: new Map(),
      constraintNames: new Map(),
      phantoms: new RareMap(),
      isExternal: made.isExternal ?? false,
      isInitial: made.isInitial ?? false,
    };
    if (namespace.isInitial) namespace.acl.set("public", { privileges: new Map([["USAGE", false]]), origins });
    this.namespaces.set(name, namespace);
    this.namespaceVersion++;
    return namespace;
  }

  removeNamespace(name: string): void {
    this.namespaces.delete(name);
    this.namespaceVersion++;
  }

  renameNamespace(namespace: NamespaceEntry, name: string): void {
    renameKey(this.namespaces, namespace.name, name);
    namespace.name = name;
    this.namespaceVersion++;
  }

  /** Whether an extension that nobody here knows may have brought what a schema seems to lack; without a schema, what the search path lacks. */
  mayComeWithExtension(schema: string | undefined): boolean {
    for (const { name, namespace } of this.extensions.values()) {
      if (!knownExtensions.has(name) && (schema === undefined || schema === namespace.name || schema === name)) return true;
    }
    return false;
  }

  /** Every table and view, in the order they were made within each schema. */
  *relations(): Generator<Relation> {
    for (const namespace of this.namespaces.values()) yield* namespace.relations.values();
  }

  *tables(): Generator<TableEntry> {
    for (const relation of this.relations()) if (relation.kind === "table") yield relation;
  }
}
