-- People, settings, imports and idempotency of one tenant. Credentials are not here: they live in shared.tenant_users under the same id.

CREATE TABLE users (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  email ext.citext NOT NULL UNIQUE,
  username ext.citext UNIQUE,
  full_name varchar(200) NOT NULL,
  avatar_url text,
  role varchar(20) NOT NULL DEFAULT 'user' CHECK (role IN ('admin', 'manager', 'user', 'viewer')),
  store_ids uuid[],
  permissions jsonb NOT NULL DEFAULT '{}',
  preferences jsonb NOT NULL DEFAULT '{}',
  settings jsonb NOT NULL DEFAULT '{}',
  timezone varchar(60),
  is_active boolean NOT NULL DEFAULT true,
  last_login_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN users.store_ids IS 'stores the user may touch; null = all';
COMMENT ON COLUMN users.permissions IS 'exceptions to the role: {"grant": [...], "revoke": [...]}';
CREATE INDEX idx_users_role ON users (role);

CREATE TABLE workspaces (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  slug varchar(60) NOT NULL UNIQUE,
  name varchar(200) NOT NULL,
  description text,
  settings jsonb NOT NULL DEFAULT '{}',
  owner_id uuid REFERENCES users,
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_workspaces_owner ON workspaces (owner_id);

CREATE TABLE workspace_members (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  workspace_id uuid NOT NULL REFERENCES workspaces ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  role varchar(20) NOT NULL DEFAULT 'member' CHECK (role IN ('owner', 'admin', 'member', 'viewer')),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (workspace_id, user_id)
);
CREATE INDEX idx_workspace_members_user ON workspace_members (user_id);

CREATE TABLE settings (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  key varchar(100) NOT NULL UNIQUE,
  value jsonb NOT NULL,
  description text,
  updated_by uuid DEFAULT (nullif(current_setting('app.actor', true), '')::jsonb ->> 'user')::uuid REFERENCES users,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE settings IS 'What the database itself must know (triggers read it) and what was set up once; language, zone and currency of the tenant are in the registry';
CREATE INDEX idx_settings_updated_by ON settings (updated_by);

-- One uploaded file. The file's bytes are in import_chunks, so that a worker on another machine can read them; the checkpoint says
-- up to where rows are committed, so that a killed import goes on from there.
CREATE TABLE imports (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  kind varchar(20) NOT NULL CHECK (kind IN ('stores', 'suppliers', 'products', 'stock', 'sales', 'calendar')),
  file_name varchar(255) NOT NULL,
  format varchar(10) NOT NULL CHECK (format IN ('csv', 'xlsx')),
  file_size bigint NOT NULL DEFAULT 0 CHECK (file_size >= 0),
  content_sha256 char(64) CHECK (content_sha256 ~ '^[0-9a-f]{64}$'),
  dry_run boolean NOT NULL DEFAULT false,
  status varchar(20) NOT NULL DEFAULT 'queued' CHECK (status IN ('uploading', 'queued', 'running', 'completed', 'failed', 'cancelled')),
  options jsonb NOT NULL DEFAULT '{}',
  rows_total bigint NOT NULL DEFAULT 0,
  rows_valid bigint NOT NULL DEFAULT 0,
  rows_invalid bigint NOT NULL DEFAULT 0,
  rows_inserted bigint NOT NULL DEFAULT 0,
  rows_updated bigint NOT NULL DEFAULT 0,
  rows_unchanged bigint NOT NULL DEFAULT 0,
  problem_count bigint NOT NULL DEFAULT 0,
  bytes_done bigint NOT NULL DEFAULT 0,
  lines_done bigint NOT NULL DEFAULT 0,
  parser_state jsonb,
  job_id varchar(100),
  error jsonb,
  created_by uuid DEFAULT (nullif(current_setting('app.actor', true), '')::jsonb ->> 'user')::uuid REFERENCES users,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN imports.bytes_done IS 'checkpoint: every row of the file up to this byte is committed (or reported)';
COMMENT ON COLUMN imports.parser_state IS 'what a resumed run needs besides the position: the phase, how far a check is, the decimal sign';
COMMENT ON COLUMN imports.problem_count IS 'all problems found; import_errors holds the first ten thousand';
CREATE INDEX idx_imports_created_by ON imports (created_by);
CREATE INDEX idx_imports_kind_sha256 ON imports (kind, content_sha256);
-- the same file of a kind is not taken in twice at once; one that has ended may come again: data have changed since
CREATE UNIQUE INDEX imports_content_key ON imports (kind, content_sha256) WHERE NOT dry_run AND status IN ('queued', 'running');

CREATE TABLE import_chunks (
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  import_id uuid NOT NULL REFERENCES imports ON DELETE CASCADE,
  position integer NOT NULL CHECK (position >= 0),
  content bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (import_id, position)
);
-- a file is compressed already, or read once: compressing it again is lost time
ALTER TABLE import_chunks ALTER COLUMN content SET STORAGE EXTERNAL;
COMMENT ON TABLE import_chunks IS 'the bytes of an uploaded file, removed when its import has ended';

CREATE TABLE import_errors (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  import_id uuid NOT NULL REFERENCES imports ON DELETE CASCADE,
  line bigint NOT NULL CHECK (line >= 0),
  field varchar(100),
  code varchar(100) NOT NULL,
  message jsonb NOT NULL CHECK (message ?& '{es,en}'),
  value text,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_import_errors_import_line ON import_errors (import_id, line, id);

-- Answers of creating requests, kept to be replayed. An open answer (no status_code) is a request that still runs or was killed.
CREATE TABLE idempotency_keys (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  operation varchar(100) NOT NULL,
  key varchar(255) NOT NULL,
  actor varchar(100) NOT NULL DEFAULT '',
  request_hash varchar(64) NOT NULL,
  status_code smallint CHECK (status_code BETWEEN 200 AND 599),
  response_headers jsonb,
  response_body jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  completed_at timestamptz,
  expires_at timestamptz NOT NULL DEFAULT now() + interval '24 hours',
  UNIQUE (operation, actor, key)
) WITH (toast_tuple_target = 8160);
COMMENT ON TABLE idempotency_keys IS 'answers stay in their row, uncompressed: they live a day and most are never read';
CREATE INDEX idx_idempotency_keys_expires ON idempotency_keys (expires_at);

-- Takes a key until the transaction ends (locked), then looks for the answer noted under it. Two statements of one function: the look comes
-- after the lock and sees what its last holder committed, which one statement's snapshot would not.
CREATE FUNCTION claim_idempotency_key(p_operation text, p_actor text, p_key text)
  RETURNS TABLE (locked boolean, request_hash text, status_code smallint, response_headers jsonb, response_body jsonb) LANGUAGE plpgsql
  SET search_path = {{schema}}, ext, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  locked := gate.try_key_lock(concat_ws(':', 'idempotency', p_operation, p_actor, p_key));
  SELECT k.request_hash, k.status_code, k.response_headers, k.response_body INTO request_hash, status_code, response_headers, response_body
    FROM idempotency_keys k WHERE k.operation = p_operation AND k.actor = p_actor AND k.key = p_key;
  RETURN NEXT;
END $$;
GRANT EXECUTE ON FUNCTION claim_idempotency_key(text, text, text) TO {{role}};
