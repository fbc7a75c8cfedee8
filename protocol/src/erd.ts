/**
 * The entity relationship diagram as a view sees it: a whole view model, without deltas, and what a view and its host
 * say to each other. Names are the database's, types are spelled in PostgreSQL's words, everything survives JSON.
 */

// ---------------------------------------------------------------------------------------------------- view model

export interface ErdDiagram {
  /** Grows with every change of what is shown; an edit names the one it was made on. */
  readonly revision: number;
  /** For people: "crm", "crm: main against working tree". */
  readonly title: string;
  readonly status: ErdStatus;
  /** Tables and views, by key. Join tables of implicit many-to-many relations are not among them. */
  readonly tables: readonly ErdTable[];
  /** By key. */
  readonly enums: readonly ErdEnum[];
  /** By key. Both ends are boxes of this diagram. */
  readonly relations: readonly ErdRelation[];
  /** By key; those with at least one box. */
  readonly groups: readonly ErdGroup[];
  /** A difference: elements carry `change`. */
  readonly isDifference: boolean;
}

export type ErdStatus =
  | { readonly kind: "ok" }
  /** Nothing to draw, and the honest reason as a whole sentence. */
  | { readonly kind: "empty"; readonly reason: string }
  /** The text cannot be read at the moment; this is the last picture that could be drawn. A whole sentence. */
  | { readonly kind: "stale"; readonly reason: string };

/** What a difference says of an element; absent where nothing changed, or where nothing is compared. */
export type ErdChange = "added" | "removed" | "changed";

export interface ErdChanged {
  readonly change?: ErdChange;
  /** What changed, in words, one fact each: "type: integer → bigint". */
  readonly changes?: readonly string[];
}

export interface ErdTable extends ErdChanged {
  /** `schema.table`; no two boxes of a diagram share one. */
  readonly key: string;
  readonly schema: string;
  readonly name: string;
  /** Where it differs from `name`. */
  readonly prismaName?: string;
  readonly kind: "table" | "view" | "materializedView";
  readonly comment?: string;
  /** In attribute order. */
  readonly columns: readonly ErdColumn[];
  /** Key of its group. */
  readonly group: string;
  /** Gravest first. */
  readonly findings: readonly ErdFinding[];
  readonly rowSecurity: ErdRowSecurity;
  /** Where a database was asked. */
  readonly size?: { readonly bytes: number; readonly rows: number };
  /** How many partitions it has; they are no boxes of their own. */
  readonly partitions?: number;
  /** "orders, 6 columns, 2 foreign keys". */
  readonly accessibleName: string;
}

export interface ErdColumn extends ErdChanged {
  readonly name: string;
  readonly prismaName?: string;
  /** As PostgreSQL prints it: "character varying(20)", "timestamp with time zone"; empty where unknown (columns of views). */
  readonly type: string;
  readonly primaryKey: boolean;
  readonly foreignKey: boolean;
  /** Unique by itself, by constraint or by index; also said of a primary key of one column. */
  readonly unique: boolean;
  readonly nullable: boolean;
  /** As an expression: "now()". */
  readonly default?: string;
  readonly comment?: string;
  /** Key of the enum that is its type, where the diagram shows it. */
  readonly enum?: string;
  readonly personalData?: ErdPersonalData;
}

export interface ErdPersonalData {
  readonly category: "personal" | "special" | "secret";
  /** With its article, for a sentence: "an e-mail address". */
  readonly what: string;
}

export interface ErdRowSecurity {
  readonly enabled: boolean;
  readonly forced: boolean;
  readonly policies: readonly { readonly name: string; readonly command: string }[];
}

export type ErdSeverity = "error" | "warning" | "information" | "hint";

export interface ErdFinding {
  readonly rule: string;
  readonly severity: ErdSeverity;
  readonly message: string;
  /** The column it is about, where it is about one. */
  readonly column?: string;
}

export interface ErdEnum extends ErdChanged {
  /** `schema.name`; no table or view has the same. */
  readonly key: string;
  readonly schema: string;
  readonly name: string;
  readonly prismaName?: string;
  readonly values: readonly string[];
  readonly group: string;
  readonly accessibleName: string;
}

export interface ErdRelation extends ErdChanged {
  /** `schema.table.constraint`; `schema.joinTable` of an implicit many-to-many relation; `from>to` of what a view reads or a table uses. */
  readonly key: string;
  /** `reads`: from a view to what it reads. `uses`: from a table to the enum of one of its columns. */
  readonly kind: "foreignKey" | "manyToMany" | "reads" | "uses";
  /** Of the constraint, or of the join table. */
  readonly name?: string;
  /** The side that refers: where the foreign key's columns are. */
  readonly from: ErdEnd;
  readonly to: ErdEnd;
  /** In SQL's words; foreign keys only. */
  readonly onDelete?: ErdAction;
  readonly onUpdate?: ErdAction;
  /** False where deleting a parent scans the whole child table. True for everything that needs none. */
  readonly hasIndex: boolean;
  /** "orders.customer_id refers to customers.id, many to one, on delete cascade, no index". */
  readonly accessibleName: string;
}

