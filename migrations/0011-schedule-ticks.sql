-- How far the daily schedules of all tenants have been worked off: one row a schedule, not one a tenant. A tick enqueues what became
-- due since then, so that hours without a worker are made up for.
CREATE TABLE shared.schedule_ticks (
  name text PRIMARY KEY,
  ticked_at timestamptz NOT NULL
);
COMMENT ON TABLE shared.schedule_ticks IS 'last instant up to which a daily schedule was worked off for every tenant';
GRANT SELECT, INSERT, UPDATE ON shared.schedule_ticks TO {{queue}};
