/** Sequences: CREATE and ALTER SEQUENCE, and those that serial and identity columns bring along. */
import type { AlterSeqStmt, CreateSeqStmt, DefElem, Node } from "@pgsql/types";
import { canonicalNode } from "../../sql/canonical.ts";
import { quoteLiteral } from "../../text/quoteLiteral.ts";
import { baseType } from "../pgTypes.ts";
import type { Origins, PgType } from "../schema.ts";
import { changed, type Context, displayName } from "./context.ts";
import type { ColumnEntry, ExpressionEntry, NamespaceEntry, SequenceEntry, TableEntry } from "./entries.ts";
import { chooseRelationName } from "./generatedNames.ts";
import { grantDefaults } from "./grantDefaults.ts";
import { identifierText } from "./identifierText.ts";
import { columnOf, entry, owned } from "./newEntries.ts";
import { RareSet } from "./rare.ts";
import type { ExpressionSpec } from "./read/expressionSpec.ts";
import { optionsOf, pathOf, rangeVarOf, textOfValue } from "./read/nodes.ts";
import { StatementText } from "./read/statementText.ts";
import { typeSpec } from "./read/typeSpec.ts";
import { resolveType, typeOf } from "./types.ts";

const bigint = baseType("int8");

export function createSequence(statement: CreateSeqStmt, ctx: Context): void {
  const name = statement.sequence ?? {};
  const place = ctx.source.whole(name.location);
  const namespace = ctx.creationNamespace(name.schemaname, place.nameSpan, name.relpersistence === "t");
  const relname = name.relname ?? "";
  if (namespace.relations.has(relname)) {
    if (!statement.if_not_exists)
      ctx.problem("sql-duplicate-table", `Relation ${displayName(namespace, relname)} exists already.`, place.nameSpan);
    return;
  }
  const sequence = newSequence(namespace, relname, bigint, ctx.origins(place));
  namespace.relations.set(relname, sequence);
  grantDefaults(sequence.acl, "sequences", namespace, ctx);
  alterSequenceOptions(sequence, statement.options, ctx);
}

export function alterSequence(statement: AlterSeqStmt, ctx: Context): void {
  const name = statement.sequence ?? {};
  const place = ctx.source.whole(name.location);
  const sequence = ctx.relation(name);
  if (sequence?.kind !== "sequence") {
    if (!statement.missing_ok) ctx.problem("sql-undefined-table", `Sequence "${name.relname}" does not exist.`, place.nameSpan, "warning");
    return;
  }
  alterSequenceOptions(sequence, statement.options, ctx);
  sequence.origins = changed(sequence.origins, ctx.origin(place));
}

function newSequence(namespace: NamespaceEntry, name: string, dataType: PgType, origins: Origins): SequenceEntry {
  return {
    kind: "sequence",
    ...entry(name, origins),
    ...owned(),
    usedBy: new RareSet(),
    namespace,
    dataType,
    increment: 1n,
    owner: undefined,
    isIdentity: false,
  };
}

/** AS, INCREMENT, OWNED BY; the others change nothing a schema holds. */
export function alterSequenceOptions(sequence: SequenceEntry, nodes: readonly Node[] | undefined, ctx: Context): void {
  const options = optionsOf(nodes);
  const type = options.get("as")?.arg;
  if (type !== undefined && "TypeName" in type) sequence.dataType = typeOf(resolveType(typeSpec(type.TypeName), ctx));
  const increment = textOfValue(options.get("increment")?.arg);
  if (increment !== undefined && /^-?\d+$/.test(increment)) sequence.increment = BigInt(increment);
  const owner = options.get("owned_by");
  if (owner !== undefined) applyOwner(sequence, owner, ctx);
}

function setOwner(sequence: SequenceEntry, table: TableEntry, column: ColumnEntry): void {
  sequence.owner = { table, column };
  if (!column.sequences.includes(sequence)) column.sequences = [...column.sequences, sequence];
}

