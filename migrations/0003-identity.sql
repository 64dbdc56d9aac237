-- Who may come in: the log-in directory of all tenants, and the tokens that stand for a person or a program. Tokens are kept as
-- sha256 of the secret, passwords as argon2id.

CREATE TABLE shared.tenant_users (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL REFERENCES shared.tenants ON DELETE CASCADE,
  email ext.citext NOT NULL CHECK (length(email::text) BETWEEN 3 AND 254),
  password_hash text,
  full_name text NOT NULL,
  role text NOT NULL DEFAULT 'user' CHECK (role IN ('admin', 'manager', 'user', 'viewer')),
  is_active boolean NOT NULL DEFAULT true,
  last_login_at timestamptz,
  failed_logins integer NOT NULL DEFAULT 0 CHECK (failed_logins >= 0),
  locked_until timestamptz,
  password_changed_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT tenant_users_email_key UNIQUE (email, tenant_id)
);
COMMENT ON COLUMN shared.tenant_users.id IS 'the same as users.id in the tenant''s schema';
COMMENT ON COLUMN shared.tenant_users.password_hash IS 'null until an invited person has chosen a password';
CREATE INDEX idx_tenant_users_tenant ON shared.tenant_users (tenant_id);
CREATE TRIGGER update_updated_at_trigger BEFORE UPDATE ON shared.tenant_users FOR EACH ROW EXECUTE FUNCTION shared.update_updated_at();

CREATE TABLE shared.system_admins (
  user_id uuid PRIMARY KEY REFERENCES shared.tenant_users ON DELETE CASCADE,
  scopes text[] NOT NULL DEFAULT '{}',
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now()
);

-- One row for each refresh token. A token that comes back after it was used means that it was stolen: its whole family ends.
CREATE TABLE shared.sessions (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  family_id uuid NOT NULL,
  tenant_id uuid NOT NULL REFERENCES shared.tenants ON DELETE CASCADE,
  user_id uuid NOT NULL REFERENCES shared.tenant_users ON DELETE CASCADE,
  token_hash bytea NOT NULL UNIQUE,
  ip_address inet,
  user_agent text,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  revoked_at timestamptz,
  revoked_reason text CHECK (revoked_reason IN ('logout', 'reuse', 'password', 'deactivated', 'admin'))
);
CREATE INDEX idx_sessions_family ON shared.sessions (family_id);
CREATE INDEX idx_sessions_user ON shared.sessions (user_id);
CREATE INDEX idx_sessions_tenant ON shared.sessions (tenant_id);
CREATE INDEX idx_sessions_expires ON shared.sessions (expires_at);

CREATE TABLE shared.api_keys (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL REFERENCES shared.tenants ON DELETE CASCADE,
  user_id uuid REFERENCES shared.tenant_users ON DELETE CASCADE,
  name text NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
  prefix text NOT NULL,
  key_hash bytea NOT NULL UNIQUE,
  role text NOT NULL DEFAULT 'viewer' CHECK (role IN ('admin', 'manager', 'user', 'viewer')),
  scopes text[] NOT NULL DEFAULT '{}',
  store_ids uuid[],
  created_by uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz
);
COMMENT ON COLUMN shared.api_keys.scopes IS 'permissions the key is narrowed to; empty = all of its role';
COMMENT ON COLUMN shared.api_keys.store_ids IS 'stores the key may touch; null = all';
COMMENT ON COLUMN shared.api_keys.prefix IS 'the first characters, to recognise a key in a list';
CREATE INDEX idx_api_keys_tenant ON shared.api_keys (tenant_id);
CREATE INDEX idx_api_keys_user ON shared.api_keys (user_id);

CREATE TABLE shared.password_reset_tokens (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  user_id uuid NOT NULL REFERENCES shared.tenant_users ON DELETE CASCADE,
  token_hash bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX idx_password_reset_tokens_user ON shared.password_reset_tokens (user_id);

CREATE TABLE shared.invitations (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL REFERENCES shared.tenants ON DELETE CASCADE,
  email ext.citext NOT NULL,
  role text NOT NULL DEFAULT 'user' CHECK (role IN ('admin', 'manager', 'user', 'viewer')),
  store_ids uuid[],
  workspace_id uuid,
  workspace_role text CHECK (workspace_role IN ('owner', 'admin', 'member', 'viewer')),
  token_hash bytea NOT NULL UNIQUE,
  invited_by uuid REFERENCES shared.tenant_users ON DELETE SET NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  accepted_at timestamptz,
  revoked_at timestamptz
);
CREATE INDEX idx_invitations_tenant ON shared.invitations (tenant_id);
CREATE INDEX idx_invitations_invited_by ON shared.invitations (invited_by);
CREATE UNIQUE INDEX invitations_one_open ON shared.invitations (tenant_id, email, coalesce(workspace_id, tenant_id))
  WHERE accepted_at IS NULL AND revoked_at IS NULL;

-- Keys of requests that come before there is a tenant (sign-up).
CREATE TABLE shared.idempotency_keys (
  operation text NOT NULL,
  key text NOT NULL,
  request_hash text NOT NULL,
  status_code smallint CHECK (status_code BETWEEN 200 AND 599),
  response_headers jsonb,
  response_body jsonb,
  created_at timestamptz NOT NULL DEFAULT now(),
  completed_at timestamptz,
  expires_at timestamptz NOT NULL DEFAULT now() + interval '24 hours',
  PRIMARY KEY (operation, key)
);
CREATE INDEX idx_idempotency_keys_expires ON shared.idempotency_keys (expires_at);

GRANT SELECT, INSERT, UPDATE, DELETE ON shared.tenant_users, shared.system_admins, shared.sessions, shared.api_keys,
  shared.password_reset_tokens, shared.invitations, shared.idempotency_keys TO {{registry}};
-- the gate saves both halves of a user and ends the sessions of one that is deactivated
GRANT SELECT, INSERT, UPDATE ON shared.tenant_users TO {{gate}};
GRANT SELECT, UPDATE ON shared.sessions, shared.api_keys TO {{gate}};
