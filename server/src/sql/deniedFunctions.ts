/**
 * Functions of PostgreSQL and of well-known extensions that no plan is asked for: they act on the server, on other
 * sessions, on files or on other servers, run a text as a query, or leave something behind that a rollback keeps.
 * https://www.postgresql.org/docs/18/functions-admin.html
 */

/** By name, in any schema: a harmless function of such a name is refused as well. */
export function deniedFunction(name: string): boolean {
  return pattern.test(name);
}

/** As a POSIX regular expression, for a search in the definitions of views. */
export const deniedFunctionsPattern = [
  // Other sessions and the server.
  "pg_terminate_backend|pg_cancel_backend|pg_reload_conf|pg_rotate_logfile\\w*|pg_promote|pg_log_\\w+|pg_sleep\\w*|set_config",
  // The write-ahead log, backups, replication.
  "pg_switch_wal|pg_create_\\w+|pg_drop_\\w+|pg_copy_\\w+|pg_backup_\\w+|pg_start_backup|pg_stop_backup|pg_wal_replay_\\w+|pg_logical_\\w+|pg_replication_\\w+|pg_sync_\\w+|pg_export_snapshot",
  // Files.
  "pg_read_\\w+|pg_stat_file|pg_ls_\\w+|pg_file_\\w+|pg_current_logfile|lo_\\w+|lo(?:read|write|_from_bytea)|be_lo_\\w+",
  // What outlives a rollback.
  "pg_advisory_\\w+|pg_try_advisory_\\w+|pg_notify|setval|pg_stat_reset\\w*|pg_stat_statements_reset|pg_stat_force_\\w+|pg_stat_clear_\\w+|pg_prewarm|autoprewarm\\w*|pg_buffercache_evict\\w*|pg_restore_\\w+|pg_clear_\\w+|txid_current|pg_current_xact_id|setseed",
  // A text run as a query, here or elsewhere.
  "dblink\\w*|query_to_xml\\w*|cursor_to_xml\\w*|table_to_xml\\w*|schema_to_xml\\w*|database_to_xml\\w*|ts_stat|ts_rewrite|crosstab\\w*|connectby|xpath_table|postgres_fdw_\\w+|http\\w*|plv8_\\w+|cron\\w*",
  // Maintenance, and what only PostgreSQL itself is to call.
  "brin_(?:de)?summarize\\w+|gin_clean_pending_list|binary_upgrade_\\w+|pg_nextoid|pg_stop_making_pinned_objects|pg_import_system_collations|pg_truncate_\\w+|heap_force_\\w+|pg_extension_config_dump|amvalidate|pg_get_wal_\\w+",
].join("|");

const pattern = new RegExp(`^(?:${deniedFunctionsPattern})$`, "i");
