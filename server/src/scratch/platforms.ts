/**
 * What a hosting platform has in every database before the first migration: migrations and queries refer to it, and no file
 * creates it. It stands in here as the platform documents it, so that what is built on it can be.
 *
 * Supabase: https://supabase.com/docs/guides/database/overview; roles https://supabase.com/docs/guides/database/postgres/roles,
 * `auth` https://supabase.com/docs/guides/auth/managing-user-data, `storage` https://supabase.com/docs/guides/storage/schema/design,
 * `realtime` https://supabase.com/docs/guides/realtime/broadcast.
 */

export interface Platform {
  readonly name: string;
  /** What it brings lies in these; what lies elsewhere is the user's. */
  readonly schemas: readonly string[];
  /** Of the whole server, so that a proof on somebody's server makes none. */
  readonly roles: readonly string[];
  /** Settings of each session, by name. */
  readonly settings: Readonly<Record<string, string>>;
  /** After the roles. */
  readonly statements: readonly string[];
}

/** Roles that get privileges on everything by default. */
const roles = ["anon", "authenticated", "service_role", "authenticator", "dashboard_user", "supabase_admin", "supabase_auth_admin", "supabase_functions_admin", "supabase_realtime_admin", "supabase_storage_admin"];
export const platformRoles: ReadonlySet<string> = new Set(roles);

/** Extensions that a platform has created before the first migration. */
export const platformExtensions: ReadonlySet<string> = new Set(["pg_graphql", "pg_net", "pg_stat_statements", "pgcrypto", "pgjwt", "pgsodium", "supabase_vault", "uuid-ossp"]);

export function roleStatements({ roles }: Platform): readonly string[] {
  return roles.map((name) => `CREATE ROLE ${name}${name === "service_role" ? " BYPASSRLS" : ""}`);
}

/** The platform that the statements count on; undefined where they make the same themselves. */
export function wantedPlatform(statements: readonly string[]): Platform | undefined {
  let isWanted = false;
  for (const text of statements) {
    if (text.length > longest) continue;
    if (makesItself.test(text)) return undefined;
    isWanted ||= countsOn.test(text);
  }
  return isWanted ? supabase : undefined;
}

/** Characters; what is longer is data. */
const longest = 200_000;

/** Others have schemas and roles of these names as well, and create them: a service for identities, PostgREST without Supabase. */
const makesItself =
  /^(?:\s|--[^\n]*\n)*create\s+(?:schema\s+(?:if\s+not\s+exists\s+)?"?(?:auth|storage|realtime|vault)"?(?![\w$])|table\s+(?:if\s+not\s+exists\s+)?"?auth"?\.|role\s+"?(?:anon|authenticated|service_role)"?(?![\w$]))/i;
const countsOn =
  /"?\bauth"?\."?(?:users|identities|sessions)\b|"?\bauth"?\."?(?:uid|jwt|role|email)"?\s*\(|"?\bstorage"?\."?(?:buckets|objects)\b|"?\brealtime"?\."?(?:messages|send|topic|broadcast_changes)\b|"?\bvault"?\."?(?:secrets|decrypted_secrets|create_secret)\b|\bsupabase_(?:functions|realtime|vault|admin)\b|\b(?:to|from)\s+(?:"?(?:anon|authenticated)"?\s*,\s*)?"?(?:anon|authenticated|service_role)"?\s*(?:[,;]|$|using\b|with\b)|\bextension\s+(?:if\s+not\s+exists\s+)?"?(?:pg_graphql|pgsodium|supabase_vault)\b/i;

const schemas = ["auth", "extensions", "graphql", "graphql_public", "realtime", "storage", "supabase_functions", "vault"];

