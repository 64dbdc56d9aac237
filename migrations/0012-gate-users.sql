-- People, keys and the tenant's own row: what a tenant's transaction may change in the registry, always for itself alone.
-- Who acts is read from app.actor, which a tenant's role cannot set: an injected statement gets no further than its user.

-- Every process forgets what it knows of a person, a session or a key within a second of a change, whoever makes it.
CREATE FUNCTION shared.notify_access() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_notify('fluxion_access', TG_ARGV[0] || ':' || (to_jsonb(OLD) ->> TG_ARGV[1]));
  RETURN NULL;
END $$;
CREATE TRIGGER tenant_users_notify AFTER UPDATE ON shared.tenant_users FOR EACH ROW
  WHEN ((OLD.tenant_id, OLD.role, OLD.is_active) IS DISTINCT FROM (NEW.tenant_id, NEW.role, NEW.is_active))
  EXECUTE FUNCTION shared.notify_access('user', 'id');
CREATE TRIGGER tenant_users_notify_delete AFTER DELETE ON shared.tenant_users FOR EACH ROW EXECUTE FUNCTION shared.notify_access('user', 'id');
CREATE TRIGGER sessions_notify AFTER UPDATE ON shared.sessions FOR EACH ROW
  WHEN (OLD.revoked_at IS DISTINCT FROM NEW.revoked_at) EXECUTE FUNCTION shared.notify_access('session', 'family_id');
CREATE TRIGGER sessions_notify_delete AFTER DELETE ON shared.sessions FOR EACH ROW
  WHEN (OLD.revoked_at IS NULL AND OLD.used_at IS NULL) EXECUTE FUNCTION shared.notify_access('session', 'family_id');
CREATE TRIGGER api_keys_notify AFTER UPDATE ON shared.api_keys FOR EACH ROW
  WHEN ((OLD.key_hash, OLD.user_id, OLD.role, OLD.scopes, OLD.store_ids, OLD.expires_at, OLD.revoked_at)
        IS DISTINCT FROM (NEW.key_hash, NEW.user_id, NEW.role, NEW.scopes, NEW.store_ids, NEW.expires_at, NEW.revoked_at))
  EXECUTE FUNCTION shared.notify_access('key', 'id');
CREATE TRIGGER api_keys_notify_delete AFTER DELETE ON shared.api_keys FOR EACH ROW EXECUTE FUNCTION shared.notify_access('key', 'id');

-- A tenant that works keeps one active administrator, whoever writes. The lock makes two who would demote each other queue.
CREATE FUNCTION shared.keep_an_admin() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (NEW.role, NEW.is_active, NEW.tenant_id) = ('admin', true, OLD.tenant_id) THEN RETURN NULL; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('admins/' || OLD.tenant_id, 0));
  IF EXISTS (SELECT FROM shared.tenants WHERE id = OLD.tenant_id AND status IN ('active', 'inactive', 'suspended'))
     AND NOT EXISTS (SELECT FROM shared.tenant_users WHERE tenant_id = OLD.tenant_id AND role = 'admin' AND is_active) THEN
    RAISE EXCEPTION 'tenant % would have no active administrator', OLD.tenant_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'tenant_users_last_admin', TABLE = 'tenant_users', COLUMN = 'role';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER tenant_users_keep_an_admin AFTER UPDATE OR DELETE ON shared.tenant_users FOR EACH ROW
  WHEN (OLD.role = 'admin' AND OLD.is_active) EXECUTE FUNCTION shared.keep_an_admin();

-- Who acts in the current statement; true: an administrator, or nobody in person (a job, a command, sign-up).
CREATE FUNCTION gate.is_admin() RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(a ->> 'role' = 'admin', false) OR a ->> 'user' IS NULL FROM (SELECT nullif(current_setting('app.actor', true), '')::jsonb AS a) AS s
$$;

-- Makes (p_id null) or changes one user: both halves in one statement of the caller's transaction. A key of p_changes that is absent
-- stays as it is, null is a value. Answers the id, or null when this tenant has no such user.
CREATE FUNCTION gate.save_user(p_id uuid, p_changes jsonb, p_password_hash text DEFAULT NULL, p_schema name DEFAULT NULL) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_tenant uuid := gate.tenant(p_schema);
  v_schema name := (SELECT schema_name FROM shared.tenants WHERE id = v_tenant);
  v_own CONSTANT text[] := '{full_name,username,avatar_url,timezone,preferences}';
  v_id uuid := p_id;
  v_active boolean;
