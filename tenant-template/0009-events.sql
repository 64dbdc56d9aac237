-- The audit stream: who changed what, from where, with the values before and after. Rows are only added. A time table.
-- transaction_id lets the sealing job see which events may still be joined by older, running transactions.

CREATE TABLE events (
  id uuid NOT NULL DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  event_type varchar(100) NOT NULL,
  entity_type varchar(60) NOT NULL,
  entity_id uuid,
  user_id uuid DEFAULT (nullif(current_setting('app.actor', true), '')::jsonb ->> 'user')::uuid,
  action varchar(60) NOT NULL,
  old_data jsonb,
  new_data jsonb,
  metadata jsonb NOT NULL DEFAULT '{}',
  ip_address inet,
  user_agent text,
  transaction_id xid8 NOT NULL DEFAULT pg_current_xact_id(),
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT events_pkey PRIMARY KEY (id, created_at)
) /* partition by range (created_at) */;
CREATE INDEX idx_events_time ON events (created_at);
CREATE INDEX idx_events_entity ON events (entity_type, entity_id, created_at);
