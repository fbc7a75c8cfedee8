/** Anything in a schema that a name can stand for, with what it stands in. */
import type {
  CheckConstraint,
  Column,
  CompositeType,
  Domain,
  Element,
  EnumType,
  ExclusionConstraint,
  Extension,
  ForeignKey,
  Index,
  KeyConstraint,
  Namespace,
  Policy,
  Routine,
  Sequence,
  Table,
  Trigger,
  View,
} from "../model/schema.ts";

export type SchemaObject =
  | { readonly kind: "table"; readonly table: Table }
  | { readonly kind: "column"; readonly table: Table; readonly column: Column }
  | { readonly kind: "view"; readonly view: View }
  /** A column that a view puts out. */
  | { readonly kind: "viewColumn"; readonly view: View; readonly name: string }
  | { readonly kind: "constraint"; readonly table: Table; readonly constraint: TableConstraint }
  | { readonly kind: "index"; readonly on: Table | View; readonly index: Index }
  | { readonly kind: "trigger"; readonly on: Table | View; readonly trigger: Trigger }
  | { readonly kind: "policy"; readonly table: Table; readonly policy: Policy }
  | { readonly kind: "enum"; readonly type: EnumType }
  | { readonly kind: "enumValue"; readonly type: EnumType; readonly value: string }
  | { readonly kind: "domain"; readonly type: Domain }
  | { readonly kind: "compositeType"; readonly type: CompositeType }
  | { readonly kind: "sequence"; readonly sequence: Sequence }
  /** All that have the name: which one is called depends on the types of the arguments. */
  | { readonly kind: "routine"; readonly routines: readonly [Routine, ...Routine[]] }
  | { readonly kind: "namespace"; readonly namespace: Namespace }
  | { readonly kind: "extension"; readonly extension: Extension };

export type TableConstraint = KeyConstraint | ForeignKey | CheckConstraint | ExclusionConstraint;

/** The same text for the same object in every version of the schema, and for no other object. */
export function objectId(object: SchemaObject): string {
  switch (object.kind) {
    case "table":
      return `relation ${object.table.key}`;
    case "column":
      return `column ${object.table.key}.${object.column.name}`;
    case "view":
      return `relation ${object.view.key}`;
    case "viewColumn":
      return `column ${object.view.key}.${object.name}`;
    case "constraint":
      return `constraint ${object.table.key}.${object.constraint.name}`;
    case "index":
      return `index ${object.on.schema}.${object.index.name}`;
    case "trigger":
      return `trigger ${object.on.key}.${object.trigger.name}`;
    case "policy":
      return `policy ${object.table.key}.${object.policy.name}`;
    case "enum":
    case "domain":
    case "compositeType":
      return `type ${object.type.key}`;
    case "enumValue":
      return `value ${object.type.key}.${object.value}`;
    case "sequence":
      return `relation ${object.sequence.key}`;
    case "routine":
      return `routine ${object.routines[0].schema}.${object.routines[0].name}`;
    case "namespace":
      return `schema ${object.namespace.name}`;
    case "extension":
      return `extension ${object.extension.name}`;
  }
}

/** What carries the origins of an object: of a view's column the view, of an enum's value the enum. */
export function elementsOf(object: SchemaObject): readonly Element[] {
  switch (object.kind) {
    case "table":
      return [object.table];
    case "column":
      return [object.column];
    case "view":
    case "viewColumn":
      return [object.view];
    case "constraint":
      return [object.constraint];
    case "index":
      return [object.index];
    case "trigger":
      return [object.trigger];
    case "policy":
      return [object.policy];
    case "enum":
    case "enumValue":
    case "domain":
    case "compositeType":
      return [object.type];
    case "sequence":
      return [object.sequence];
    case "routine":
      return object.routines;
    case "namespace":
      return [object.namespace];
    case "extension":
      return [object.extension];
  }
}

/** A constraint of a table by its name, of any kind. */
export function constraintNamed(table: Table, name: string): TableConstraint | undefined {
  if (table.primaryKey?.name === name) return table.primaryKey;
  for (const constraints of [table.foreignKeys, table.uniqueConstraints, table.checks, table.exclusions]) {
    for (const constraint of constraints) if (constraint.name === name) return constraint;
  }
  return undefined;
}
