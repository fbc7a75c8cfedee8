/** Everything that can happen to a workspace. `Workspace.applyChange()` is the only way in. */
import type { DiskChange } from "./disk.ts";
import type { RuleLayer } from "./rulesInForce.ts";
import type { TypeChecked } from "./typeChecks.ts";
import type { Validated } from "./validation.ts";

export type Language = "prisma" | "sql" | "other";

export type Change =
  | { readonly kind: "opened"; readonly uri: string; readonly language: Language; readonly version: number; readonly text: string }
  /** `text` is the whole new text. */
  | { readonly kind: "edited"; readonly uri: string; readonly version: number; readonly text: string }
  | { readonly kind: "closed"; readonly uri: string }
  /** On the disk, as the editor's file watcher or the person behind a command line says. */
  | { readonly kind: "files"; readonly changes: readonly DiskChange[] }
  /** Absolute paths of the workspace folders, and of a folder above them up to which configuration files hold for them too. */
  | { readonly kind: "roots"; readonly roots: readonly string[]; readonly top?: string }
  /** What stands under `databaseArchitect`, unparsed; of one workspace folder, or for everything else. */
  | { readonly kind: "settings"; readonly folder: string | undefined; readonly value: unknown }
  /** What a command line says about the rules: it leads every other setting. */
  | { readonly kind: "commandLine"; readonly rules: RuleLayer }
  | { readonly kind: "environment"; readonly environment: Environment }
  /** What the schema engine said about exactly these texts. */
  | { readonly kind: "validated"; readonly project: string; readonly validated: Validated }
  /** What a database built from a project said to queries. */
  | { readonly kind: "typeChecked"; readonly project: string; readonly typeChecked: TypeChecked }
  /** A large statement of this file was read in the background: the file has a better tree now. */
  | { readonly kind: "statementsRead"; readonly uri: string };

/** What the editor says about itself. */
export interface Environment {
  /** Prisma's own extension shows syntax errors; then we do not. */
  readonly prismaExtensionInstalled: boolean;
  /** False in a restricted workspace. Nothing here runs a workspace's code either way. */
  readonly workspaceTrusted: boolean;
}
