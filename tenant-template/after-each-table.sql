-- Applied after the numbered files, and again after every later migration of a tenant: brings each table of the schema that lacks
-- them its updated_at trigger, audit triggers, forced row-level security and grants, so that none can forget them. It changes nothing
-- where they exist already. Partitions and chunks live in the chunk schema and get theirs where they are made.
-- The row rule names the one tenant as a constant, for its role and for those that act in its stead: by a setting, every table of a statement
-- adds a sub-plan (docs/adr/0009). FORCE binds the owner too.
DO $after$
DECLARE
  -- only added to: no UPDATE or DELETE for the tenant, no audit (they are records themselves)
  ledgers CONSTANT text[] := '{inventory_movements,events}';
  -- written in bulk by machines, or records themselves: not audited
  unaudited CONSTANT text[] := '{inventory_movements,events,forecasts,forecast_runs,forecast_batches,forecast_knowledge,forecast_series,calendar_changes,import_errors,import_chunks,idempotency_keys,calendar_days,reorder_suggestions}';
  -- the row is explained by its parent's event: only later changes are audited
  details CONSTANT text[] := '{sale_items,sale_payments,goods_receipt_items}';
  -- audited by a row trigger that looks at some columns only
  by_row CONSTANT text[] := '{inventory,imports,invoice_series}';
  -- never deleted while the tenant lives
  kept CONSTANT text[] := '{inventory,sales,sale_items,sale_payments,goods_receipts,goods_receipt_items,invoice_series}';
  -- written by functions of the gate alone; a person's own preferences aside
  gated CONSTANT text[] := '{users}';
  own CONSTANT text := $p$tenant_id = '{{id}}'$p$;
  t name;
  kind "char";
BEGIN
  FOR t, kind IN
    SELECT c.relname, c.relkind FROM pg_class c
     WHERE c.relnamespace = '{{schema}}'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
       AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'tenant_isolation_policy')
     ORDER BY c.relname
  LOOP
    EXECUTE format('ALTER TABLE {{schema}}.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE {{schema}}.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY tenant_isolation_policy ON {{schema}}.%I FOR ALL TO {{role}}, {{owner}}, {{gate}} USING (%s) WITH CHECK (%s)', t, own, own);
    IF current_setting('server_version_num')::int >= 180000 THEN
      -- Every row has the same tenant_id, but a planner without statistics takes the policy for one row in 200: a new tenant's first
      -- import would get nested loops over thousands of rows. Older servers learn it from refresh_statistics or autovacuum.
      PERFORM pg_restore_attribute_stats('schemaname', '{{schema}}'::text, 'relname', t::text, 'attname', 'tenant_id'::text, 'inherited', kind = 'p',
        'null_frac', 0::real, 'avg_width', 16, 'n_distinct', 1::real);
    END IF;
    IF t = ANY (gated) THEN
      EXECUTE format('GRANT SELECT, UPDATE (preferences) ON {{schema}}.%I TO {{role}}', t);
    ELSE
      EXECUTE format('GRANT SELECT, INSERT%s%s ON {{schema}}.%I TO {{role}}',
        CASE WHEN t <> ALL (ledgers) THEN ', UPDATE' END, CASE WHEN t <> ALL (ledgers || kept) THEN ', DELETE' END, t);
    END IF;

    IF EXISTS (SELECT FROM pg_attribute WHERE attrelid = format('{{schema}}.%I', t)::regclass AND attname = 'updated_at')
       AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = format('{{schema}}.%I', t)::regclass AND tgname = 'update_updated_at_trigger') THEN
      -- a statement that sets updated_at itself (the movement trigger) need not pay for a call
      EXECUTE format('CREATE TRIGGER update_updated_at_trigger BEFORE UPDATE ON {{schema}}.%I FOR EACH ROW
        WHEN (NEW.updated_at = OLD.updated_at) EXECUTE FUNCTION {{schema}}.update_updated_at()', t);
    END IF;

    CONTINUE WHEN t = ANY (unaudited || by_row);
    IF t <> ALL (details) THEN
      EXECUTE format('CREATE TRIGGER audit_insert_trigger AFTER INSERT ON {{schema}}.%I
        REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {{schema}}.audit_changes()', t);
    END IF;
    EXECUTE format('CREATE TRIGGER audit_update_trigger AFTER UPDATE ON {{schema}}.%I
      REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION {{schema}}.audit_changes()', t);
    EXECUTE format('CREATE TRIGGER audit_delete_trigger AFTER DELETE ON {{schema}}.%I
      REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION {{schema}}.audit_changes()', t);
  END LOOP;
END $after$;
