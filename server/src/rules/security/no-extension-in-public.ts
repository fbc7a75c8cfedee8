/** Extensions among the application's own tables. */
import { defineRule } from "../rule.ts";

export const noExtensionInPublic = defineRule({
  id: "no-extension-in-public",
  aliases: ["extension-in-public"],
  group: "schema",
  category: "security",
  severity: "information",
  preset: "strict",
  since: "0.1.0",
  summary: "Give extensions a schema of their own.",
  why: `An extension in the schema public puts its functions and types among the application's: an API that serves the
schema serves them too, and a dump or a drop of the schema takes them along.`,
  sources: ["https://www.postgresql.org/docs/current/sql-createextension.html", "https://www.postgresql.org/docs/current/ddl-schemas.html"],
  *checkSchema(schema) {
    for (const extension of schema.extensions.values()) {
      if (extension.schema !== "public") continue;
      yield {
        at: extension.origins,
        subject: extension.name,
        message: `Extension ${extension.name} is in the schema public.`,
      };
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE EXTENSION pgcrypto;
--               ^^^^^^^^ Extension pgcrypto is in the schema public.
`,
      },
      {
        prisma: `generator client {
  provider        = "prisma-client"
  previewFeatures = ["postgresqlExtensions"]
}

datasource db {
  provider   = "postgresql"
  extensions = [pgcrypto]
//              ^^^^^^^^ Extension pgcrypto is in the schema public.
}

model Account {
  id Int @id
}
`,
      },
    ],
    good: [
      {
        title: "It has a schema",
        sql: `CREATE SCHEMA extensions;
CREATE EXTENSION pgcrypto SCHEMA extensions;
`,
      },
    ],
  },
});
