-- Trigger functions that every table may use. All functions of a tenant live in its schema with a pinned search_path:
-- ending in pg_temp, so that a temporary table of the caller can never stand in for ours. A claim or a rename of the schema
-- re-issues the setting for each of them (ALTER FUNCTION ... SET search_path).

-- Clock time, not transaction time: two updates inside one transaction get two different values (ETags depend on it).
CREATE FUNCTION update_updated_at() RETURNS trigger LANGUAGE plpgsql
  SET search_path = {{schema}}, ext, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  NEW.updated_at := clock_timestamp();
  RETURN NEW;
END $$;

-- The audit stream. One statement writes its events with one INSERT, read from the transition tables.
-- Columns that only repeat others, count or hold secrets are left out of old_data and new_data; a row in which nothing else
-- changed makes no event. A statement that inserts more than 100 rows (imports) makes ONE event with the number and the ids:
-- nothing is lost, the first state of a row is its present one minus its later events.
-- Hash join always: under a generic plan a nested loop chosen for one row would be quadratic for ten thousand.
CREATE FUNCTION audit_changes() RETURNS trigger LANGUAGE plpgsql
  SET search_path = {{schema}}, ext, pg_temp SET plan_cache_mode = force_generic_plan SET enable_nestloop = off AS $$
DECLARE
  unaudited CONSTANT text[] := '{tenant_id,created_at,updated_at,change_id,changed_in,last_login_at,search_text,search_document,password_hash,token_hash,key_hash,secret,secrets,credentials,access_token,refresh_token}';
  actor jsonb := nullif(current_setting('app.actor', true), '')::jsonb;
  about jsonb := jsonb_strip_nulls(jsonb_build_object('via', actor -> 'via', 'request', actor -> 'request', 'role', actor -> 'role'));
  entity text := regexp_replace(TG_TABLE_NAME, '(?<=ie)s$|(?<!s)s$', '');
  many bigint;
BEGIN
  entity := CASE WHEN entity LIKE '%ie' THEN left(entity, -2) || 'y' ELSE entity END;
  IF TG_OP = 'INSERT' THEN
    SELECT count(*) INTO many FROM new_rows;
    IF many > 100 THEN
      INSERT INTO events (tenant_id, event_type, entity_type, user_id, action, metadata, ip_address, user_agent)
      SELECT n.tenant_id, entity || '.created', entity, (actor ->> 'user')::uuid, 'created',
             about || jsonb_build_object('rows', count(*), 'ids', jsonb_agg(n.id)), (actor ->> 'ip')::inet, actor ->> 'agent'
        FROM new_rows n GROUP BY n.tenant_id;
    ELSE
      INSERT INTO events (tenant_id, event_type, entity_type, entity_id, user_id, action, new_data, metadata, ip_address, user_agent)
      SELECT n.tenant_id, entity || '.created', entity, n.id, (actor ->> 'user')::uuid, 'created',
             to_jsonb(n) - unaudited, about, (actor ->> 'ip')::inet, actor ->> 'agent'
        FROM new_rows n;
    END IF;
  ELSIF TG_OP = 'UPDATE' THEN
    INSERT INTO events (tenant_id, event_type, entity_type, entity_id, user_id, action, old_data, new_data, metadata, ip_address, user_agent)
    SELECT n.tenant_id, entity || '.updated', entity, n.id, (actor ->> 'user')::uuid, 'updated',
           changed.before, changed.after, about, (actor ->> 'ip')::inet, actor ->> 'agent'
      FROM new_rows n JOIN old_rows o USING (id)
     CROSS JOIN LATERAL (
       SELECT jsonb_object_agg(key, b.value) AS before, jsonb_object_agg(key, a.value) AS after
         FROM jsonb_each(to_jsonb(o) - unaudited) b FULL JOIN jsonb_each(to_jsonb(n) - unaudited) a USING (key)
        WHERE a.value IS DISTINCT FROM b.value) changed
     WHERE changed.after IS NOT NULL;
  ELSE
    INSERT INTO events (tenant_id, event_type, entity_type, entity_id, user_id, action, old_data, metadata, ip_address, user_agent)
    SELECT o.tenant_id, entity || '.deleted', entity, o.id, (actor ->> 'user')::uuid, 'deleted',
           to_jsonb(o) - unaudited, about, (actor ->> 'ip')::inet, actor ->> 'agent'
      FROM old_rows o;
  END IF;
  RETURN NULL;
