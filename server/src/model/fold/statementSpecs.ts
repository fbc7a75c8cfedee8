/**
 * What was read out of a statement, kept beside its parse tree: folding a history again reads no statement twice.
 * A statement that holds others (CREATE SCHEMA) reads those anew.
 */
import type { AlterTableStmt, CreateStmt, IndexStmt } from "@pgsql/types";
import type { StatementChange } from "../changes.ts";
import { type AlterCommand, alterCommands } from "./read/alterSpec.ts";
import { RareMap } from "./rare.ts";
import { indexSpec, type IndexSpec } from "./read/indexSpec.ts";
import type { Place } from "./read/place.ts";
import type { StatementText } from "./read/statementText.ts";
import { tableSpec, type TableSpec } from "./read/tableSpec.ts";

export class StatementSpecs {
  /** What the statement did to a database in use, when it was folded last. */
  lastChange: StatementChange | undefined;
  /** Where changes stand in it, by the starts of their name and their command. */
  readonly places = new RareMap<string, Place>();
  readonly #source: StatementText;
  #table: { readonly of: CreateStmt; readonly spec: TableSpec } | undefined;
  #index: { readonly of: IndexStmt; readonly spec: IndexSpec } | undefined;
  #alter: { readonly of: AlterTableStmt; readonly commands: readonly AlterCommand[] } | undefined;

  constructor(source: StatementText) {
    this.#source = source;
  }

  table(statement: CreateStmt): TableSpec {
    if (this.#table?.of !== statement) this.#table = { of: statement, spec: tableSpec(statement, this.#source) };
    return this.#table.spec;
  }

  index(statement: IndexStmt): IndexSpec {
    if (this.#index?.of !== statement) this.#index = { of: statement, spec: indexSpec(statement, this.#source) };
    return this.#index.spec;
  }

  alter(statement: AlterTableStmt): readonly AlterCommand[] {
    if (this.#alter?.of !== statement) this.#alter = { of: statement, commands: alterCommands(statement, this.#source) };
    return this.#alter.commands;
  }
}
