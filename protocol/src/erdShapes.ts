/** What `erd.ts` says, as shapes to parse messages with: nothing from another process is believed to be what it should be. */
import * as v from "valibot";
import type {
  ErdChangedParams,
  ErdDeletion,
  ErdDeletionParams,
  ErdDiagram,
  ErdEdit,
  ErdEditParams,
  ErdExported,
  ErdExportParams,
  ErdHost,
  ErdLettering,
  ErdOpening,
  ErdOutcome,
  ErdPicture,
  ErdPictureParams,
  ErdPlace,
  ErdPositions,
  ErdSource,
  ErdSourceListing,
  ErdSourcesParams,
  ErdState,
  ErdStates,
  ErdStatesParams,
  ErdTarget,
  ErdTargetParams,
  ErdView,
} from "./erd.ts";
import { list, type MethodsOf } from "./shapes.ts";

const text = v.string();
const count = v.pipe(v.number(), v.safeInteger());
const nothing = v.void();

const change = { change: v.exactOptional(v.picklist(["added", "removed", "changed"])), changes: v.exactOptional(list(text)) };

const column = v.object({
  name: text,
  prismaName: v.exactOptional(text),
  type: text,
  primaryKey: v.boolean(),
  foreignKey: v.boolean(),
  unique: v.boolean(),
  nullable: v.boolean(),
  default: v.exactOptional(text),
  comment: v.exactOptional(text),
  enum: v.exactOptional(text),
  personalData: v.exactOptional(v.object({ category: v.picklist(["personal", "special", "secret"]), what: text })),
  ...change,
});

const finding = v.object({
  rule: text,
  severity: v.picklist(["error", "warning", "information", "hint"]),
  message: text,
  column: v.exactOptional(text),
});

const table = v.object({
  key: text,
  schema: text,
  name: text,
  prismaName: v.exactOptional(text),
  kind: v.picklist(["table", "view", "materializedView"]),
  comment: v.exactOptional(text),
  columns: list(column),
  group: text,
  findings: list(finding),
  rowSecurity: v.object({ enabled: v.boolean(), forced: v.boolean(), policies: list(v.object({ name: text, command: text })) }),
  size: v.exactOptional(v.object({ bytes: v.number(), rows: v.number() })),
  partitions: v.exactOptional(count),
  accessibleName: text,
  ...change,
});

const enumeration = v.object({
  key: text,
  schema: text,
  name: text,
  prismaName: v.exactOptional(text),
  values: list(text),
  group: text,
  accessibleName: text,
  ...change,
});

const action = v.picklist(["NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT"]);
const end = v.object({ table: text, columns: list(text), cardinality: v.picklist(["one", "many"]), optional: v.boolean() });

const relation = v.object({
  key: text,
  kind: v.picklist(["foreignKey", "manyToMany", "reads", "uses"]),
  name: v.exactOptional(text),
  from: end,
  to: end,
  onDelete: v.exactOptional(action),
  onUpdate: v.exactOptional(action),
  hasIndex: v.boolean(),
  accessibleName: text,
  ...change,
});

const diagram: v.GenericSchema<unknown, ErdDiagram> = v.object({
  revision: count,
  title: text,
  status: v.variant("kind", [
    v.object({ kind: v.literal("ok") }),
    v.object({ kind: v.literal("empty"), reason: text }),
    v.object({ kind: v.literal("stale"), reason: text }),
  ]),
  tables: list(table),
  enums: list(enumeration),
  relations: list(relation),
  groups: list(v.object({ key: text, name: text, kind: v.picklist(["schema", "domain", "cluster", "rest"]) })),
  isDifference: v.boolean(),
});

export const coordinateShape = v.pipe(v.number(), v.minValue(-1e7), v.maxValue(1e7));

export const positionsShape: v.GenericSchema<unknown, ErdPositions> = v.record(text, v.object({ x: coordinateShape, y: coordinateShape }));

export const pictureShape: v.GenericSchema<unknown, ErdPicture> = v.object({ diagram, positions: positionsShape });

const state = v.variant("kind", [
  v.object({ kind: v.literal("project"), uri: text, sizesOf: v.exactOptional(text) }),
  v.object({ kind: v.literal("history"), uri: text, until: v.exactOptional(text) }),
  v.object({ kind: v.literal("revision"), uri: text, revision: text }),
  v.object({ kind: v.literal("database"), connection: text }),
]) satisfies v.GenericSchema<unknown, ErdState>;

export const sourceShape: v.GenericSchema<unknown, ErdSource> = v.union([
  state,
  v.object({ kind: v.literal("difference"), before: state, after: state }),
]);

export const targetShape: v.GenericSchema<unknown, ErdTarget> = v.variant("kind", [
  v.object({ kind: v.literal("table"), key: text, column: v.exactOptional(text) }),
  v.object({ kind: v.literal("enum"), key: text }),
  v.object({ kind: v.literal("relation"), key: text }),
]);

