import assert from "node:assert/strict";
import { isEnvFile, readEnvFile } from "../../../server/src/connections/envFile.ts";

describe("An .env file", () => {
  const values = (text: string): object => Object.fromEntries(readEnvFile(text));

  it("has names and values, with quotes, comments, export and empty lines", () => {
    assert.deepEqual(values('\uFEFF# a comment\r\nA=1\r\n\r\nexport B = two words # not this\r\nC="with # and \\"quotes\\""\r\nD=\'$A\'\r\nE=`x`\r\nF=\r\nG: yaml'), {
      A: "1",
      B: "two words",
      C: 'with # and \\"quotes\\"',
      D: "$A",
      E: "x",
      F: "",
      G: "yaml",
    });
  });

  it("keeps a # that nothing stands before", () => {
    assert.deepEqual(values("URL=postgresql://me:a#b@localhost/shop # local"), { URL: "postgresql://me:a#b@localhost/shop" });
  });

  it("puts in what refers to others of the file, and leaves what is unknown, escaped or goes in circles", () => {
    assert.equal(readEnvFile("HOST=db\nURL=postgresql://${USER:-me}@${HOST}/$NAME\nNAME=shop").get("URL"), "postgresql://me@db/shop");
    const all = readEnvFile("HOST=db\nX=${NOWHERE}\nY=\\${HOST}\nZ='${HOST}'\nP=${Q}\nQ=1${P}");
    assert.deepEqual([all.get("X"), all.get("Y"), all.get("Z")], ["${NOWHERE}", "${HOST}", "${HOST}"]);
    assert.ok((all.get("P") ?? "").length < 100);
  });

  it("lets the last of a name win", () => {
    assert.deepEqual(values("A=1\nA=2"), { A: "2" });
  });

  it("ends soon, whatever it holds", () => {
    const doubling = Array.from({ length: 60 }, (_, i) => `A${i}=\${A${i + 1}}\${A${i + 1}}x`).join("\n");
    const started = performance.now();
    for (const text of ["=".repeat(50_000), 'A="'.repeat(20_000), "# ".repeat(50_000), `A=${"#".repeat(50_000)}`, `A=${"${A}".repeat(5_000)}`, "a".repeat(200_000), doubling]) readEnvFile(text);
    assert.ok(performance.now() - started < 2_000, `${performance.now() - started} ms`);
  });

  it("is known by its name", () => {
    for (const name of [".env", ".env.local", ".env.production", ".env.test.local"]) assert.ok(isEnvFile(name), name);
    for (const name of [".env.example", ".env.sample", ".envrc", "env", ".env.local.template", "x.env"]) assert.ok(!isEnvFile(name), name);
  });
});
