/**
 * Questions about a database that rules answer from texts, asked of its catalog by queries that share nothing with the
 * product: the truth that findings are held to.
 */

/** Each gives one column of subjects, as findings have them. */
export const truthQueries = {
  /**
   * Columns of primary keys that end before bigint does: integers and numbered smallints. Not those that are another
   * table's key too, nor positions that nothing numbers in a key of several columns.
   */
  "prefer-bigint-key": `
    SELECT format('%s.%s(%s)', namespace.nspname, class.relname, attribute.attname) AS subject
    FROM pg_index AS index
    JOIN pg_class AS class ON class.oid = index.indrelid
    JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
    JOIN pg_attribute AS attribute
      ON attribute.attrelid = class.oid AND attribute.attnum = ANY ((index.indkey::int2[])[0:index.indnkeyatts - 1])
    LEFT JOIN pg_attrdef AS value ON value.adrelid = class.oid AND value.adnum = attribute.attnum
    CROSS JOIN LATERAL (
      SELECT attribute.attidentity <> '' OR coalesce(pg_get_expr(value.adbin, value.adrelid) LIKE 'nextval(%', false) AS is_numbered
    ) AS generation
    WHERE index.indisprimary
      AND NOT class.relispartition
      AND namespace.nspname NOT IN ('pg_catalog', 'information_schema')
      AND (
        (attribute.atttypid IN ('int2'::regtype, 'int4'::regtype) AND is_numbered)
        OR (attribute.atttypid = 'int4'::regtype AND index.indnkeyatts = 1)
      )
      AND NOT EXISTS (
        SELECT FROM pg_constraint
        WHERE contype = 'f' AND conrelid = class.oid AND attribute.attnum = ANY (conkey)
      )
      AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = class.oid AND deptype = 'e')`,
} as const satisfies Readonly<Record<string, string>>;

export type TruthQuery = keyof typeof truthQueries;
