/** What checking one project needs and what it comes to. */
import type { FileChanges } from "../model/changes.ts";
import type { FoldedSql } from "../model/fromSql.ts";
import type { Places } from "../model/places.ts";
import type { Schema, Unread } from "../model/schema.ts";
import type { PrismaFile } from "../prisma/syntax.ts";
import type { Finding } from "../rules/rule.ts";
import type { RuleSettings } from "../rules/settings.ts";
import type { SqlFile } from "../sql/syntax.ts";
import type { Problem } from "../text/problem.ts";
import type { TextFile } from "./textFile.ts";

export interface CheckedProject {
  readonly schema: Schema;
  /** Major version of the PostgreSQL that the schema is for. */
  readonly postgresVersion: number;
  /** In the order of the rules. */
  readonly findings: readonly Finding[];
  /** By the URI they are shown in. */
  readonly findingsByUri: ReadonlyMap<string, readonly Finding[]>;
  /** Of folding: statements that PostgreSQL would refuse where they stand. */
  readonly problems: ReadonlyMap<string, readonly Problem[]>;
  /** What the newest files of the history do to what earlier ones made; `changesIn` of `check.ts` tells of the others. */
  readonly changes: ReadonlyMap<string, FileChanges>;
  /** Where everything in `schema` and `findings` stands. */
  readonly places: Places;
  readonly prismaFiles: readonly PrismaFile[];
  readonly sqlFiles: readonly SqlFile[];
}

/** What a project is checked by. */
export interface ProjectRules {
  /** What holds for what is shown in a file, by its URI. Undefined: nothing is said about it. */
  settingsOf(uri: string): RuleSettings | undefined;
  /** As somebody set it. */
  readonly postgresVersion: number | undefined;
  /** How many migrations at the end of the history the rules about migrations check. */
  readonly newestMigrations: number;
}

/** The texts of a project; what could not be read is said, and counts as possibly defining anything. */
export interface ProjectTexts {
  readonly schema: readonly TextFile[];
  readonly history: readonly TextFile[];
  readonly unread: readonly Unread[];
}

/** What the history says, folded: a schema, and where PostgreSQL would refuse a statement. */
export interface ReadSql {
  readonly folded: FoldedSql | undefined;
  readonly problems: ReadonlyMap<string, readonly Problem[]>;
  /** By file, in the order in which they run. */
  readonly changes: ReadonlyMap<string, FileChanges>;
  /** How many files at the end of the history were asked for their changes. */
  readonly newest: number;
}
