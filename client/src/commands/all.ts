/** Every command of the extension; a test compares this list with package.json. */
import type { Command } from "./command.ts";
import { addConnection } from "./addConnection.ts";
import { cancelDatabases } from "./cancelDatabases.ts";
import { chooseDatabase } from "./chooseDatabase.ts";
import { comparePlans } from "./comparePlans.ts";
import { copyDatabaseName } from "./copyDatabaseName.ts";
import { countTableRows } from "./countTableRows.ts";
import { editConnection } from "./editConnection.ts";
import { explainAnalyzeQuery } from "./explainAnalyzeQuery.ts";
import { explainQuery } from "./explainQuery.ts";
import { fixAllInFile } from "./fixAllInFile.ts";
import { fixAllInWorkspace } from "./fixAllInWorkspace.ts";
import { openDatabaseErd } from "./openDatabaseErd.ts";
import { openErd } from "./openErd.ts";
import { openRuleDocumentation } from "./openRuleDocumentation.ts";
import { openSettings } from "./openSettings.ts";
import { pastePlan } from "./pastePlan.ts";
import { refreshDatabases } from "./refreshDatabases.ts";
import { removeConnection } from "./removeConnection.ts";
import { renameConnection } from "./renameConnection.ts";
import { restartServer } from "./restartServer.ts";
import { setConnectionEnvironment } from "./setConnectionEnvironment.ts";
import { showOutput } from "./showOutput.ts";
import { testConnection } from "./testConnection.ts";

export const allCommands: readonly Command[] = [
  addConnection,
  cancelDatabases,
  chooseDatabase,
  comparePlans,
  copyDatabaseName,
  countTableRows,
  editConnection,
  explainAnalyzeQuery,
  explainQuery,
  fixAllInFile,
  fixAllInWorkspace,
  openDatabaseErd,
  openErd,
  openRuleDocumentation,
  openSettings,
  pastePlan,
  refreshDatabases,
  removeConnection,
  renameConnection,
  restartServer,
  setConnectionEnvironment,
  showOutput,
  testConnection,
];
