/** The messages of connections.ts, parsed where they arrive. */
import * as v from "valibot";
import type {
  AddressFacts,
  ConnectionProfile,
  ConnectionRefusal,
  ConnectionsChangedParams,
  ConnectionSource,
  ConnectionTarget,
  CountedRows,
  CountRowsParams,
  Credentials,
  CredentialsParams,
  FoundAddress,
  ReadAddress,
  ReadAddressParams,
  TestedConnection,
  TreeAnswer,
  TreeParams,
  TreeRow,
} from "./connections.ts";

const text = v.string();
const count = v.pipe(v.number(), v.finite());
const texts = v.array(text);
const environment = v.picklist(["development", "staging", "production"]);

const refusal = v.object({ ok: v.literal(false), reason: text, hint: v.optional(text) }) satisfies v.GenericSchema<ConnectionRefusal>;

export const targetShape: v.GenericSchema<unknown, ConnectionTarget> = v.variant("kind", [
  v.object({ kind: v.literal("scratch") }),
  v.object({ kind: v.literal("connection"), id: text }),
]);

export const sourceShape = v.variant("kind", [
  v.object({ kind: v.literal("pasted") }),
  v.object({ kind: v.literal("typed") }),
  v.object({ kind: v.literal("env"), uri: text, variable: text }),
  v.object({ kind: v.literal("prisma"), uri: text, property: text }),
]) satisfies v.GenericSchema<ConnectionSource>;

const facts = {
  host: text,
  port: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535)),
  database: text,
  user: text,
  tls: v.picklist(["none", "verified", "unverified"]),
  certificates: v.object({ ca: v.optional(text), cert: v.optional(text), key: v.optional(text) }),
  isPooled: v.boolean(),
  schema: v.optional(text),
  environmentBecause: text,
};
const factsShape = v.object(facts) satisfies v.GenericSchema<AddressFacts>;

const profile = v.object({
  ...facts,
  id: text,
  name: text,
  environment,
  isConfirmedEnvironment: v.boolean(),
  allowsUnverified: v.boolean(),
  source: sourceShape,
});
export const profileShape: v.GenericSchema<unknown, ConnectionProfile> = profile;
export const profilesShape: v.GenericSchema<unknown, readonly ConnectionProfile[]> = v.array(profile);

export const credentialsParamsShape: v.GenericSchema<unknown, CredentialsParams> = v.object({ id: text, key: text });

export const credentialsShape: v.GenericSchema<unknown, Credentials> = v.variant("ok", [
  v.object({ ok: v.literal(true), profile, sealedPassword: v.nullable(text) }),
  refusal,
]);

export const changedShape: v.GenericSchema<unknown, ConnectionsChangedParams> = v.object({ ids: texts });

export const readAddressParamsShape: v.GenericSchema<unknown, ReadAddressParams> = v.object({ sealedAddress: text, key: text });

export const readAddressShape: v.GenericSchema<unknown, ReadAddress> = v.variant("ok", [
  v.object({
    ok: v.literal(true),
    facts: factsShape,
    environment,
    sealedPassword: v.nullable(text),
    notes: texts,
  }),
  refusal,
]);

export const foundShape: v.GenericSchema<unknown, readonly FoundAddress[]> = v.array(
  v.union([
    v.object({ source: sourceShape, file: text, variable: text, facts: factsShape, environment, notes: texts }),
    v.object({ file: text, variable: text, problem: text }),
  ]),
);

export const connectionParamsShape = v.object({ id: text });

export const testedShape: v.GenericSchema<unknown, TestedConnection> = v.variant("ok", [
  v.object({ ok: v.literal(true), version: text, milliseconds: count, isEncrypted: v.boolean(), notes: texts }),
  refusal,
]);

export const treeParamsShape: v.GenericSchema<unknown, TreeParams> = v.object({
  id: text,
  place: v.variant("at", [
    v.object({ at: v.literal("database") }),
    v.object({ at: v.literal("schema"), schema: text }),
    v.object({ at: v.literal("table"), schema: text, table: text }),
    v.object({ at: v.literal("statements") }),
  ]),
  refresh: v.optional(v.boolean()),
});

const row: v.GenericSchema<unknown, TreeRow> = v.variant("row", [
  v.object({ row: v.literal("schema"), name: text, tables: count, bytes: count }),
  v.object({
    row: v.literal("table"),
    schema: text,
    name: text,
    kind: v.picklist(["table", "partitioned", "partition", "foreign", "view", "materialised"]),
    bytes: count,
    rows: v.nullable(count),
    indexes: count,
  }),
  v.object({
    row: v.literal("index"),
    name: text,
    definition: text,
    bytes: count,
    scans: count,
    statisticsSince: v.nullable(text),
    isUnique: v.boolean(),
    isPrimary: v.boolean(),
    isValid: v.boolean(),
  }),
  v.object({ row: v.literal("column"), name: text, type: text, nullable: v.boolean(), isKey: v.boolean() }),
  v.object({ row: v.literal("statements") }),
  v.object({ row: v.literal("statement"), text, calls: count, totalMilliseconds: count, meanMilliseconds: count, rows: count }),
  v.object({ row: v.literal("note"), text, detail: v.optional(text) }),
]);

export const treeAnswerShape: v.GenericSchema<unknown, TreeAnswer> = v.variant("ok", [v.object({ ok: v.literal(true), rows: v.array(row) }), refusal]);

export const countRowsParamsShape: v.GenericSchema<unknown, CountRowsParams> = v.object({ id: text, schema: text, table: text });

export const countedRowsShape: v.GenericSchema<unknown, CountedRows> = v.variant("ok", [
  v.object({ ok: v.literal(true), rows: count, milliseconds: count }),
  refusal,
]);
