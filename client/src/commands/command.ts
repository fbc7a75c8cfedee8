/** The shape of a command: its id as in package.json, and what it does. Every one also works without arguments, from the palette. */
import type { LogOutputChannel } from "vscode";
import type { Databases } from "../connections/databases.ts";
import type { Migrations } from "../migrations/migrations.ts";
import type { ServerSession } from "../serverSession.ts";
import type { ErdPanels } from "../webviews/erdPanels.ts";
import type { PlanPanels } from "../webviews/planPanels.ts";

export interface CommandContext {
  readonly server: ServerSession;
  readonly output: LogOutputChannel;
  /** Loaded when somebody wants a diagram. */
  panels(): Promise<ErdPanels>;
  /** Loaded when somebody wants a plan. */
  plans(): Promise<PlanPanels>;
  /** The databases that are known, and the one that is chosen; loaded when somebody wants them. */
  databases(): Promise<Databases>;
  /** Loaded when somebody wants one. */
  migrations(): Promise<Migrations>;
}

export interface Command {
  readonly id: string;
  run(context: CommandContext, ...args: readonly unknown[]): void | Promise<void>;
}
