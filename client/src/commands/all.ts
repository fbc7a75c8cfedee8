/** Every command of the extension; a test compares this list with package.json. */
import type { Command } from "./command.ts";
import { addConnection } from "./addConnection.ts";
import { adoptDrift } from "./adoptDrift.ts";
import { applyMigrations } from "./applyMigrations.ts";
import { cancelDatabases } from "./cancelDatabases.ts";
import { checkMigrations } from "./checkMigrations.ts";
import { chooseDatabase } from "./chooseDatabase.ts";
import { comparePlans } from "./comparePlans.ts";
import { compareSchemas } from "./compareSchemas.ts";
import { copyDatabaseName } from "./copyDatabaseName.ts";
import { countTableRows } from "./countTableRows.ts";
import { createMigration } from "./createMigration.ts";
import { editConnection } from "./editConnection.ts";
import { explainAnalyzeQuery } from "./explainAnalyzeQuery.ts";
import { explainQuery } from "./explainQuery.ts";
import { fixAllInFile } from "./fixAllInFile.ts";
import { fixAllInWorkspace } from "./fixAllInWorkspace.ts";
import { ignoreDrift } from "./ignoreDrift.ts";
import { markMigrationApplied } from "./markMigrationApplied.ts";
import { markMigrationRolledBack } from "./markMigrationRolledBack.ts";
import { migrateTo } from "./migrateTo.ts";
import { migrationStatus } from "./migrationStatus.ts";
import { openDatabaseErd } from "./openDatabaseErd.ts";
import { openErd } from "./openErd.ts";
import { openRuleDocumentation } from "./openRuleDocumentation.ts";
import { openSettings } from "./openSettings.ts";
import { pastePlan } from "./pastePlan.ts";
import { previewMigration } from "./previewMigration.ts";
import { proveMigration } from "./proveMigration.ts";
import { pullSchema } from "./pullSchema.ts";
import { refreshDatabases } from "./refreshDatabases.ts";
import { refreshMigrations } from "./refreshMigrations.ts";
import { removeConnection } from "./removeConnection.ts";
import { renameConnection } from "./renameConnection.ts";
import { resetDatabase } from "./resetDatabase.ts";
import { resolveMigration } from "./resolveMigration.ts";
import { restartServer } from "./restartServer.ts";
import { revertDrift } from "./revertDrift.ts";
import { rollBackMigration } from "./rollBackMigration.ts";
import { seedDatabase } from "./seedDatabase.ts";
import { setConnectionEnvironment } from "./setConnectionEnvironment.ts";
import { showIgnoredDrift } from "./showIgnoredDrift.ts";
import { showOutput } from "./showOutput.ts";
import { squashMigrations } from "./squashMigrations.ts";
import { tableHistory } from "./tableHistory.ts";
import { testConnection } from "./testConnection.ts";

export const allCommands: readonly Command[] = [
  addConnection,
  adoptDrift,
  applyMigrations,
  cancelDatabases,
  checkMigrations,
  chooseDatabase,
  comparePlans,
  compareSchemas,
  copyDatabaseName,
  countTableRows,
  createMigration,
  editConnection,
  explainAnalyzeQuery,
  explainQuery,
  fixAllInFile,
  fixAllInWorkspace,
  ignoreDrift,
  markMigrationApplied,
  markMigrationRolledBack,
  migrateTo,
  migrationStatus,
  openDatabaseErd,
  openErd,
  openRuleDocumentation,
  openSettings,
  pastePlan,
  previewMigration,
  proveMigration,
  pullSchema,
  refreshDatabases,
  refreshMigrations,
  removeConnection,
  renameConnection,
  resetDatabase,
  resolveMigration,
  restartServer,
  revertDrift,
  rollBackMigration,
  seedDatabase,
  setConnectionEnvironment,
  showIgnoredDrift,
  showOutput,
  squashMigrations,
  tableHistory,
  testConnection,
];
