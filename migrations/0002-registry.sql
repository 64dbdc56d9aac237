-- The registry: tenants, their plans, and what is known of their schemas. No tenant role reaches this schema; the gate does.

CREATE TABLE shared.system_config (
  key text PRIMARY KEY,
  value jsonb NOT NULL,
  description text,
  is_sensitive boolean NOT NULL DEFAULT false,
  updated_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO shared.system_config (key, value, description) VALUES
  ('ollama_base_url', '"http://localhost:11434"', 'base address of the Ollama API'),
  ('default_model', '"llama2"', 'language model where none is chosen'),
  ('max_conversation_history', '100', 'messages of a conversation that are kept in view'),
  ('file_upload_max_size', '104857600', 'largest upload in bytes (100 MB)'),
  ('session_timeout', '3600', 'seconds until a session ends'),
  ('enable_audit_logging', 'true', 'whether changes are audited'),
  ('max_concurrent_tasks', '10', 'tasks that one user may run at the same time'),
  ('queue_backend', '"postgres"', 'where jobs are kept: postgres or redis');

CREATE TABLE shared.plans (
  code text PRIMARY KEY CHECK (code ~ '^[a-z][a-z0-9_-]{1,30}$'),
  name text NOT NULL,
  rate_limit_per_minute integer NOT NULL CHECK (rate_limit_per_minute > 0),
  statement_timeout_ms integer NOT NULL CHECK (statement_timeout_ms > 0),
  max_in_flight integer NOT NULL CHECK (max_in_flight > 0),
  event_retention interval NOT NULL DEFAULT '24 months',
  limits jsonb NOT NULL DEFAULT '{}',
  is_default boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN shared.plans.max_in_flight IS 'statements of one tenant that one process runs at the same time';
CREATE UNIQUE INDEX plans_one_default ON shared.plans (is_default) WHERE is_default;
INSERT INTO shared.plans (code, name, rate_limit_per_minute, statement_timeout_ms, max_in_flight, is_default) VALUES
  ('free', 'Free', 600, 10000, 4, false),
  ('standard', 'Standard', 6000, 30000, 8, true),
  ('enterprise', 'Enterprise', 60000, 60000, 16, false);

-- A spare is a finished schema that waits for a sign-up; it and the template have a row, so that the gate knows their roles.
CREATE TABLE shared.tenants (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  slug text UNIQUE CHECK (slug ~ '^[a-z][a-z0-9-]{1,38}[a-z0-9]$'),
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  schema_name name NOT NULL UNIQUE CHECK (schema_name ~ '^[a-z][a-z0-9_]{1,55}$'),
  role_name name NOT NULL UNIQUE,
  status text NOT NULL DEFAULT 'provisioning'
    CHECK (status IN ('template', 'spare', 'provisioning', 'active', 'inactive', 'suspended', 'deleting')),
  plan text NOT NULL DEFAULT 'standard' REFERENCES shared.plans,
  settings jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(settings) = 'object'),
  placement text NOT NULL DEFAULT 'local',
  template_version integer NOT NULL DEFAULT 0,
  template_fingerprint text,
  engine text CHECK (engine IN ('native', 'timescaledb-apache', 'timescaledb-tsl')),
  engine_version text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT tenants_slug_present CHECK (slug IS NOT NULL OR status IN ('template', 'spare'))
);
CREATE INDEX idx_tenants_plan ON shared.tenants (plan);
CREATE INDEX idx_tenants_status ON shared.tenants (status, template_version);

-- One row for each file that built or changed a tenant's schema, written in the transaction of that change.
CREATE TABLE shared.tenant_migrations (
  tenant_id uuid NOT NULL REFERENCES shared.tenants ON DELETE CASCADE,
  version integer NOT NULL,
  name text NOT NULL,
  checksum text NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT now(),
  duration_ms integer NOT NULL,
  PRIMARY KEY (tenant_id, version)
);

-- Reserved names, and tenants that refuse deletion and suspension.
CREATE TABLE shared.protected_slugs (
  slug text PRIMARY KEY,
  kind text NOT NULL DEFAULT 'reserved' CHECK (kind IN ('reserved', 'protected')),
  reason text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO shared.protected_slugs (slug, reason)
SELECT slug, 'host name or path of the product'
  FROM unnest('{www,api,app,admin,auth,login,logout,signup,sign-up,account,accounts,billing,blog,cdn,assets,static,files,console,dashboard,docs,docs-json,
    health,metrics,status,support,help,mail,email,smtp,imap,ftp,dns,mcp,openai,openapi,webhooks,events,jobs,internal,localhost,fluxion,fluxcore,
    root,system,security,abuse,postmaster,test,staging,demo,dev,production,public,shared,template,templates,tenant,tenants,spare,ext,gate,bullmq,
    information-schema,pg-catalog,me}'::text[]) AS slug;

-- Caches of the registry are dropped within a second of any change, whoever makes it.
CREATE FUNCTION shared.notify_tenant() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_notify('fluxion_tenants', coalesce(NEW.id, OLD.id)::text);
  RETURN NULL;
END $$;
CREATE TRIGGER tenants_notify AFTER INSERT OR DELETE ON shared.tenants FOR EACH ROW EXECUTE FUNCTION shared.notify_tenant();
CREATE TRIGGER tenants_notify_change AFTER UPDATE ON shared.tenants FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION shared.notify_tenant();

CREATE FUNCTION shared.notify_plan() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM pg_notify('fluxion_tenants', '*');
  RETURN NULL;
END $$;
CREATE TRIGGER plans_notify AFTER INSERT OR UPDATE OR DELETE ON shared.plans FOR EACH STATEMENT EXECUTE FUNCTION shared.notify_plan();

CREATE FUNCTION shared.update_updated_at() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.updated_at := clock_timestamp();
  RETURN NEW;
END $$;
CREATE TRIGGER update_updated_at_trigger BEFORE UPDATE ON shared.system_config FOR EACH ROW EXECUTE FUNCTION shared.update_updated_at();
CREATE TRIGGER update_updated_at_trigger BEFORE UPDATE ON shared.plans FOR EACH ROW EXECUTE FUNCTION shared.update_updated_at();
CREATE TRIGGER update_updated_at_trigger BEFORE UPDATE ON shared.tenants FOR EACH ROW EXECUTE FUNCTION shared.update_updated_at();

GRANT SELECT, INSERT, UPDATE, DELETE ON shared.system_config, shared.plans, shared.tenants, shared.tenant_migrations, shared.protected_slugs TO {{registry}};
GRANT SELECT ON shared.plans TO {{queue}}, {{gate}};
