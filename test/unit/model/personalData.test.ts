/** Which columns are taken for personal data, special categories and secrets: by tags first, then by name and type. */
import assert from "node:assert/strict";
import { isAboutPeople, personalColumns, plainSecretIn } from "../../../server/src/model/personalData.ts";
import { tagsOf } from "../../../server/src/model/tags.ts";
import type { Table } from "../../../server/src/model/schema.ts";
import { loadSqlParser } from "../../../server/src/sql/parse.ts";
import { parsePrismaText, parseSqlText } from "../../support/schemas.ts";

before(() => loadSqlParser());

describe("personal data", () => {
  it("is recognised by the words of a name, in several languages and spellings", () => {
    for (const name of [
      "email",
      "billing_email",
      "EMailAddress",
      "Vorname",
      "nachname",
      "apellidos",
      "prénom",
      "Geburtsdatum",
      "cpf",
      "姓名",
      "nazwisko",
      "phone2",
    ]) {
      assert.deepEqual(personalNames(`CREATE TABLE t ("${name}" text);`), [name]);
    }
  });

  it("is not what a name only begins with, nor what its type cannot hold", () => {
    const columns =
      "email_verified text, email_template text, phone_type text, email_count int, ip_address_id uuid, birthday_reminder_sent_at timestamptz, " +
      "email boolean, phone int, dob boolean, gmail text, microphone text, addressee_count text, email_change_token text, company_name text, repo_full_name text";
    assert.deepEqual(personalNames(`CREATE TABLE t (${columns});`), []);
  });

  it("has its own types: dates of birth, IP addresses, answers to choose from", () => {
    assert.deepEqual(personalNames("CREATE TABLE t (dob date, ip inet, is_pregnant boolean, religion text);"), [
      "dob",
      "ip",
      "is_pregnant",
      "religion",
    ]);
  });

  it("is a name or an address only in a table of people", () => {
    for (const table of ["users", "app_user", "Kunden", "user_accounts", "benutzer"]) {
      assert.deepEqual(personalNames(`CREATE TABLE "${table}" (name text, street text, user_name text, company_name text);`), [
        "name",
        "street",
        "user_name",
      ]);
    }
    for (const table of ["product", "user_settings", "oauth_clients", "companies"]) {
      assert.deepEqual(personalNames(`CREATE TABLE ${table} (name text, street text);`), []);
    }
  });

  it("is what a tag says, whatever the name is", () => {
    const text = `model User {
  id    Int    @id
  /// @pii none
  email String
  /// Shoe size. @pii special
  size  String
}
`;
    const table = [...parsePrismaText(text).schema.tables.values()][0];
    assert.ok(table !== undefined);
    assert.deepEqual(
      personalColumns(table).map(({ column, data }) => [column.name, data.category, data.basis]),
      [["size", "special", "tag"]],
    );
  });

  it("makes a table one about people when it is named after them too", () => {
    assert.ok(isAboutPeople(tableOf("CREATE TABLE patients (last_name text);")));
    assert.ok(!isAboutPeople(tableOf("CREATE TABLE patients (level int);")));
    assert.ok(!isAboutPeople(tableOf("CREATE TABLE mail (email text);")));
  });
});

describe("a secret", () => {
  const kept = (column: string): boolean => {
    const table = tableOf(`CREATE TABLE t (${column});`);
    return [...table.columns.values()].some((one) => plainSecretIn(table, one) !== undefined);
  };

  it("is kept as it is when neither name, type nor length says otherwise", () => {
    for (const column of [
      "password text",
      '"apiKey" varchar(255)',
      "stripe_secret_key text",
      "refresh_token varchar",
      "recovery_codes text[]",
      "passwort text",
    ]) {
      assert.ok(kept(column), column);
    }
  });

  it("is none when it is hashed, encrypted, or something about it", () => {
    for (const column of [
      "password_hash text",
      "hashed_password text",
      "encrypted_api_key text",
      "password char(64)",
      "password varchar(60)",
      "secret bytea",
      "password_reset_at timestamptz",
      "access_token_id text",
      "secret_name text",
      "public_key text",
      "api_key_prefix text",
      "tokens int",
    ]) {
      assert.ok(!kept(column), column);
    }
  });
});

describe("tags", () => {
  it("are read from comments and documentation, with what stands behind them", () => {
    assert.deepEqual(tagsOf({ comment: "Kept short. @retention 90d", doc: "@pii special, @audited" }), {
      pii: "special",
      retention: "90d",
      isAudited: true,
      isAppendOnly: false,
      isUnreadable: false,
    });
    assert.equal(tagsOf({ comment: "@retention: 7 years. By law." }).retention, "7 years");
    assert.equal(tagsOf({ comment: "@pii: none" }).pii, "none");
    assert.equal(tagsOf({ comment: undefined, doc: "@append-only @encrypted" }).isAppendOnly, true);
  });

  it("are words of their own", () => {
    assert.equal(tagsOf({ comment: "write to pii@example.org, @piirate" }).pii, undefined);
    assert.equal(tagsOf({ comment: "pii" }).pii, undefined);
  });
});

function tableOf(sql: string): Table {
  const { schema, problems } = parseSqlText(sql);
  assert.deepEqual(problems, []);
  const [table] = schema.tables.values();
  assert.ok(table !== undefined);
  return table;
}

function personalNames(sql: string): readonly string[] {
  return personalColumns(tableOf(sql)).map(({ column }) => column.name);
}
