/** What well-known extensions bring along that a schema may use: types, trigger functions, operator classes that are defaults. */

export interface KnownExtension {
  /** Base types, by the name a column would use. */
  readonly types: readonly string[];
  /** Extensions that CREATE EXTENSION … CASCADE creates first. */
  readonly requires: readonly string[];
  /** Functions that defaults and triggers use. */
  readonly routines: readonly string[];
  /** Operator classes that indexes name. */
  readonly operatorClasses: readonly string[];
  /** The schema it insists on. */
  readonly schema: string | undefined;
}

function known(what: { types?: string; requires?: string; routines?: string; operatorClasses?: string; schema?: string }): KnownExtension {
  const words = (text: string | undefined): string[] => text?.split(" ") ?? [];
  return {
    types: words(what.types),
    requires: words(what.requires),
    routines: words(what.routines),
    operatorClasses: words(what.operatorClasses),
    schema: what.schema,
  };
}

/** By name. */
export const knownExtensions: ReadonlyMap<string, KnownExtension> = new Map([
  ["age", known({ types: "agtype graphid", schema: "ag_catalog" })],
  ["autoinc", known({ routines: "autoinc" })],
  ["bloom", known({})],
  ["btree_gin", known({})],
  ["btree_gist", known({})],
  ["citext", known({ types: "citext" })],
  ["cube", known({ types: "cube" })],
  ["earthdistance", known({ types: "earth", requires: "cube" })],
  ["fuzzystrmatch", known({ routines: "soundex levenshtein metaphone dmetaphone daitch_mokotoff" })],
  ["h3", known({ types: "h3index" })],
  ["hstore", known({ types: "hstore" })],
  ["insert_username", known({ routines: "insert_username" })],
  ["intarray", known({ types: "query_int" })],
  ["ip4r", known({ types: "ip4 ip4r ip6 ip6r ipaddress iprange" })],
  ["isn", known({ types: "ean13 isbn13 ismn13 issn13 isbn ismn issn upc" })],
  ["lo", known({ types: "lo", routines: "lo_manage" })],
  ["ltree", known({ types: "ltree lquery ltxtquery" })],
  ["moddatetime", known({ routines: "moddatetime" })],
  ["pg_stat_statements", known({})],
  ["pg_trgm", known({ types: "gtrgm", operatorClasses: "gin_trgm_ops gist_trgm_ops" })],
  ["pg_uuidv7", known({ routines: "uuid_generate_v7" })],
  ["pgcrypto", known({ routines: "gen_random_bytes crypt gen_salt digest hmac" })],
  ["plpgsql", known({ schema: "pg_catalog" })],
  ["postgis", known({ types: "geometry geography box2d box3d box2df spheroid raster" })],
  ["postgis_raster", known({ types: "raster", requires: "postgis" })],
  ["postgis_topology", known({ types: "topogeometry", requires: "postgis", schema: "topology" })],
  ["prefix", known({ types: "prefix_range" })],
  ["refint", known({ routines: "check_primary_key check_foreign_key" })],
  ["seg", known({ types: "seg" })],
  ["semver", known({ types: "semver" })],
  ["tcn", known({ routines: "triggered_change_notification" })],
  ["unaccent", known({ routines: "unaccent" })],
  ["uuid-ossp", known({ routines: "uuid_generate_v1 uuid_generate_v1mc uuid_generate_v3 uuid_generate_v4 uuid_generate_v5 uuid_nil" })],
  ["vector", known({ types: "vector halfvec sparsevec" })],
]);
