-- What leaves a tenant's transaction: events (always) and jobs (when the queue is Redis), relayed after commit.

CREATE TABLE shared.outbox (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid,
  kind text NOT NULL CHECK (kind IN ('event', 'job')),
  type text NOT NULL,
  payload jsonb NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  available_at timestamptz NOT NULL DEFAULT now(),
  error text,
  created_at timestamptz NOT NULL DEFAULT now()
);
-- a queue lives in its newest pages: clean them early, or every look passes over the dead rows
ALTER TABLE shared.outbox SET (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_insert_threshold = -1);
CREATE INDEX idx_outbox_available ON shared.outbox (available_at, id);

-- The jobs that a tenant's transaction may enqueue. The gate refuses every other name.
CREATE TABLE shared.job_names (
  queue text NOT NULL,
  name text NOT NULL,
  PRIMARY KEY (queue, name)
);
INSERT INTO shared.job_names (queue, name) VALUES
  ('alerts', 'stock.crossed'),
  ('alerts', 'stock.recovered');

GRANT SELECT, INSERT, UPDATE, DELETE ON shared.outbox, shared.job_names TO {{registry}};
GRANT SELECT, INSERT, UPDATE, DELETE ON shared.outbox TO {{queue}};
GRANT SELECT ON shared.job_names TO {{queue}}, {{gate}};