END $$;

-- The same for tables whose rows change all the time for a reason that is recorded elsewhere (a level by its movements, an
-- import by its progress): a row trigger whose WHEN names the columns that matter, so that the others cost nothing.
CREATE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql
  SET search_path = {{schema}}, ext, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  actor jsonb := nullif(current_setting('app.actor', true), '')::jsonb;
  entity text := TG_ARGV[0];
BEGIN
  INSERT INTO events (tenant_id, event_type, entity_type, entity_id, user_id, action, old_data, new_data, metadata, ip_address, user_agent)
  SELECT NEW.tenant_id, entity || '.updated', entity, NEW.id, (actor ->> 'user')::uuid, 'updated',
         jsonb_object_agg(key, b.value), jsonb_object_agg(key, a.value),
         jsonb_strip_nulls(jsonb_build_object('via', actor -> 'via', 'request', actor -> 'request', 'role', actor -> 'role')),
         (actor ->> 'ip')::inet, actor ->> 'agent'
    FROM jsonb_each(to_jsonb(OLD) - 'updated_at') b JOIN jsonb_each(to_jsonb(NEW) - 'updated_at') a USING (key)
   WHERE a.value IS DISTINCT FROM b.value
  HAVING count(*) > 0;
  RETURN NULL;
END $$;

-- Refuses a category that would become its own ancestor, and a tree deeper than the setting allows. AFTER the row, so that one
-- statement cannot slip two rows past it that name each other; the settings row is the lock that makes concurrent moves queue.
CREATE FUNCTION check_category_tree() RETURNS trigger LANGUAGE plpgsql
  SET search_path = {{schema}}, ext, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  deepest int;
  ancestor uuid := NEW.parent_id;
  depth int := 1;
BEGIN
  SELECT (value #>> '{}')::int INTO deepest FROM settings WHERE key = 'catalog.category_depth' FOR NO KEY UPDATE;
  WHILE ancestor IS NOT NULL LOOP
    depth := depth + 1;
    IF ancestor = NEW.id THEN
      RAISE EXCEPTION 'category % would be its own ancestor', NEW.code
        USING ERRCODE = 'check_violation', CONSTRAINT = 'categories_no_cycle', TABLE = 'categories', COLUMN = 'parent_id';
    ELSIF depth > coalesce(deepest, 10) THEN
      RAISE EXCEPTION 'category % would be deeper than % levels', NEW.code, coalesce(deepest, 10)
        USING ERRCODE = 'check_violation', CONSTRAINT = 'categories_max_depth', TABLE = 'categories', COLUMN = 'parent_id';
    END IF;
    SELECT parent_id INTO ancestor FROM categories WHERE id = ancestor;
  END LOOP;
  RETURN NULL;
END $$;

-- products.tax_rate is the rate in force today of the product's tax category (the tenant's default category when none is given).
CREATE FUNCTION set_product_tax_rate() RETURNS trigger LANGUAGE plpgsql
  SET search_path = {{schema}}, ext, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  IF NEW.tax_category_id IS NULL THEN
    SELECT id INTO NEW.tax_category_id FROM tax_categories WHERE is_default;
  END IF;
  SELECT rate INTO NEW.tax_rate FROM tax_rates
   WHERE tax_category_id = NEW.tax_category_id AND valid_from <= current_date ORDER BY valid_from DESC LIMIT 1;
  NEW.tax_rate := coalesce(NEW.tax_rate, 0);
  RETURN NEW;
END $$;

-- Brings products.tax_rate up to date after a rate was added or changed, and from a daily job when a future rate comes into force.
CREATE FUNCTION refresh_tax_rates() RETURNS bigint LANGUAGE plpgsql
  SET search_path = {{schema}}, ext, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  changed bigint;
