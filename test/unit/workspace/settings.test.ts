import assert from "node:assert/strict";
import { defaultSettings } from "../../../protocol/src/settings.ts";
import { parseSettings } from "../../../server/src/workspace/settings.ts";

describe("Settings", () => {
  it("are the defaults when nothing is set, in whatever way an editor says so", () => {
    for (const nothing of [undefined, null, {}, { enable: null, rules: undefined }]) {
      assert.deepEqual(parseSettings(nothing), { settings: defaultSettings, complaints: [] });
    }
  });

  it("are taken over one by one", () => {
    const given = {
      enable: false,
      preset: "strict",
      rules: { "no-float-money": "off" },
      schemas: ["a"],
      migrations: ["b"],
      exclude: ["c"],
      prismaValidation: "off",
      postgresVersion: 17,
      newestMigrations: 5,
      typeCheck: false,
      codeLens: false,
      inlayHintActions: false,
      inlayHintTypes: "all",
      inlayHintIndexes: true,
      inlayHintLocks: false,
      debounce: 0,
    };
    assert.deepEqual(parseSettings(given), { settings: given, complaints: [] });
  });

  it("keep the default of what is not understood, and complain once about each", () => {
    const { settings, complaints } = parseSettings({
      enable: "yes",
      debounce: -1,
      schemas: [1],
      prismaValidation: "never",
      preset: "hard",
      postgresVersion: "15.4",
      exclude: ["kept"],
    });
    assert.deepEqual(settings, { ...defaultSettings, exclude: ["kept"] });
    assert.deepEqual(complaints, [
      "The setting databaseArchitect.enable must be true or false. Its default is used.",
      'The setting databaseArchitect.preset must be "recommended", "strict" or "all". Its default is used.',
      "The setting databaseArchitect.schemas must be a list of texts. Its default is used.",
      'The setting databaseArchitect.prismaValidation must be "auto", "on" or "off". Its default is used.',
      "The setting databaseArchitect.postgresVersion must be a major version of PostgreSQL, such as 16. Its default is used.",
      "The setting databaseArchitect.debounce must be 0 or more. Its default is used.",
    ]);
  });

  it("that are no object at all are the defaults, with a complaint", () => {
    for (const wrong of ["on", 3, [], true]) assert.equal(parseSettings(wrong).complaints.length, 1);
  });
});
