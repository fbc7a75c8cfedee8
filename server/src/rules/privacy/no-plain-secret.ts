/** Passwords, tokens and keys in columns that do not say that they are hashed or encrypted. */
import { plainSecretIn } from "../../model/personalData.ts";
import { columnsWhere, isImplied } from "../../model/queries.ts";
import type { Table } from "../../model/schema.ts";
import { sayColumns, subjectOfColumns } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noPlainSecret = defineRule({
  id: "no-plain-secret",
  aliases: ["secret-plain"],
  group: "schema",
  category: "privacy",
  severity: "information",
  since: "0.1.0",
  summary: "Keep no password, token or key as it is.",
  why: `Whoever sees a backup, a log of a query or a read replica can sign in with what he finds there. Passwords and
tokens are hashed, what must be read again is encrypted outside of the database; a name such as password_hash, or
@hashed or @encrypted in the comment, tells the next reader that it was done.`,
  sources: [
    "https://www.postgresql.org/docs/current/pgcrypto.html",
    "https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html",
  ],
  *checkTable(table) {
    const secrets = columnsWhere(table, (one) => plainSecretIn(table, one) !== undefined);
    if (secrets.length > 0 && isOfAuthenticationLibrary(table)) return;
    for (const column of secrets) {
      if (isImplied(column)) continue;
      yield {
        at: column.origins,
        subject: subjectOfColumns(table, [column.name]),
        message: `${sayColumns(table, [column.name])} looks like ${plainSecretIn(table, column)} kept as it is: nothing says it is hashed.`,
      };
    }
  },
  examples: {
    bad: [
      {
        prisma: `model User {
  id          Int     @id
  password    String
//^^^^^^^^ User(password) looks like a password kept as it is: nothing says it is hashed.
  accessToken String? @db.VarChar(255)
//^^^^^^^^^^^ User(accessToken) looks like a token kept as it is: nothing says it is hashed.
}
`,
      },
      {
        sql: `CREATE TABLE integration (
  id int PRIMARY KEY,
  api_key text NOT NULL
--^^^^^^^ integration(api_key) looks like a key kept as it is: nothing says it is hashed.
);
`,
      },
    ],
    good: [
      {
        title: "Hashed or encrypted by its name, its type, its length or its comment; or no secret at all",
        sql: `CREATE TABLE users (
  id int PRIMARY KEY,
  password_hash text NOT NULL,
  password char(64),
  old_password varchar(60),
  secret bytea,
  access_token text,
  refresh_token_id text,
  password_reset_at timestamptz,
  password_hint text,
  api_key_prefix text,
  public_key text
);
COMMENT ON COLUMN users.access_token IS '@encrypted by the application';
`,
      },
      {
        title: "The table is an authentication library's",
        prisma: `model Account {
  id                Int     @id
  provider          String
  providerAccountId String
  access_token      String?
}
`,
      },
    ],
  },
});

/** Auth.js and its kin say what their table of accounts looks like: a provider, and the id of the account there. */
function isOfAuthenticationLibrary(table: Table): boolean {
  const has = namesOf(table);
  return has("provideraccountid") || (has("providerid") && has("accountid"));
}

function namesOf(table: Table): (name: string) => boolean {
  const names = new Set(Array.from(table.columns.keys(), (name) => name.replaceAll("_", "").toLowerCase()));
  return (name) => names.has(name);
}
