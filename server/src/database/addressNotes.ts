/** What an address says that has no effect here, or another one than it seems: a person should hear of it once. */
import { isLocalHost } from "./environment.ts";

/** Have their effect in address.ts. */
const heeded: ReadonlySet<string> = new Set(["host", "port", "user", "password", "dbname", "sslmode", "sslrootcert", "sslcert", "sslkey", "sslaccept", "ssl", "schema", "pgbouncer"]);

/** Change nothing that anybody would notice here: one short connection at a time, named after this product. */
const harmless: ReadonlySet<string> = new Set(
  "connection_limit pool_timeout connect_timeout socket_timeout max_idle_connection_lifetime max_connection_lifetime single_use_connections statement_cache_size application_name fallback_application_name channel_binding gssencmode keepalives keepalives_idle keepalives_interval keepalives_count tcp_user_timeout connectTimeout loginTimeout ApplicationName sslsni ssl_min_protocol_version load_balance_hosts require_auth passfile uselibpqcompat".split(" "),
);

const effects: Readonly<Record<string, string>> = {
  options: "“options” is not passed on: poolers refuse it. What it sets does not hold here.",
  target_session_attrs: "“target_session_attrs” has no effect: the one host is taken as it is.",
  sslidentity: "“sslidentity” (PKCS 12) is not read. Give the client's certificate in PEM form as sslcert and sslkey.",
  sslpassword: "“sslpassword” is not read: the key in sslkey must stand in its file in the clear.",
  search_path: "“search_path” has no effect: every schema is read.",
  currentSchema: "“currentSchema” has no effect: every schema is read.",
  service: "“service” is not read: give host, port, user and database.",
};

const sslmodes: ReadonlySet<string> = new Set(["disable", "allow", "prefer", "require", "verify-ca", "verify-full", "no-verify"]);

/** Whole sentences. */
export function addressNotes(parameters: URLSearchParams, host: string): readonly string[] {
  const notes: string[] = [];
  for (const name of new Set(parameters.keys())) {
    const effect = effects[name];
    if (effect !== undefined) notes.push(effect);
    else if (!heeded.has(name) && !harmless.has(name)) notes.push(`“${shown(name)}” is no parameter that is known here: it has no effect.`);
  }
  const sslmode = parameters.get("sslmode");
  if (sslmode !== null && !sslmodes.has(sslmode)) notes.push(`sslmode=${shown(sslmode)} does not exist: the server's certificate is checked in full.`);
  else if (!isLocalHost(host) && ["allow", "prefer", "require"].includes(sslmode ?? "")) {
    notes.push(`sslmode=${sslmode ?? ""} would leave the server's certificate unchecked: here it is checked.`);
  }
  if (parameters.has("sslcert") && !parameters.has("sslkey")) notes.push("sslcert stands without sslkey: it is taken as Prisma takes it, for the authority's certificate.");
  return notes;
}

/** What somebody mistyped may be long, or be a secret that ended up in the wrong place. */
function shown(text: string): string {
  return /^[\w.-]{1,40}$/.test(text) ? text : "…";
}
