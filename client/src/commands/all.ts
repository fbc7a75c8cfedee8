/** Every command of the extension; a test compares this list with package.json. */
import type { Command } from "./command.ts";
import { fixAllInFile } from "./fixAllInFile.ts";
import { fixAllInWorkspace } from "./fixAllInWorkspace.ts";
import { openErd } from "./openErd.ts";
import { openRuleDocumentation } from "./openRuleDocumentation.ts";
import { openSettings } from "./openSettings.ts";
import { restartServer } from "./restartServer.ts";
import { showOutput } from "./showOutput.ts";

export const allCommands: readonly Command[] = [fixAllInFile, fixAllInWorkspace, openErd, openRuleDocumentation, openSettings, restartServer, showOutput];