function applyOwner(sequence: SequenceEntry, option: DefElem, ctx: Context): void {
  const path = pathOf(option.arg);
  if (path.length < 2) {
    sequence.owner = undefined;
    return;
  }
  const table = ctx.relation(rangeVarOf(path.slice(0, -1)));
  const column = table?.kind === "table" ? columnOf(table, path.at(-1) ?? "") : undefined;
  if (table?.kind === "table" && column !== undefined) setOwner(sequence, table, column);
  else
    ctx.problem(
      "sql-undefined-column",
      `Column ${path.join(".")} does not exist.`,
      ctx.source.span(ctx.source.tokenAt(option.location), ctx.source.tokens.count),
      "warning",
    );
}

/** What the sequence of a new serial or identity column will be, chosen before the table is there. */
export interface PlannedSequence {
  readonly namespace: NamespaceEntry;
  readonly name: string;
  readonly dataType: PgType;
  readonly options: readonly Node[];
  readonly isIdentity: boolean;
}

/** `name` is the table's, which may not exist yet. */
export function planSequence(
  namespace: NamespaceEntry,
  name: string,
  column: string,
  dataType: PgType,
  options: readonly Node[],
  isIdentity: boolean,
  ctx: Context,
): PlannedSequence {
  const path = pathOf(optionsOf(options).get("sequence_name")?.arg);
  const stated = path.at(-1);
  const schema = path.at(-2);
  return {
    namespace: schema === undefined ? namespace : ctx.namespace(schema, ctx.source.span(0, 1)),
    name: stated ?? chooseRelationName(name, column, "seq", namespace, false),
    dataType,
    options,
    isIdentity,
  };
}

export function createOwnedSequence(plan: PlannedSequence, table: TableEntry, column: ColumnEntry, ctx: Context): SequenceEntry {
  const sequence = newSequence(plan.namespace, plan.name, plan.dataType, column.origins);
  sequence.isIdentity = plan.isIdentity;
  setOwner(sequence, table, column);
  plan.namespace.relations.set(plan.name, sequence);
  grantDefaults(sequence.acl, "sequences", plan.namespace, ctx);
  alterSequenceOptions(sequence, plan.options, ctx);
  return sequence;
}

/** The default of a serial column: `nextval('orders_id_seq'::regclass)`. */
export function nextvalOf(sequence: SequenceEntry, table: TableEntry): ExpressionEntry {
  sequence.usedBy.add(table);
  const path = sequence.namespace.name === "public" ? [sequence.name] : [sequence.namespace.name, sequence.name];
  const spec = nextvalSpec(path);
  return { spec, uses: [{ target: sequence, location: openingLength, path }] };
}

const opening = "nextval(";
const openingLength = opening.length;
const nextvalSpecs = new Map<string, ExpressionSpec>();
const maxKept = 10_000;

/** The same object for the same name, so that folding again costs little. */
function nextvalSpec(path: readonly string[]): ExpressionSpec {
  const name = path.map(identifierText).join(".");
  let spec = nextvalSpecs.get(name);
  if (spec === undefined) {
    const text = `${opening}${quoteLiteral(name)}::regclass)`;
    const node: Node = {
      FuncCall: {
        funcname: [{ String: { sval: "nextval" } }],
        args: [
          {
            TypeCast: { arg: { A_Const: { sval: { sval: name } } }, typeName: { names: [{ String: { sval: "regclass" } }], typemod: -1 } },
          },
        ],
        funcformat: "COERCE_EXPLICIT_CALL",
      },
    };
    spec = {
      node,
      expression: { text, canonical: canonicalNode(node), columns: [] },
      span: { start: 0, end: text.length },
      source: new StatementText(text, (byte) => byte),
      names: [],
      labels: [],
      operands: [],
      hasSubquery: false,
    };
    if (nextvalSpecs.size >= maxKept) nextvalSpecs.clear();
    nextvalSpecs.set(name, spec);
  }
  return spec;
}

/** Sequences that go when the column goes. */
export function sequencesOwnedBy(table: TableEntry, column: ColumnEntry): SequenceEntry[] {
  return column.sequences.filter((sequence) => !sequence.isDropped && sequence.owner?.table === table && sequence.owner.column === column);
}