BEGIN
  IF p_changes - (v_own || '{email,role,is_active,store_ids,permissions,settings}'::text[]) <> '{}' THEN
    RAISE EXCEPTION 'gate: unknown key in %', p_changes USING ERRCODE = '22023';
  END IF;
  IF NOT gate.is_admin() AND (current_setting('app.actor')::jsonb ->> 'user' IS DISTINCT FROM p_id::text OR p_changes - v_own <> '{}') THEN
    RAISE EXCEPTION 'gate: only an administrator changes other users, roles and e-mails' USING ERRCODE = '42501';
  END IF;
  IF p_id IS NULL THEN
    v_id := ext.uuid_v7();
    INSERT INTO shared.tenant_users (id, tenant_id, email, password_hash, full_name, role, is_active)
    SELECT v_id, v_tenant, n.email, p_password_hash, n.full_name, coalesce(n.role, 'user'), coalesce(n.is_active, true)
      FROM jsonb_populate_record(NULL::shared.tenant_users, p_changes) n;
    EXECUTE format('INSERT INTO %I.users (id, tenant_id, email, username, full_name, avatar_url, role, store_ids, permissions, preferences, settings, timezone, is_active)
      SELECT $1, $2, email, username, full_name, avatar_url, coalesce(role, ''user''), store_ids, coalesce(permissions, ''{}''), coalesce(preferences, ''{}''),
             coalesce(settings, ''{}''), timezone, coalesce(is_active, true)
        FROM jsonb_populate_record(NULL::%1$I.users, $3)', v_schema) USING v_id, v_tenant, p_changes;
    RETURN v_id;
  END IF;
  UPDATE shared.tenant_users u SET (email, full_name, role, is_active) =
    (SELECT n.email, n.full_name, n.role, n.is_active FROM jsonb_populate_record(u, p_changes) n)
   WHERE u.id = p_id AND u.tenant_id = v_tenant RETURNING u.is_active INTO v_active;
  IF NOT FOUND THEN RETURN NULL; END IF;
  EXECUTE format('UPDATE %I.users u SET (email, username, full_name, avatar_url, role, store_ids, permissions, preferences, settings, timezone, is_active) =
    (SELECT email, username, full_name, avatar_url, role, store_ids, permissions, preferences, settings, timezone, is_active FROM jsonb_populate_record(u, $2))
    WHERE id = $1', v_schema) USING p_id, p_changes;
  IF NOT v_active THEN
    UPDATE shared.sessions SET revoked_at = now(), revoked_reason = 'deactivated' WHERE user_id = p_id AND revoked_at IS NULL;
    UPDATE shared.api_keys SET revoked_at = now() WHERE user_id = p_id AND revoked_at IS NULL;
  END IF;
  PERFORM pg_notify('fluxion_access', 'user:' || p_id);
  RETURN p_id;
END $$;

-- A new password ends every session of its owner but the one named. Answers false when this tenant has no such user.
CREATE FUNCTION gate.set_password(p_id uuid, p_hash text, p_keep uuid DEFAULT NULL, p_schema name DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_tenant uuid := gate.tenant(p_schema);
BEGIN
  IF NOT gate.is_admin() AND current_setting('app.actor')::jsonb ->> 'user' IS DISTINCT FROM p_id::text THEN
    RAISE EXCEPTION 'gate: only an administrator changes the password of others' USING ERRCODE = '42501';
  END IF;
  UPDATE shared.tenant_users SET password_hash = p_hash, password_changed_at = now(), failed_logins = 0, locked_until = NULL
   WHERE id = p_id AND tenant_id = v_tenant;
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE shared.sessions SET revoked_at = now(), revoked_reason = 'password'
   WHERE user_id = p_id AND revoked_at IS NULL AND family_id IS DISTINCT FROM p_keep;
  RETURN true;
END $$;

-- A successful log-in of the user who acts, in both halves and in the audit stream.
CREATE FUNCTION gate.touch_login(p_schema name DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_tenant uuid := gate.tenant(p_schema);
  v_schema name := (SELECT schema_name FROM shared.tenants WHERE id = v_tenant);
  v_actor jsonb := current_setting('app.actor')::jsonb;
  v_at timestamptz := clock_timestamp();
BEGIN
  UPDATE shared.tenant_users SET last_login_at = v_at, failed_logins = 0, locked_until = NULL
   WHERE id = (v_actor ->> 'user')::uuid AND tenant_id = v_tenant;
  EXECUTE format('UPDATE %I.users SET last_login_at = $2 WHERE id = $1', v_schema) USING (v_actor ->> 'user')::uuid, v_at;
  EXECUTE format('INSERT INTO %I.events (tenant_id, event_type, entity_type, entity_id, user_id, action, metadata, ip_address, user_agent)
    VALUES ($1, ''user.logged_in'', ''user'', $2, $2, ''logged_in'', $3, $4, $5)', v_schema)
    USING v_tenant, (v_actor ->> 'user')::uuid, jsonb_strip_nulls(jsonb_build_object('via', v_actor -> 'via', 'request', v_actor -> 'request')),
      (v_actor ->> 'ip')::inet, v_actor ->> 'agent';
END $$;

-- A key stands for the person who makes it and ends with them; a key makes no key.
CREATE FUNCTION gate.create_api_key(p_key jsonb, p_hash bytea, p_schema name DEFAULT NULL) RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_tenant uuid := gate.tenant(p_schema);
  v_actor jsonb := current_setting('app.actor')::jsonb;
  v_id uuid := ext.uuid_v7();
BEGIN
  IF NOT gate.is_admin() OR v_actor ->> 'user' IS NULL OR v_actor ->> 'via' = 'api-key' THEN
    RAISE EXCEPTION 'gate: an administrator in person makes keys' USING ERRCODE = '42501';
  END IF;
  INSERT INTO shared.api_keys (id, tenant_id, user_id, name, prefix, key_hash, role, scopes, store_ids, created_by, expires_at)
  SELECT v_id, v_tenant, (v_actor ->> 'user')::uuid, n.name, n.prefix, p_hash, n.role, coalesce(n.scopes, '{}'), n.store_ids, (v_actor ->> 'user')::uuid, n.expires_at
    FROM jsonb_populate_record(NULL::shared.api_keys, p_key) n;
  RETURN v_id;
END $$;

-- Answers false when this tenant has no such key that still works.
CREATE FUNCTION gate.revoke_api_key(p_id uuid, p_schema name DEFAULT NULL) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_tenant uuid := gate.tenant(p_schema);
BEGIN
  IF NOT gate.is_admin() THEN RAISE EXCEPTION 'gate: only an administrator revokes keys' USING ERRCODE = '42501'; END IF;
  UPDATE shared.api_keys SET revoked_at = now() WHERE id = p_id AND tenant_id = v_tenant AND revoked_at IS NULL;
  RETURN FOUND;
END $$;

-- The tenant's own keys, without their hashes.
CREATE FUNCTION gate.api_keys(p_schema name DEFAULT NULL) RETURNS TABLE (id uuid, name text, prefix text, role text, scopes text[], store_ids uuid[],
  user_id uuid, created_at timestamptz, expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT k.id, k.name, k.prefix, k.role, k.scopes, k.store_ids, k.user_id, k.created_at, k.expires_at, k.revoked_at, k.last_used_at
    FROM shared.api_keys k WHERE k.tenant_id = gate.tenant(p_schema) AND gate.is_admin()
$$;

-- The tenant's own row of the registry. p_lock holds it until the transaction ends.
CREATE FUNCTION gate.own_tenant(p_lock boolean DEFAULT false, p_schema name DEFAULT NULL) RETURNS TABLE (id uuid, slug text, name text, status text,
  plan text, settings jsonb, created_at timestamptz, updated_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_tenant uuid := gate.tenant(p_schema);
BEGIN
  IF p_lock THEN PERFORM FROM shared.tenants t WHERE t.id = v_tenant FOR NO KEY UPDATE; END IF;
  RETURN QUERY SELECT t.id, t.slug, t.name, t.status, t.plan, t.settings, t.created_at, t.updated_at FROM shared.tenants t WHERE t.id = v_tenant;
END $$;

-- Name and settings of the tenant; p_settings is merged into what is there.
CREATE FUNCTION gate.save_tenant(p_name text, p_settings jsonb, p_schema name DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_tenant uuid := gate.tenant(p_schema);
BEGIN
  IF NOT gate.is_admin() THEN RAISE EXCEPTION 'gate: only an administrator changes the tenant' USING ERRCODE = '42501'; END IF;
  UPDATE shared.tenants SET name = coalesce(p_name, name), settings = settings || coalesce(p_settings, '{}') WHERE id = v_tenant;
END $$;

DO $$
DECLARE f regprocedure;
BEGIN
  GRANT CREATE ON SCHEMA gate TO {{gate}};
  FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'gate'::regnamespace
            AND proname IN ('is_admin', 'save_user', 'set_password', 'touch_login', 'create_api_key', 'revoke_api_key', 'api_keys', 'own_tenant', 'save_tenant') LOOP
    EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    IF f::text !~ '^gate\.is_admin\(' THEN EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {{tenants}}', f); END IF;
    EXECUTE format('ALTER FUNCTION %s OWNER TO {{gate}}', f);
  END LOOP;
  REVOKE CREATE ON SCHEMA gate FROM {{gate}};
END $$;
GRANT INSERT ON shared.api_keys TO {{gate}};
GRANT UPDATE (name, settings) ON shared.tenants TO {{gate}};
REVOKE ALL ON FUNCTION shared.notify_access(), shared.keep_an_admin() FROM PUBLIC;