const supabase: Platform = {
  name: "Supabase",
  schemas,
  roles,
  settings: { search_path: '"$user", public, extensions' },
  statements: [
    ...schemas.map((name) => `CREATE SCHEMA ${name}`),
    "CREATE EXTENSION pgcrypto SCHEMA extensions",
    'CREATE EXTENSION "uuid-ossp" SCHEMA extensions',
    "GRANT USAGE ON SCHEMA public, auth, extensions, realtime, storage TO anon, authenticated, service_role",
    ...["TABLES", "SEQUENCES", "FUNCTIONS"].map((kind) => `ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON ${kind} TO anon, authenticated, service_role`),
    // auth
    `CREATE TABLE auth.users (
      instance_id uuid, id uuid PRIMARY KEY, aud varchar(255), role varchar(255), email varchar(255), encrypted_password varchar(255),
      email_confirmed_at timestamptz, invited_at timestamptz, confirmation_token varchar(255), confirmation_sent_at timestamptz,
      recovery_token varchar(255), recovery_sent_at timestamptz, email_change_token_new varchar(255), email_change varchar(255),
      email_change_sent_at timestamptz, last_sign_in_at timestamptz, raw_app_meta_data jsonb, raw_user_meta_data jsonb, is_super_admin boolean,
      created_at timestamptz, updated_at timestamptz, phone text UNIQUE, phone_confirmed_at timestamptz, phone_change text DEFAULT '',
      phone_change_token varchar(255) DEFAULT '', phone_change_sent_at timestamptz,
      confirmed_at timestamptz GENERATED ALWAYS AS (LEAST(email_confirmed_at, phone_confirmed_at)) STORED,
      email_change_token_current varchar(255) DEFAULT '', email_change_confirm_status smallint DEFAULT 0, banned_until timestamptz,
      reauthentication_token varchar(255) DEFAULT '', reauthentication_sent_at timestamptz, is_sso_user boolean NOT NULL DEFAULT false,
      deleted_at timestamptz, is_anonymous boolean NOT NULL DEFAULT false
    )`,
    "CREATE UNIQUE INDEX users_email_partial_key ON auth.users (email) WHERE is_sso_user = false",
    "CREATE TABLE auth.identities (provider_id text NOT NULL, user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE, identity_data jsonb NOT NULL, provider text NOT NULL, last_sign_in_at timestamptz, created_at timestamptz, updated_at timestamptz, email text GENERATED ALWAYS AS (lower(identity_data ->> 'email')) STORED, id uuid PRIMARY KEY DEFAULT gen_random_uuid(), UNIQUE (provider_id, provider))",
    "CREATE TABLE auth.sessions (id uuid PRIMARY KEY, user_id uuid NOT NULL REFERENCES auth.users ON DELETE CASCADE, created_at timestamptz, updated_at timestamptz, factor_id uuid, aal text, not_after timestamptz, refreshed_at timestamp, user_agent text, ip inet, tag text)",
    "CREATE TABLE auth.refresh_tokens (instance_id uuid, id bigserial PRIMARY KEY, token varchar(255) UNIQUE, user_id varchar(255), revoked boolean, created_at timestamptz, updated_at timestamptz, parent varchar(255), session_id uuid REFERENCES auth.sessions ON DELETE CASCADE)",
    "CREATE TABLE auth.audit_log_entries (instance_id uuid, id uuid PRIMARY KEY, payload json, created_at timestamptz, ip_address varchar(64) NOT NULL DEFAULT '')",
    "CREATE FUNCTION auth.jwt() RETURNS jsonb LANGUAGE sql STABLE AS $$ SELECT coalesce(nullif(current_setting('request.jwt.claim', true), ''), nullif(current_setting('request.jwt.claims', true), ''))::jsonb $$",
    ...[
      ["uid", "uuid", "sub"],
      ["role", "text", "role"],
      ["email", "text", "email"],
    ].map(([name, type, claim]) => `CREATE FUNCTION auth.${name}() RETURNS ${type} LANGUAGE sql STABLE AS $$ SELECT coalesce(nullif(current_setting('request.jwt.claim.${claim}', true), ''), nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> '${claim}')::${type} $$`),
    // Foreign keys of users find rows here.
    "INSERT INTO auth.users (id, aud, role, email, raw_app_meta_data, raw_user_meta_data, created_at, updated_at) SELECT ('00000000-0000-4000-8000-00000000000' || i)::uuid, 'authenticated', 'authenticated', 'user' || i || '@example.com', '{}', '{}', now(), now() FROM generate_series(1, 3) AS i",
    // storage
    "CREATE TABLE storage.buckets (id text PRIMARY KEY, name text NOT NULL UNIQUE, owner uuid, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(), public boolean DEFAULT false, avif_autodetection boolean DEFAULT false, file_size_limit bigint, allowed_mime_types text[], owner_id text)",
    "CREATE TABLE storage.objects (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), bucket_id text REFERENCES storage.buckets, name text, owner uuid, created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(), last_accessed_at timestamptz DEFAULT now(), metadata jsonb, path_tokens text[] GENERATED ALWAYS AS (string_to_array(name, '/')) STORED, version text, owner_id text, user_metadata jsonb, UNIQUE (bucket_id, name))",
    "ALTER TABLE storage.buckets ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY",
    "CREATE FUNCTION storage.foldername(name text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$ SELECT (string_to_array(name, '/'))[1 : array_length(string_to_array(name, '/'), 1) - 1] $$",
    "CREATE FUNCTION storage.filename(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT (string_to_array(name, '/'))[array_length(string_to_array(name, '/'), 1)] $$",
    "CREATE FUNCTION storage.extension(name text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT reverse(split_part(reverse(storage.filename(name)), '.', 1)) $$",
    // realtime
    "CREATE TABLE realtime.messages (topic text NOT NULL, extension text NOT NULL, payload jsonb, event text, private boolean DEFAULT false, updated_at timestamp NOT NULL DEFAULT now(), inserted_at timestamp NOT NULL DEFAULT now(), id uuid NOT NULL DEFAULT gen_random_uuid(), PRIMARY KEY (id, inserted_at)) PARTITION BY RANGE (inserted_at)",
    "CREATE TABLE realtime.messages_all PARTITION OF realtime.messages DEFAULT",
    "ALTER TABLE realtime.messages ENABLE ROW LEVEL SECURITY",
    "CREATE FUNCTION realtime.topic() RETURNS text LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('realtime.topic', true), '')::text $$",
    "CREATE FUNCTION realtime.send(payload jsonb, event text, topic text, private boolean DEFAULT true) RETURNS void LANGUAGE sql AS $$ INSERT INTO realtime.messages (payload, event, topic, private, extension) VALUES (payload, event, topic, private, 'broadcast') $$",
    `CREATE FUNCTION realtime.broadcast_changes(topic_name text, event_name text, operation text, table_name text, table_schema text, new record, old record, level text DEFAULT 'ROW') RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM realtime.send(jsonb_build_object('operation', operation, 'table', table_name, 'schema', table_schema, 'record', to_jsonb(new), 'old_record', to_jsonb(old)), event_name, topic_name);
    END $$`,
    "CREATE PUBLICATION supabase_realtime",
    // vault, and what database webhooks call
    "CREATE TABLE vault.secrets (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text, description text NOT NULL DEFAULT '', secret text NOT NULL, key_id uuid, nonce bytea, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz NOT NULL DEFAULT now())",
    "CREATE VIEW vault.decrypted_secrets AS SELECT id, name, description, secret, secret AS decrypted_secret, key_id, nonce, created_at, updated_at FROM vault.secrets",
    "CREATE FUNCTION vault.create_secret(new_secret text, new_name text DEFAULT NULL, new_description text DEFAULT '', new_key_id uuid DEFAULT NULL) RETURNS uuid LANGUAGE sql AS $$ INSERT INTO vault.secrets (secret, name, description, key_id) VALUES (new_secret, new_name, new_description, new_key_id) RETURNING id $$",
    "CREATE FUNCTION supabase_functions.http_request() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN new; END $$",
  ],
};
