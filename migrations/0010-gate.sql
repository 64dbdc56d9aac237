-- The only way from a tenant's transaction into schemas shared and bullmq. Every function here is SECURITY DEFINER with a pinned
-- search_path that ends in pg_temp, and is listed in docs/security.md. A tenant's role IS the tenant; the schema name that a
-- trigger passes (TG_TABLE_SCHEMA) is believed only above the walls.

CREATE FUNCTION gate.tenant(p_schema name) RETURNS uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_role name := current_setting('role');
  v_id uuid;
BEGIN
  SELECT id INTO v_id FROM shared.tenants WHERE role_name = v_role;
  IF v_id IS NULL AND pg_has_role(CASE v_role WHEN 'none' THEN session_user ELSE v_role END, '{{owner}}', 'MEMBER') THEN
    SELECT id INTO v_id FROM shared.tenants WHERE schema_name = p_schema;
  END IF;
  IF v_id IS NULL THEN
    RAISE EXCEPTION 'gate: no tenant for role %', v_role USING ERRCODE = '42501';
  END IF;
  RETURN v_id;
END $$;

-- Version 4 and 7 ids are random and kept. Any other text is a cause: it becomes a version 8 uuid in the tenant's own name
-- space, so that no tenant can take the id that another tenant's job will have.
CREATE FUNCTION gate.job_id(p_tenant uuid, p_queue text, p_id text) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF coalesce(p_id, '') = '' THEN RETURN ext.uuid_v7(); END IF;
  IF p_id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-[47][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' THEN RETURN p_id; END IF;
  RETURN overlay(overlay(md5(p_tenant || '/' || p_queue || '/' || p_id) PLACING '8' FROM 13 FOR 1) PLACING '8' FROM 17 FOR 1)::uuid;
END $$;

-- One cleaned entry in the form of bullmq.add_flow: the tenant is forced into the data, names and options outside the list are refused.
CREATE FUNCTION gate.job_entry(p_tenant uuid, p_entry jsonb) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_opts jsonb := coalesce(p_entry -> 'opts', '{}');
  v_data jsonb := coalesce((p_entry ->> 'data')::jsonb, '{}');
  v_id text := gate.job_id(p_tenant, p_entry ->> 'queue', p_entry ->> 'id');
  v_other jsonb := v_opts - '{jobId,attempts,backoff,delay,priority,removeOnComplete,removeOnFail,timestamp,parent,tm}'::text[];
BEGIN
  IF NOT EXISTS (SELECT FROM shared.job_names n WHERE n.queue = p_entry ->> 'queue' AND n.name = p_entry ->> 'name') THEN
    RAISE EXCEPTION 'gate: job % in queue % is not for tenants', p_entry ->> 'name', p_entry ->> 'queue' USING ERRCODE = '42501';
  END IF;
  IF jsonb_typeof(v_data) <> 'object' OR jsonb_typeof(v_opts) <> 'object' THEN
    RAISE EXCEPTION 'gate: data and opts must be objects' USING ERRCODE = '22023';
  END IF;
  IF v_other <> '{}' OR coalesce(p_entry ->> 'dedupId', p_entry ->> 'schedulerId') IS NOT NULL OR coalesce((p_entry ->> 'lifo')::boolean, false)
     OR jsonb_typeof(coalesce(v_opts -> 'removeOnComplete', 'true')) <> 'boolean' OR jsonb_typeof(coalesce(v_opts -> 'removeOnFail', 'true')) <> 'boolean'
     OR coalesce((p_entry ->> 'attempts')::int, 0) NOT BETWEEN 0 AND 20 OR coalesce((p_entry ->> 'delay')::bigint, 0) NOT BETWEEN 0 AND 34560000000 THEN
    RAISE EXCEPTION 'gate: option not for tenants (%)', coalesce(nullif(v_other, '{}')::text, 'dedup, scheduler, lifo, keep, attempts or delay')
      USING ERRCODE = '42501';
  END IF;
  RETURN jsonb_build_object('queue', p_entry -> 'queue', 'id', v_id, 'name', p_entry -> 'name', 'data', v_data || jsonb_build_object('tenant', p_tenant),
    'opts', v_opts - 'parent' || jsonb_build_object('jobId', v_id), 'priority', coalesce(p_entry -> 'priority', '0'),
    'delay', coalesce(p_entry -> 'delay', '0'), 'attempts', coalesce(p_entry -> 'attempts', '1'),
    'timestamp', (extract(epoch FROM clock_timestamp()) * 1000)::bigint, 'lifo', false,
    'addToWaitingChildren', coalesce(p_entry -> 'addToWaitingChildren', 'false'));
END $$;

-- Puts one cleaned entry where this installation keeps its jobs: BullMQ's tables, or the outbox that a relay moves to Redis.
CREATE FUNCTION gate.put_job(p_tenant uuid, p_entry jsonb) RETURNS text
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF (SELECT value #>> '{}' FROM shared.system_config WHERE key = 'queue_backend') = 'redis' THEN
    INSERT INTO shared.outbox (id, tenant_id, kind, type, payload) VALUES ((p_entry ->> 'id')::uuid, p_tenant, 'job', p_entry ->> 'name', p_entry)
      ON CONFLICT (id) DO NOTHING;
    PERFORM pg_notify('fluxion_outbox', '');
    RETURN p_entry ->> 'id';
  END IF;
  RETURN bullmq.add_job(p_entry ->> 'queue', p_entry ->> 'id', p_entry ->> 'name', p_entry -> 'data', p_entry -> 'opts',
    (p_entry ->> 'priority')::int, (p_entry ->> 'delay')::bigint, (p_entry ->> 'timestamp')::bigint, (p_entry ->> 'attempts')::int,
    NULL, NULL, NULL, NULL, NULL, false);
END $$;

-- BullMQ's signature, so that Queue.add() of a tenant's transaction needs no other change than the schema.
CREATE FUNCTION gate.add_job(p_queue text, p_id text, p_name text, p_data jsonb, p_opts jsonb, p_priority int, p_delay bigint, p_timestamp bigint,
  p_max_attempts int, p_parent_queue text, p_parent_id text, p_parent_key text, p_dedup_id text, p_scheduler_id text, p_lifo boolean,
  p_schema name DEFAULT NULL) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_tenant uuid := gate.tenant(p_schema);
BEGIN
  IF p_parent_id IS NOT NULL THEN RAISE EXCEPTION 'gate: a parent only inside one flow' USING ERRCODE = '42501'; END IF;
  RETURN gate.put_job(v_tenant, gate.job_entry(v_tenant, jsonb_build_object('queue', p_queue, 'id', p_id, 'name', p_name, 'data', p_data, 'opts', p_opts,
    'priority', p_priority, 'delay', p_delay, 'attempts', p_max_attempts, 'dedupId', p_dedup_id, 'schedulerId', p_scheduler_id, 'lifo', p_lifo)));
END $$;

-- Bulk goes here too: bullmq.add_jobs_bulk makes a sequence and temporary tables in the caller's transaction.
CREATE FUNCTION gate.add_flow(p_entries jsonb, p_schema name DEFAULT NULL) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_tenant uuid := gate.tenant(p_schema);
  v_entry jsonb; v_clean jsonb; v_done jsonb := '[]'; v_seen text[] := '{}'; v_parent text;
BEGIN
  IF jsonb_typeof(p_entries) <> 'array' OR jsonb_array_length(p_entries) > 1000 THEN
    RAISE EXCEPTION 'gate: 1000 jobs at most' USING ERRCODE = '22023';
  END IF;
  FOR v_entry IN SELECT value FROM jsonb_array_elements(p_entries) LOOP
    v_clean := gate.job_entry(v_tenant, v_entry);
    IF v_entry ->> 'parentId' IS NOT NULL THEN
      v_parent := gate.job_id(v_tenant, v_entry ->> 'parentQueue', v_entry ->> 'parentId');
      IF (v_entry ->> 'parentQueue') || ':' || v_parent <> ALL (v_seen) THEN
        RAISE EXCEPTION 'gate: the parent is not in this flow' USING ERRCODE = '42501';
      END IF;
      v_clean := v_clean || jsonb_build_object('parentQueue', v_entry -> 'parentQueue', 'parentId', v_parent,
        'parentKey', (v_entry ->> 'parentQueue') || ':' || v_parent);
    END IF;
    v_seen := v_seen || ((v_clean ->> 'queue') || ':' || (v_clean ->> 'id'));
    v_done := v_done || v_clean;
  END LOOP;
  IF (SELECT value #>> '{}' FROM shared.system_config WHERE key = 'queue_backend') = 'redis' THEN
    IF v_parent IS NOT NULL THEN -- parents and children reach Redis in one piece
      INSERT INTO shared.outbox (id, tenant_id, kind, type, payload)
        VALUES ((v_done #>> '{0,id}')::uuid, v_tenant, 'job', v_done #>> '{0,name}', v_done) ON CONFLICT (id) DO NOTHING;
      PERFORM pg_notify('fluxion_outbox', '');
      RETURN QUERY SELECT value ->> 'id' FROM jsonb_array_elements(v_done);
    ELSE
      RETURN QUERY SELECT gate.put_job(v_tenant, value) FROM jsonb_array_elements(v_done);
    END IF;
  ELSE
    RETURN QUERY SELECT * FROM bullmq.add_flow(v_done);
  END IF;
END $$;

-- Products whose stock went strictly below, or back to, their reorder point: one job for each 500 pairs of one statement.
CREATE FUNCTION gate.note_pairs(p_name text, p_products uuid[], p_stores uuid[], p_schema name) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_tenant uuid := gate.tenant(p_schema); i int;
BEGIN
  FOR i IN 1 .. coalesce(cardinality(p_products), 0) BY 500 LOOP
    PERFORM gate.put_job(v_tenant, jsonb_build_object('queue', 'alerts', 'id', ext.uuid_v7(), 'name', p_name,
      'data', jsonb_build_object('tenant', v_tenant, 'products', p_products[i:i+499], 'stores', p_stores[i:i+499]),
      'opts', jsonb_build_object('attempts', 20, 'removeOnComplete', true, 'backoff', jsonb_build_object('type', 'exponential', 'delay', 200)),
      'priority', 0, 'delay', 0, 'attempts', 20, 'timestamp', (extract(epoch FROM clock_timestamp()) * 1000)::bigint));
  END LOOP;
END $$;
CREATE FUNCTION gate.note_crossings(p_products uuid[], p_stores uuid[], p_schema name) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT gate.note_pairs('stock.crossed', p_products, p_stores, p_schema) $$;
CREATE FUNCTION gate.note_recoveries(p_products uuid[], p_stores uuid[], p_schema name) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT gate.note_pairs('stock.recovered', p_products, p_stores, p_schema) $$;

-- A domain event, committed with its cause; the relay enqueues in batches (an enqueue takes the cluster-wide NOTIFY lock at commit).
CREATE FUNCTION gate.note_event(p_type text, p_payload jsonb, p_schema name DEFAULT NULL) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_id uuid := ext.uuid_v7();
BEGIN
  INSERT INTO shared.outbox (id, tenant_id, kind, type, payload) VALUES (v_id, gate.tenant(p_schema), 'event', p_type, p_payload);
  RETURN v_id;
END $$;

-- One request with a key at a time: false while another transaction of this tenant holds it. Ends with the transaction.
CREATE FUNCTION gate.try_key_lock(p_key text, p_schema name DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  -- a tenant's role is the tenant: no look-up
  RETURN pg_try_advisory_xact_lock(hashtextextended(concat_ws('/', current_setting('role'), p_schema, p_key), 0));
END $$;

GRANT EXECUTE ON FUNCTION gate.tenant(name) TO {{queue}};
DO $$
DECLARE f regprocedure;
BEGIN
  GRANT CREATE ON SCHEMA gate TO {{queue}}, {{gate}};
  FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'gate'::regnamespace LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    -- helpers trust what they are given: the queue role alone may call them
    IF f::text !~ '^gate\.(tenant|job_id|job_entry|put_job|note_pairs)\(' THEN
      EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {{tenants}}', f);
    END IF;
    EXECUTE format('ALTER FUNCTION %s OWNER TO %I', f, CASE WHEN f::text ~ '^gate\.(tenant|try_key_lock)\(' THEN '{{gate}}' ELSE '{{queue}}' END);
  END LOOP;
  REVOKE CREATE ON SCHEMA gate FROM {{queue}}, {{gate}};
END $$;
GRANT SELECT ON shared.tenants TO {{gate}}, {{queue}};
GRANT SELECT ON shared.job_names, shared.system_config TO {{queue}};
GRANT SELECT, INSERT, UPDATE, DELETE ON shared.outbox TO {{queue}};
