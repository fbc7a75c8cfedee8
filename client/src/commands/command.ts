/** The shape of a command: its id as in package.json, and what it does. Every one also works without arguments, from the palette. */
import type { LogOutputChannel } from "vscode";
import type { ServerSession } from "../serverSession.ts";

export interface CommandContext {
  readonly server: ServerSession;
  readonly output: LogOutputChannel;
}

export interface Command {
  readonly id: string;
  run(context: CommandContext, ...args: readonly unknown[]): void | Promise<void>;
}
