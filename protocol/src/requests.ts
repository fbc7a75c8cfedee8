/** What the language client and the server say to each other beyond the Language Server Protocol. */

/** `initializationOptions` of the server. Every field may be missing: other editors send nothing. */
export interface InitializationOptions {
  /** Prisma's own extension is installed and shows syntax errors; this server leaves them to it. */
  readonly prismaExtensionInstalled?: boolean;
  /** Assumed when missing: a restricted workspace must say so. */
  readonly workspaceTrusted?: boolean;
  /** The client has the command `openRuleDocumentation` below: links to a rule's page may use it instead of the web. */
  readonly opensRulePages?: boolean;
  /** The client has the command `showPlaces` below: lenses may lead somewhere. */
  readonly showsPlaces?: boolean;
  /** The client has the command `openErd` below: lenses lead to the diagram. */
  readonly showsErd?: boolean;
  /** The client has the command `explainQuery` of plan.ts: lenses over queries lead to plans. */
  readonly explainsQueries?: boolean;
  /** The client has the command `proveMigrationCommand` below: lenses lead to a proof. */
  readonly provesMigrations?: boolean;
  /** The client answers the questions of connections.ts. */
  readonly keepsConnections?: boolean;
  /** How many diagnostics of one file the client shows; all of them when missing. */
  readonly maxDiagnostics?: number;
  /** Path of a folder in which the server may keep what took long to build; without one, nothing is kept. */
  readonly cacheFolder?: string;
  /** The section `databaseArchitect` of the settings, as the editor has it; parsed by the server. */
  readonly settings?: unknown;
}

/** Command of our client, for lenses: proves the migration whose file's URI is its argument. */
export const proveMigrationCommand = "databaseArchitect.proveMigration";

/** Client to server, whenever one of them changes while the server runs. */
export const environmentChanged = "databaseArchitect/environmentChanged";

export interface EnvironmentChangedParams {
  readonly prismaExtensionInstalled: boolean;
  readonly workspaceTrusted: boolean;
}

/** Server to client: what the status item shows. Sent whenever it changes. */
export const statusChanged = "databaseArchitect/statusChanged";

export interface ServerStatus {
  /** Reading files or checking, longer than a keystroke's worth. */
  readonly busy: boolean;
  readonly projects: readonly ProjectStatus[];
  /** Whose syntax errors are shown in Prisma files. */
  readonly prismaSyntax: "own" | "prismaExtension";
  /** What a person should know: a file that was set aside, a setting that is not understood. Whole sentences. */
  readonly notices: readonly string[];
}

export interface ProjectStatus {
  /** For people: "crm", "crm-legacy/prisma". */
  readonly name: string;
  readonly uri: string;
  readonly models: number;
  readonly migrations: number;
}

/** Client to server: apply every safe fix of every finding in the workspace, as one labelled `workspace/applyEdit`. */
export const fixAllInWorkspace = "databaseArchitect/fixAllInWorkspace";

export interface FixAllResult {
  /** How many findings the edit removed; 0 when there was nothing to fix. */
  readonly fixed: number;
  /** How many findings remain whose fix needs a person's eye, or that have none. */
  readonly remaining: number;
}

/** Client to server: all rules, for choosing one. */
export const listRules = "databaseArchitect/listRules";

export interface RuleListing {
  readonly id: string;
  /** Earlier names, by which some still know it. */
  readonly aliases: readonly string[];
  readonly category: string;
  readonly summary: string;
}

/** Command of our client: opens the page of the rule whose id is its argument. */
export const openRuleDocumentation = "databaseArchitect.openRuleDocumentation";

/**
 * Command of our client, for lenses: shows places in a peek view. Its arguments are those of the protocol: the document's
 * URI, a position in it, and locations.
 */
export const showPlaces = "databaseArchitect.showPlaces";

/** Command of our client: opens the diagram of the file whose URI is its first argument, at the table whose key is its second. */
export const openErd = "databaseArchitect.openErd";

/** Client to server: the page of one rule in Markdown, by any of its names, or the list of all; `null` when there is no such rule. */
export const ruleDocumentation = "databaseArchitect/ruleDocumentation";

export interface RuleDocumentationParams {
  readonly rule: string;
}
