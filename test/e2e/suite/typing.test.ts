import { findingsWhen, hasCode, lacksCode, openFixture, replace, restoreFixtures } from "../support/editor.ts";

describe("Typing", () => {
  afterEach(restoreFixtures);

  it("takes a finding away when the text no longer gives cause, and brings it back", async () => {
    const document = await openFixture("shop", "prisma/schema.prisma");
    await findingsWhen(document.uri, "The float", hasCode("no-float-money"));
    await replace(document, "total      Float", "total      Decimal @db.Decimal(12, 2)");
    await findingsWhen(document.uri, "The end of the float", lacksCode("no-float-money"));
    await replace(document, "Decimal @db.Decimal(12, 2)", "Float");
    await findingsWhen(document.uri, "The float again", hasCode("no-float-money"));
  });

  it("keeps the findings of the rest while a line is half typed", async () => {
    const document = await openFixture("shop", "prisma/schema.prisma");
    await replace(document, "name   String", "name   Str @");
    await findingsWhen(document.uri, "The missing index", hasCode("require-index-on-foreign-key"));
  });

  it("shows the schema engine's own errors when Prisma's extension is not there to", async () => {
    const document = await openFixture("shop", "prisma/schema.prisma");
    await replace(document, "orders Order[]", "orders Ordre[]");
    await findingsWhen(document.uri, "The unknown type", (findings) => findings.some((finding) => /Ordre/.test(finding.message)));
  });
});