export const sourcesShape: v.GenericSchema<unknown, readonly ErdSourceListing[]> = list(
  v.object({ source: state, title: text, positionsUri: v.exactOptional(text) }),
);

export const sourcesParamsShape: v.GenericSchema<unknown, ErdSourcesParams> = v.object({ uri: v.exactOptional(text) });

export const pictureParamsShape: v.GenericSchema<unknown, ErdPictureParams> = v.object({ source: sourceShape, positions: positionsShape });

export const statesParamsShape: v.GenericSchema<unknown, ErdStatesParams> = v.object({ uri: text });

export const statesShape: v.GenericSchema<unknown, ErdStates> = v.object({
  migrations: list(v.object({ name: text, state })),
  revisions: list(v.object({ name: text, kind: v.picklist(["branch", "tag"]), state })),
});

export const targetParamsShape: v.GenericSchema<unknown, ErdTargetParams> = v.object({ source: sourceShape, target: targetShape });

export const changedShape: v.GenericSchema<unknown, ErdChangedParams> = v.object({ uris: list(text) });

const place = v.object({ line: count, character: count });

export const placeShape: v.GenericSchema<unknown, ErdPlace | null> = v.nullable(v.object({ uri: text, range: v.object({ start: place, end: place }) }));

const made = { revision: count };

export const editShape: v.GenericSchema<unknown, ErdEdit> = v.variant("do", [
  v.strictObject({ ...made, do: v.literal("renameTable"), table: text, to: text }),
  v.strictObject({ ...made, do: v.literal("renameColumn"), table: text, column: text, to: text }),
  v.strictObject({ ...made, do: v.literal("addRelation"), table: text, column: v.exactOptional(text), to: text }),
  v.strictObject({ ...made, do: v.literal("addColumn"), table: text, name: text, type: text, nullable: v.boolean() }),
]);

export const editParamsShape: v.GenericSchema<unknown, ErdEditParams> = v.object({ source: sourceShape, edit: editShape });

export const outcomeShape: v.GenericSchema<unknown, ErdOutcome> = v.variant("ok", [
  v.object({ ok: v.literal(true) }),
  v.object({ ok: v.literal(false), reason: text }),
]);

export const deletionShape: v.GenericSchema<unknown, ErdDeletion> = v.object({
  table: text,
  effects: list(v.object({ table: text, relation: text, effect: v.picklist(["deleted", "nulled", "defaulted", "blocked"]), distance: count, text })),
  summary: text,
});

export const deletionParamsShape: v.GenericSchema<unknown, ErdDeletionParams> = v.object({ source: sourceShape, table: text });

const fileFormat = v.picklist(["svg", "pdf", "mermaid", "dbml", "plantuml", "html"]);

const pixelCount = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(16_384));
const lettering: v.GenericSchema<unknown, ErdLettering> = v.object({
  text,
  advance: v.pipe(v.number(), v.minValue(0), v.maxValue(200)),
  columns: pixelCount,
  rows: pixelCount,
  pixelsPerEm: v.pipe(v.number(), v.minValue(1), v.maxValue(1024)),
  left: pixelCount,
  baseline: pixelCount,
  pixels: v.picklist(["mask", "colours"]),
  data: text,
});

export const exportedShape: v.GenericSchema<unknown, ErdExported> = v.object({ content: text, shapeless: list(text), shapelessIn: list(text) });

export const exportParamsShape: v.GenericSchema<unknown, ErdExportParams> = v.object({
  source: sourceShape,
  format: fileFormat,
  positions: positionsShape,
  hidden: list(text),
  palette: v.picklist(["light", "dark"]),
  letterings: v.exactOptional(list(lettering)),
});

const openingShape: v.GenericSchema<unknown, ErdOpening> = v.object({
  source: sourceShape,
  picture: pictureShape,
  focus: v.exactOptional(targetShape),
});

/** What a view may ask: named things and nothing else. */
export const hostMethods = {
  ready: { params: v.null(), result: openingShape },
  reveal: { params: targetShape, result: nothing },
  edit: { params: editShape, result: outcomeShape },
  moved: { params: positionsShape, result: nothing },
  arrange: { params: v.null(), result: nothing },
  simulateDelete: { params: text, result: deletionShape },
  exportFile: { params: v.strictObject({ format: fileFormat, hidden: list(text) }), result: nothing },
  svgText: { params: v.strictObject({ hidden: list(text) }), result: text },
  savePng: { params: text, result: nothing },
  measure: { params: v.null(), result: nothing },
  explainRule: { params: text, result: nothing },
} satisfies MethodsOf<ErdHost>;

export const viewMethods = {
  show: { params: pictureShape, result: nothing },
  focus: { params: targetShape, result: nothing },
  letter: { params: list(text), result: list(lettering) },
} satisfies MethodsOf<ErdView>;
