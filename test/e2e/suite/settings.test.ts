import { ConfigurationTarget, workspace } from "vscode";
import { findingsWhen, hasCode, lacksCode, openFixture } from "../support/editor.ts";

describe("Settings", () => {
  const settings = () => workspace.getConfiguration("databaseArchitect");

  it("turn a rule off and on at once", async () => {
    const document = await openFixture("shop", "prisma/schema.prisma");
    await findingsWhen(document.uri, "The float", hasCode("no-float-money"));
    try {
      await settings().update("rules", { "no-float-money": "off" }, ConfigurationTarget.Workspace);
      await findingsWhen(document.uri, "Silence", lacksCode("no-float-money"));
    } finally {
      await settings().update("rules", undefined, ConfigurationTarget.Workspace);
    }
    await findingsWhen(document.uri, "The float again", hasCode("no-float-money"));
  });

  it("turn everything off and on at once", async () => {
    const document = await openFixture("shop", "prisma/schema.prisma");
    await findingsWhen(document.uri, "A finding", (findings) => findings.length > 0);
    try {
      await settings().update("enable", false, ConfigurationTarget.Workspace);
      await findingsWhen(document.uri, "Silence", (findings) => findings.length === 0);
    } finally {
      await settings().update("enable", undefined, ConfigurationTarget.Workspace);
    }
    await findingsWhen(document.uri, "A finding again", (findings) => findings.length > 0);
  });
});
