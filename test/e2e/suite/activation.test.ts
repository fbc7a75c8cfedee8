import assert from "node:assert/strict";
import { extensions } from "vscode";

describe("The extension in VS Code", () => {
  it("is there", () => {
    assert.notEqual(extensions.getExtension("database-architect.database-architect"), undefined);
  });
});
