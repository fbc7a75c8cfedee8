/** Policies that trust what users write about themselves. */
import { say, subjectOfPart } from "../names.ts";
import { defineRule } from "../rule.ts";

export const noUserMetadataInPolicy = defineRule({
  id: "no-user-metadata-in-policy",
  aliases: ["rls-user-metadata"],
  group: "schema",
  category: "security",
  severity: "error",
  languages: ["sql"],
  since: "0.1.0",
  summary: "Let no policy rest on metadata that users can change.",
  why: `Supabase lets every user change user_metadata, which stands in the token and in auth.users.raw_user_meta_data: a
policy that reads a role or a tenant there lets everybody choose it. app_metadata is for the server alone.`,
  sources: [
    "https://www.postgresql.org/docs/current/ddl-rowsecurity.html",
    "https://supabase.com/docs/guides/database/postgres/row-level-security#authjwt",
  ],
  *checkTable(table) {
    for (const policy of table.policies) {
      const found = [policy.using, policy.withCheck].map((condition) => condition && metadata.exec(condition.text)?.[0]).find(Boolean);
      if (found === undefined) continue;
      yield {
        at: policy.origins,
        subject: subjectOfPart(table, policy.name),
        message: `Policy ${policy.name} of ${say(table)} trusts ${found.toLowerCase()}, which every user can change.`,
      };
    }
  },
  examples: {
    bad: [
      {
        sql: `CREATE SCHEMA auth;
CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS 'SELECT NULL::jsonb';
CREATE TABLE deal (id int PRIMARY KEY);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY admins ON deal USING (((SELECT auth.jwt()) -> 'user_metadata' ->> 'role') = 'admin');
--            ^^^^^^ Policy admins of deal trusts user_metadata, which every user can change.
`,
      },
    ],
    good: [
      {
        title: "Only the server writes app_metadata",
        sql: `CREATE SCHEMA auth;
CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS 'SELECT NULL::jsonb';
CREATE TABLE deal (id int PRIMARY KEY);
ALTER TABLE deal ENABLE ROW LEVEL SECURITY;
CREATE POLICY admins ON deal USING (((SELECT auth.jwt()) -> 'app_metadata' ->> 'role') = 'admin');
`,
      },
    ],
  },
});

const metadata = /\b(?:raw_user_meta_data|user_metadata)\b/i;