export type ErdAction = "NO ACTION" | "RESTRICT" | "CASCADE" | "SET NULL" | "SET DEFAULT";

/** One end of a relation: how many rows of this table belong to one row of the other. */
export interface ErdEnd {
  /** Key of a table, view or enum; both ends may be the same one. */
  readonly table: string;
  /** In the order of the key; empty where the relation belongs to the whole box. */
  readonly columns: readonly string[];
  readonly cardinality: "one" | "many";
  /** Whether there may be none. */
  readonly optional: boolean;
}

export interface ErdGroup {
  readonly key: string;
  /** For people: "billing", "auth". */
  readonly name: string;
  /** `domain`: named alike (`invoice`, `invoice_line`). `cluster`: tied by relations, named after its hub. `rest`: tied to nothing. */
  readonly kind: "schema" | "domain" | "cluster" | "rest";
}

/** Upper left corners of boxes, by key, in whole pixels; x to the right, y down. */
export type ErdPositions = Readonly<Record<string, ErdPosition>>;

export interface ErdPosition {
  readonly x: number;
  readonly y: number;
}

/** What a view draws: the diagram and where every box of it stands. */
export interface ErdPicture {
  readonly diagram: ErdDiagram;
  readonly positions: ErdPositions;
}

// ---------------------------------------------------------------------------------------------------- kept in .database-architect/erd.json

/** What a person arranged; sorted by key when written, one box a line. */
export interface ErdFile {
  readonly version: 1;
  /** Boxes that were dragged. A table that is gone keeps its place until another is dragged, so that a rename, or a look at another branch, loses nothing. */
  readonly positions: ErdPositions;
}

// ---------------------------------------------------------------------------------------------------- client and server

/** What panels with diagrams are to the editor: it restores them by this name. */
export const erdPanelType = "databaseArchitect.erd";

/** What is shown. A state of a schema, or the difference of two. */
export type ErdSource = ErdState | { readonly kind: "difference"; readonly before: ErdState; readonly after: ErdState };

export type ErdState =
  /** The project that the file or folder belongs to, all layers joined, as the editor has it. */
  | { readonly kind: "project"; readonly uri: string; /** Id of a connection whose sizes and numbers of rows are shown too. */ readonly sizesOf?: string }
  /** A folder of migrations or a single SQL file, folded up to and with the file `until`. */
  | { readonly kind: "history"; readonly uri: string; readonly until?: string }
  /** The project of `uri` as a git revision has it. */
  | { readonly kind: "revision"; readonly uri: string; readonly revision: string }
  /** A live database, by the id of its connection profile. */
  | { readonly kind: "database"; readonly connection: string };

/** Client to server: the picture of a source. Result: `ErdPicture`. */
export const erdPicture = "databaseArchitect/erd/picture";

export interface ErdPictureParams {
  readonly source: ErdSource;
  /** Boxes that stand already, because a person put them there or because the view shows them; only the others are placed. */
  readonly positions: ErdPositions;
}

/** Server to client: what a picture was made of changed; whoever shows one asks again. */
export const erdChanged = "databaseArchitect/erd/changed";

export interface ErdChangedParams {
  /** Projects that changed. */
  readonly uris: readonly string[];
}

/** Client to server: what there is a diagram of. Result: `ErdSourceListing[]`. */
export const erdSources = "databaseArchitect/erd/sources";

export interface ErdSourcesParams {
  /** A file or a folder: what it belongs to, or holds. Everything in the workspace without it. */
  readonly uri?: string;
}

export interface ErdSourceListing {
  readonly source: ErdState;
  /** For people: "crm". */
  readonly title: string;
  /** Where its `ErdFile` belongs, which may not be there yet; undefined where nothing can be kept. */
  readonly positionsUri?: string;
}

/** Client to server: other states that the project of a source can be compared with, beside databases. Result: `ErdStates`. */
export const erdStates = "databaseArchitect/erd/states";

export interface ErdStatesParams {
  readonly uri: string;
}

export interface ErdStates {
  /** Newest first. */
  readonly migrations: readonly { readonly name: string; readonly state: ErdState }[];
  /** Branches, then tags, the newest first; none outside of git. */
  readonly revisions: readonly { readonly name: string; readonly kind: "branch" | "tag"; readonly state: ErdState }[];
}

/** Client to server: where an element is written. Result: `ErdPlace | null`. */
export const erdPlace = "databaseArchitect/erd/place";

export interface ErdTargetParams {
  readonly source: ErdSource;
  readonly target: ErdTarget;
}

export interface ErdPlace {
  readonly uri: string;
  /** Zero-based; UTF-16 characters. */
  readonly range: { readonly start: ErdTextPosition; readonly end: ErdTextPosition };
}

export interface ErdTextPosition {
  readonly line: number;
  readonly character: number;
}

/** Client to server: writes an edit as one labelled `workspace/applyEdit`. Result: `ErdOutcome`. */
export const erdEdit = "databaseArchitect/erd/edit";

export interface ErdEditParams {
  readonly source: ErdSource;
  readonly edit: ErdEdit;
}

