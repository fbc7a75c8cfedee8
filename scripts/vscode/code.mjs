#!/usr/bin/env node
// A stand-in for VS Code's own executable, for @vscode/test-electron: standIn.ts says what it understands.
import { register } from "tsx/esm/api";

register();
await import("./standIn.ts");