BEGIN
  UPDATE products p SET tax_rate = t.rate
    FROM (SELECT DISTINCT ON (tax_category_id) tax_category_id, rate FROM tax_rates
           WHERE valid_from <= current_date ORDER BY tax_category_id, valid_from DESC) t
   WHERE p.tax_category_id = t.tax_category_id AND p.tax_rate <> t.rate;
  GET DIAGNOSTICS changed = ROW_COUNT;
  RETURN changed;
END $$;
GRANT EXECUTE ON FUNCTION refresh_tax_rates() TO {{role}};

CREATE FUNCTION tax_rates_changed() RETURNS trigger LANGUAGE plpgsql
  SET search_path = {{schema}}, ext, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  PERFORM refresh_tax_rates();
  RETURN NULL;
END $$;

-- product_barcodes holds every label, the main one (products.barcode) too: ONE unique index keeps two products from sharing a label,
-- wherever it stands, also when two requests meet. A label that is no longer the main one goes.
CREATE FUNCTION keep_main_barcodes() RETURNS trigger LANGUAGE plpgsql
  SET search_path = {{schema}}, ext, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  t uuid[]; p uuid[]; b text[]; s text[];
BEGIN
  IF TG_OP = 'INSERT' THEN
    SELECT array_agg(tenant_id), array_agg(id), array_agg(barcode), array_agg(barcode_status) INTO t, p, b, s
      FROM new_rows WHERE barcode IS NOT NULL;
  ELSE
    SELECT array_agg(id), array_agg(barcode) INTO p, b
      FROM (SELECT id, barcode FROM old_rows WHERE barcode IS NOT NULL EXCEPT SELECT id, barcode FROM new_rows) x;
    IF p IS NOT NULL THEN
      DELETE FROM product_barcodes l USING unnest(p, b) AS x (p, b) WHERE l.barcode = x.b AND l.product_id = x.p;
    END IF;
    SELECT array_agg(tenant_id), array_agg(id), array_agg(barcode), array_agg(barcode_status) INTO t, p, b, s
      FROM (SELECT tenant_id, id, barcode, barcode_status FROM new_rows WHERE barcode IS NOT NULL
            EXCEPT SELECT tenant_id, id, barcode, barcode_status FROM old_rows) x;
  END IF;
  IF p IS NOT NULL THEN
    INSERT INTO product_barcodes (tenant_id, product_id, barcode, barcode_status)
    SELECT x.t, x.p, x.b, x.s FROM unnest(t, p, b, s) AS x (t, p, b, s)
     WHERE NOT EXISTS (SELECT FROM product_barcodes l WHERE l.barcode = x.b AND l.product_id = x.p) ORDER BY x.b;
  END IF;
  RETURN NULL;
END $$;

-- Every store has its own gap-free invoice series from the start.
CREATE FUNCTION create_invoice_series() RETURNS trigger LANGUAGE plpgsql
  SET search_path = {{schema}}, ext, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  INSERT INTO invoice_series (tenant_id, store_id, document_type, series, prefix)
  SELECT tenant_id, id, 'invoice', 'A', code || '-A-' FROM new_rows
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;

-- After the first rows of an import: what has never been analyzed gets its statistics now, not a minute later by autovacuum. Until then
-- the planner takes the row policy for a filter that keeps one row in 200. Runs as the owner: ANALYZE is the owner's right.
CREATE FUNCTION refresh_statistics() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
  SET search_path = {{schema}}, ext, pg_temp AS $$
DECLARE
  t name;
  analyzed int := 0;
BEGIN
  FOR t IN
    SELECT c.relname FROM pg_class c JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
     WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = (current_schemas(false))[1]::text::regnamespace AND c.relkind = 'r' AND c.reltuples < 0 AND pg_relation_size(c.oid) > 0
  LOOP
    EXECUTE format('ANALYZE %I', t);
    analyzed := analyzed + 1;
  END LOOP;
  RETURN analyzed;
END $$;
GRANT EXECUTE ON FUNCTION refresh_statistics() TO {{role}};