/** Client to server: what one DELETE would do. Result: `ErdDeletion`. */
export const erdDeletion = "databaseArchitect/erd/deletion";

export interface ErdDeletionParams {
  readonly source: ErdSource;
  readonly table: string;
}

/** Client to server: the diagram in another format. Result: `ErdExported`. */
export const erdExport = "databaseArchitect/erd/export";

export interface ErdExportParams {
  readonly source: ErdSource;
  readonly format: ErdFileFormat;
  readonly positions: ErdPositions;
  readonly hidden: readonly string[];
  readonly palette: "light" | "dark";
  /** Of a PDF: pictures of words that its font has no shapes for. */
  readonly letterings?: readonly ErdLettering[];
}

export interface ErdExported {
  /** Text; of a PDF its bytes in base64; empty where there was a fault. */
  readonly content: string;
  /** Of a PDF: words, or parts of them, that stand there as hollow boxes. */
  readonly shapeless: readonly string[];
  /** Names of the tables and enums that they are in. */
  readonly shapelessIn: readonly string[];
}

/** A word as the fonts of a view's machine draw it. */
export interface ErdLettering {
  readonly text: string;
  /** Room in a line; ems. */
  readonly advance: number;
  readonly columns: number;
  readonly rows: number;
  readonly pixelsPerEm: number;
  /** Columns left of where the word begins, and rows above its baseline. */
  readonly left: number;
  readonly baseline: number;
  /** `mask`: a bit a pixel, rows padded to whole bytes, to be painted in the colour of the text. `colours`: red, green, blue and opacity, a byte each. */
  readonly pixels: "mask" | "colours";
  /** Base64. */
  readonly data: string;
}

export type ErdTextFormat = "svg" | "mermaid" | "dbml" | "plantuml" | "html";

export type ErdFileFormat = ErdTextFormat | "pdf";

// ---------------------------------------------------------------------------------------------------- view and host

/** Something a person points at: a box, one of its columns, or a relation. */
export type ErdTarget =
  | { readonly kind: "table"; readonly key: string; readonly column?: string }
  | { readonly kind: "enum"; readonly key: string }
  | { readonly kind: "relation"; readonly key: string };

/** What a person may change in the diagram. The host refuses one that was made on an older revision. */
export type ErdEdit = { readonly revision: number } & (
  | { readonly do: "renameTable"; readonly table: string; readonly to: string }
  | { readonly do: "renameColumn"; readonly table: string; readonly column: string; readonly to: string }
  /** From a column to a table: adds what is missing of column, foreign key, both sides of the relation and the index. */
  | { readonly do: "addRelation"; readonly table: string; readonly column?: string; readonly to: string }
  | { readonly do: "addColumn"; readonly table: string; readonly name: string; readonly type: string; readonly nullable: boolean }
);

/** A refusal says why, for people. */
export type ErdOutcome = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/** What one DELETE from a table may do, along the real actions. */
export interface ErdDeletion {
  readonly table: string;
  /** Nearest first; a table may be reached in several ways and has then several entries. */
  readonly effects: readonly ErdDeletionEffect[];
  /** The whole of it in words, for the live region and the list. */
  readonly summary: string;
}

export interface ErdDeletionEffect {
  readonly table: string;
  /** Key of the relation that leads there. */
  readonly relation: string;
  readonly effect: "deleted" | "nulled" | "defaulted" | "blocked";
  /** Steps from the root, 1 for its own children. */
  readonly distance: number;
  readonly text: string;
}

/** What a view asks of its host. Parameters and results of a channel's methods follow from the signatures. */
export interface ErdHost {
  /** The first thing a view says; answered whenever it can be. */
  ready(): ErdOpening;
  reveal(target: ErdTarget): void;
  edit(edit: ErdEdit): ErdOutcome;
  /** Boxes that a person dragged, where they stand now: kept in `.database-architect/erd.json`. */
  moved(positions: ErdPositions): void;
  /** Forget what was dragged and arrange everything anew; the answer comes as `show`. */
  arrange(): void;
  simulateDelete(table: string): ErdDeletion;
  exportFile(params: { readonly format: ErdFileFormat; readonly hidden: readonly string[] }): void;
  /** The picture as an SVG document, to make an image of. */
  svgText(params: { readonly hidden: readonly string[] }): string;
  /** An image that the view made of the SVG; base64. */
  savePng(data: string): void;
  /** Asks which database to take sizes and numbers of rows from; the answer comes as `show`. */
  measure(): void;
  /** Opens the page of a rule. */
  explainRule(rule: string): void;
}

export interface ErdOpening {
  /** A view remembers it, so that its panel can be restored. */
  readonly source: ErdSource;
  readonly picture: ErdPicture;
  /** What to bring into sight first. */
  readonly focus?: ErdTarget;
}

/** What a host tells its view. */
export interface ErdView {
  /** Replaces everything that was shown. */
  show(picture: ErdPicture): void;
  /** Brings something into sight and selects it: from a code lens, or the cursor in the text. */
  focus(target: ErdTarget): void;
  /** Pictures of words, of those that this machine has shapes for. */
  letter(words: readonly string[]): readonly ErdLettering[];
}
