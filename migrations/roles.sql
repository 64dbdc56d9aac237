-- Run once for each database by its superuser, and again after an upgrade: every statement is idempotent.
-- In development start-up runs it by itself; for production `npx fluxion db roles` prints it. Placeholders: {{owner}} {{login}}
-- {{registry}} {{queue}} {{gate}} {{tenants}} (names carry the database, so that two databases of one cluster share no role).
DO $$
DECLARE r text;
BEGIN
  FOREACH r IN ARRAY ARRAY['{{owner}}', '{{login}}', '{{registry}}', '{{queue}}', '{{gate}}', '{{tenants}}'] LOOP
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN EXECUTE format('CREATE ROLE %I NOLOGIN', r); END IF;
  END LOOP;
END $$;
-- the owner of every schema: makes roles, is no superuser, so FORCE ROW LEVEL SECURITY binds it too
ALTER ROLE {{owner}} CREATEROLE NOSUPERUSER NOBYPASSRLS INHERIT;
-- the login of tenant traffic has no right of its own: only SET ROLE to a tenant's role
ALTER ROLE {{login}} NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEROLE;
GRANT {{tenants}} TO {{owner}} WITH ADMIN OPTION;
GRANT {{registry}}, {{queue}}, {{gate}} TO {{owner}};
DO $$ BEGIN
  EXECUTE format('REVOKE TEMPORARY, CONNECT ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT ON DATABASE %I TO {{owner}}, {{login}}, {{registry}}, {{queue}}', current_database());
  EXECUTE format('GRANT CREATE, TEMPORARY ON DATABASE %I TO {{owner}}', current_database());
END $$;
REVOKE ALL ON SCHEMA public FROM PUBLIC;

-- Nobody under a tenant's role may move a setting (set_config reaches another tenant), hold a lock that the queue takes
-- (one injected session lock blocks every tenant's enqueue), forge a notification, or keep large objects: those belong to no schema,
-- so no wall counts them and no deletion of a tenant finds them.
REVOKE EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO {{login}}, {{registry}}, {{queue}}, {{owner}};
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ '^pg_((try_)?advisory_|notify$)' LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
    EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO {{queue}}, {{registry}}, {{owner}}, {{gate}}', f);
  END LOOP;
END $$;
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ '^(lo_.*|loread|lowrite)$' LOOP
    EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', f);
  END LOOP;
END $$;
-- a default per schema cannot take away PUBLIC's EXECUTE: these are global to each role
ALTER DEFAULT PRIVILEGES FOR ROLE {{owner}} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE {{gate}} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE {{queue}} REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;

CREATE SCHEMA IF NOT EXISTS ext;
CREATE SCHEMA IF NOT EXISTS shared AUTHORIZATION {{owner}};
CREATE SCHEMA IF NOT EXISTS gate AUTHORIZATION {{owner}};
CREATE SCHEMA IF NOT EXISTS bullmq AUTHORIZATION {{queue}};
CREATE EXTENSION IF NOT EXISTS citext SCHEMA ext;
CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA ext;
CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA ext;
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'vector') THEN CREATE EXTENSION IF NOT EXISTS vector SCHEMA ext; END IF;
  -- TimescaleDB reads its internal schema under the caller's role: its users keep USAGE there, the public loses it,
  -- because grants propagate to chunks and row policies do not
  IF EXISTS (SELECT FROM pg_available_extensions WHERE name = 'timescaledb') AND position('timescaledb' IN current_setting('shared_preload_libraries')) > 0 THEN
    CREATE EXTENSION IF NOT EXISTS timescaledb;
    REVOKE USAGE ON SCHEMA _timescaledb_internal FROM PUBLIC;
    GRANT USAGE ON SCHEMA _timescaledb_internal TO {{owner}}, {{queue}}, {{registry}}, {{gate}}, {{tenants}};
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO {{owner}}', (SELECT n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'timescaledb'));
  END IF;
END $$;

-- RFC 9562 version 7: time-ordered keys keep indexes local; PostgreSQL 15 to 17 have none, and a movement's key is made from its business time
CREATE OR REPLACE FUNCTION ext.uuid_v7(at timestamptz) RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    PLACING substring(int8send((extract(epoch FROM at) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;
CREATE OR REPLACE FUNCTION ext.uuid_v7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
  SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;
-- the instant inside a version 7 key, to bound a look-up by id to one partition
CREATE OR REPLACE FUNCTION ext.uuid_v7_time(id uuid) RETURNS timestamptz LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT to_timestamp(('x0000' || substr(translate(id::text, '-', ''), 1, 12))::bit(64)::bigint / 1000.0)
$$;
-- unaccent() is only STABLE because its dictionary may be changed: this one names the dictionary, so an index may hold it
CREATE OR REPLACE FUNCTION ext.immutable_unaccent(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT ext.unaccent('ext.unaccent'::regdictionary, value)
$$;
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_ts_config WHERE cfgname = 'spanish_unaccent' AND cfgnamespace = 'ext'::regnamespace) THEN
    CREATE TEXT SEARCH CONFIGURATION ext.spanish_unaccent (COPY = pg_catalog.spanish);
    ALTER TEXT SEARCH CONFIGURATION ext.spanish_unaccent ALTER MAPPING FOR hword, hword_part, word WITH ext.unaccent, spanish_stem;
  END IF;
END $$;
GRANT USAGE ON SCHEMA ext TO {{tenants}}, {{owner}}, {{queue}}, {{registry}}, {{gate}};
GRANT USAGE ON SCHEMA gate TO {{tenants}}, {{queue}}, {{owner}}, {{registry}}, {{gate}};
GRANT USAGE ON SCHEMA shared TO {{gate}}, {{registry}}, {{queue}};
GRANT USAGE ON SCHEMA bullmq TO {{gate}};
COMMENT ON SCHEMA ext IS 'fluxion roles {{prefix}}';

-- Under row-level security an operator that is not LEAKPROOF may not use an index: e-mail look-ups and the product search would read
-- whole tables. What these could leak is a row of another tenant in the same table, and every schema holds one tenant's rows only.
DO $$
DECLARE f regprocedure;
BEGIN
  FOR f IN SELECT oid FROM pg_proc WHERE NOT proleakproof AND (
      pronamespace = 'ext'::regnamespace AND proname ~ '^(citext_(eq|ne|lt|le|gt|ge|cmp|hash)|(strict_)?(word_)?similarity_(commutator_)?op)$'
      OR pronamespace = 'pg_catalog'::regnamespace AND proname IN ('textlike', 'texticlike', 'ts_match_vq', 'ts_match_qv'))
  LOOP
    EXECUTE format('ALTER FUNCTION %s LEAKPROOF', f);
  END LOOP;
END $$;
