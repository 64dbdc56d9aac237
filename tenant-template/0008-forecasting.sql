-- Calendar, forecasts, alerts and suggested orders.

CREATE TABLE calendar_days (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  date date NOT NULL,
  kind varchar(20) NOT NULL CHECK (kind IN ('promotion', 'price', 'holiday', 'closed')),
  store_id uuid REFERENCES stores ON DELETE CASCADE,
  product_id uuid REFERENCES products ON DELETE CASCADE,
  value numeric(18,6) CHECK (value <> 'NaN'),
  name varchar(200),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT calendar_days_key UNIQUE NULLS NOT DISTINCT (date, kind, store_id, product_id)
);
COMMENT ON COLUMN calendar_days.store_id IS 'null = every store; product_id null = every product';
CREATE INDEX idx_calendar_days_product ON calendar_days (product_id, date);
CREATE INDEX idx_calendar_days_store ON calendar_days (store_id);

CREATE TABLE forecast_runs (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  status varchar(20) NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'running', 'completed', 'failed', 'cancelled')),
  trigger varchar(20) NOT NULL DEFAULT 'manual' CHECK (trigger IN ('manual', 'schedule', 'import')),
  horizon_days integer NOT NULL DEFAULT 28 CHECK (horizon_days BETWEEN 1 AND 366),
  as_of date NOT NULL,
  filters jsonb NOT NULL DEFAULT '{}',
  mode varchar(10) NOT NULL DEFAULT 'full' CHECK (mode IN ('full', 'changed')),
  spare_days integer NOT NULL DEFAULT 0 CHECK (spare_days BETWEEN 0 AND 366),
  model_version varchar(60),
  knowledge_run_id uuid REFERENCES forecast_runs ON DELETE SET NULL,
  phase varchar(10) NOT NULL DEFAULT 'plan' CHECK (phase IN ('plan', 'learn', 'forecast', 'finalise', 'settle', 'ended')),
  batches_total integer NOT NULL DEFAULT 0,
  batches_done integer NOT NULL DEFAULT 0,
  series_total integer NOT NULL DEFAULT 0,
  series_done integer NOT NULL DEFAULT 0,
  series_failed integer NOT NULL DEFAULT 0,
  series_kept integer NOT NULL DEFAULT 0,
  metrics jsonb NOT NULL DEFAULT '{}',
  steps jsonb NOT NULL DEFAULT '{}',
  job_id varchar(100),
  error jsonb,
  created_by uuid DEFAULT (nullif(current_setting('app.actor', true), '')::jsonb ->> 'user')::uuid REFERENCES users,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT forecast_runs_batches_check CHECK (batches_done <= batches_total AND (status <> 'completed' OR batches_done = batches_total)),
  CONSTRAINT forecast_runs_status_phase_check CHECK (CASE status WHEN 'queued' THEN phase = 'plan' WHEN 'running' THEN phase IN ('learn', 'forecast', 'finalise')
    WHEN 'completed' THEN phase IN ('settle', 'ended') ELSE phase = 'ended' END)
);
COMMENT ON COLUMN forecast_runs.as_of IS 'last day of history the run has seen; the first forecast day is the next one';
COMMENT ON COLUMN forecast_runs.filters IS 'storeIds, productIds; {} = everything';
COMMENT ON COLUMN forecast_runs.mode IS 'changed: only series whose data have changed since their forecast in force';
COMMENT ON COLUMN forecast_runs.spare_days IS 'days beyond the horizon: for as many days a forecast stays in force without being made anew';
COMMENT ON COLUMN forecast_runs.knowledge_run_id IS 'the run whose forecast_knowledge this one uses';
COMMENT ON COLUMN forecast_runs.phase IS 'what its jobs do now; settle: in force, the steps after it still run';
COMMENT ON COLUMN forecast_runs.series_kept IS 'series whose older forecast stays in force';
COMMENT ON COLUMN forecast_runs.steps IS 'what the steps after the run answered, by name';
CREATE INDEX idx_forecast_runs_knowledge ON forecast_runs (knowledge_run_id) WHERE knowledge_run_id IS NOT NULL;
CREATE INDEX idx_forecast_runs_created_by ON forecast_runs (created_by);
CREATE INDEX idx_forecast_runs_finished ON forecast_runs (finished_at) WHERE status = 'completed';
CREATE UNIQUE INDEX forecast_runs_one_open ON forecast_runs ((true)) WHERE status IN ('queued', 'running');

-- What an open run has to do; its rows go when the run ends. A batch is done in the transaction that stores its forecasts, and nobody
-- does it again: the queue only says that there is something to do (docs/adr/0011). The arrays have one element a series.
CREATE TABLE forecast_batches (
  run_id uuid NOT NULL REFERENCES forecast_runs ON DELETE CASCADE,
  kind varchar(10) NOT NULL DEFAULT 'series' CHECK (kind IN ('series', 'sample')),
  number integer NOT NULL CHECK (number >= 0),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  status varchar(10) NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'queued', 'done')),
  lane smallint CHECK (lane > 0),
  product_ids uuid[] NOT NULL,
  store_ids uuid[] NOT NULL,
  category_ids uuid[] NOT NULL,
  lead_times integer[] NOT NULL,
  store_last_days date[] NOT NULL,
  starts smallint NOT NULL DEFAULT 0,
  queued_at timestamptz,
  read_at timestamptz,
  means numeric(18,4)[],
  metrics jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, kind, number),
  CONSTRAINT forecast_batches_size_check CHECK (cardinality(product_ids) > 0 AND cardinality(product_ids) = cardinality(store_ids)
    AND cardinality(product_ids) = cardinality(category_ids) AND cardinality(product_ids) = cardinality(lead_times)
    AND cardinality(product_ids) = cardinality(store_last_days) AND cardinality(product_ids) = coalesce(cardinality(means), cardinality(product_ids))),
  CONSTRAINT forecast_batches_done_check CHECK ((status = 'done') = (means IS NOT NULL) AND (status <> 'done' OR read_at IS NOT NULL)),
  CONSTRAINT forecast_batches_queued_check CHECK ((status = 'waiting') = (lane IS NULL))
);
COMMENT ON TABLE forecast_batches IS 'the plan of an open run: what each of its jobs has to do, and what is done';
COMMENT ON COLUMN forecast_batches.kind IS 'sample: series that the whole run learns from, in parts';
COMMENT ON COLUMN forecast_batches.lane IS 'priority of its job: the n-th job of its tenant at once comes behind the first of every other tenant';
COMMENT ON COLUMN forecast_batches.starts IS 'how often somebody began with it';
COMMENT ON COLUMN forecast_batches.means IS 'expected demand of a day of each series; null: nothing could be said';

-- What a run has learned from a sample of all series, for its batches (and for later runs) to use.
CREATE TABLE forecast_knowledge (
  run_id uuid NOT NULL REFERENCES forecast_runs ON DELETE CASCADE,
  kind varchar(40) NOT NULL,
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  model_version varchar(60) NOT NULL,
  series integer NOT NULL CHECK (series > 0),
  body bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, kind)
);
CREATE INDEX idx_forecast_knowledge_created ON forecast_knowledge (created_at);
COMMENT ON COLUMN forecast_knowledge.body IS 'a structured clone (v8), compressed (gzip)';

-- Which run's forecast is in force of a product in a store, and what it was made of: what has changed since is forecast anew.
CREATE TABLE forecast_series (
  product_id uuid NOT NULL REFERENCES products ON DELETE CASCADE,
  store_id uuid NOT NULL REFERENCES stores ON DELETE CASCADE,
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  run_id uuid NOT NULL REFERENCES forecast_runs ON DELETE CASCADE,
  as_of date NOT NULL,
  last_day date NOT NULL,
  read_at timestamptz NOT NULL,
  lead_time_days integer NOT NULL,
  category_id uuid,
  daily_mean numeric(18,4) NOT NULL CHECK (daily_mean >= 0 AND daily_mean <> 'NaN'),
  model_version varchar(60) NOT NULL,
  PRIMARY KEY (product_id, store_id)
) WITH (fillfactor = 90);
COMMENT ON TABLE forecast_series IS 'the forecast in force of each product and store';
COMMENT ON COLUMN forecast_series.as_of IS 'last day of history it has seen';
COMMENT ON COLUMN forecast_series.last_day IS 'last day that it says something of';
COMMENT ON COLUMN forecast_series.read_at IS 'when its data were read';
CREATE INDEX idx_forecast_series_store ON forecast_series (store_id);
CREATE INDEX idx_forecast_series_run ON forecast_series (run_id);

-- Changes of the calendar, since when: what they touch is forecast anew. A removed day leaves no other trace.
CREATE TABLE calendar_changes (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  product_id uuid,
  store_id uuid,
  noted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT calendar_changes_key UNIQUE NULLS NOT DISTINCT (product_id, store_id)
);
COMMENT ON COLUMN calendar_changes.product_id IS 'null = every product; no foreign key: it may be gone';
COMMENT ON COLUMN calendar_changes.store_id IS 'null = every store; no foreign key: it may be gone';

CREATE FUNCTION note_calendar_change() RETURNS trigger LANGUAGE plpgsql
  SET search_path = {{schema}}, ext, pg_temp AS $$
BEGIN
  -- in one order: two writers wait for each other instead of dying
  IF TG_OP = 'DELETE' THEN
    INSERT INTO calendar_changes AS c (tenant_id, product_id, store_id)
      SELECT DISTINCT d.tenant_id, d.product_id, d.store_id FROM old_rows d ORDER BY 2, 3
      ON CONFLICT ON CONSTRAINT calendar_changes_key DO UPDATE SET noted_at = clock_timestamp();
  ELSE
    INSERT INTO calendar_changes AS c (tenant_id, product_id, store_id)
      SELECT DISTINCT d.tenant_id, d.product_id, d.store_id FROM new_rows d ORDER BY 2, 3
      ON CONFLICT ON CONSTRAINT calendar_changes_key DO UPDATE SET noted_at = clock_timestamp();
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER calendar_changes_insert_trigger AFTER INSERT ON calendar_days
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_calendar_change();
CREATE TRIGGER calendar_changes_update_trigger AFTER UPDATE ON calendar_days
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_calendar_change();
CREATE TRIGGER calendar_changes_delete_trigger AFTER DELETE ON calendar_days
  REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION note_calendar_change();

-- A time table: no foreign keys. predicted_value is the mean; [q10, q90] covers confidence_level percent.
CREATE TABLE forecasts (
  id uuid NOT NULL DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  run_id uuid NOT NULL,
  product_id uuid NOT NULL,
  store_id uuid NOT NULL,
  forecast_type varchar(20) NOT NULL DEFAULT 'demand',
  period_type varchar(10) NOT NULL DEFAULT 'daily',
  forecast_date date NOT NULL,
  horizon integer NOT NULL,
  predicted_value numeric(18,4) NOT NULL,
  confidence_level numeric(7,4) NOT NULL DEFAULT 80,
  q10 numeric(18,4),
  q50 numeric(18,4),
  q90 numeric(18,4),
  q95 numeric(18,4),
  q99 numeric(18,4),
  model_version varchar(60) NOT NULL,
  metadata jsonb NOT NULL DEFAULT '{}',
  made_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT forecasts_pkey PRIMARY KEY (id, forecast_date),
  CONSTRAINT forecasts_forecast_type_check CHECK (forecast_type IN ('demand', 'reorder', 'seasonality', 'trend')),
  CONSTRAINT forecasts_period_type_check CHECK (period_type IN ('daily', 'weekly', 'monthly')),
  CONSTRAINT forecasts_horizon_check CHECK (horizon > 0),
  CONSTRAINT forecasts_predicted_value_check CHECK (predicted_value <> 'NaN'),
  CONSTRAINT forecasts_confidence_level_check CHECK (confidence_level BETWEEN 0 AND 100),
  CONSTRAINT forecasts_quantiles_check CHECK (q10 <= q50 AND q50 <= q90 AND q90 <= q95 AND q95 <= q99)
) /* partition by range (forecast_date) */;
CREATE INDEX idx_forecasts_product_store_date ON forecasts (product_id, store_id, forecast_date, made_at);
CREATE INDEX idx_forecasts_run ON forecasts (run_id, store_id, product_id);

CREATE TABLE alert_rules (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  code varchar(60) NOT NULL UNIQUE,
  name varchar(200) NOT NULL,
  alert_type varchar(20) NOT NULL CHECK (alert_type IN ('low_stock', 'overstock', 'demand_spike', 'slow_moving', 'forecast_alert')),
  refines varchar(60),
  priority varchar(10) CHECK (priority IN ('low', 'medium', 'high', 'critical')),
  parameters jsonb NOT NULL DEFAULT '{}',
  product_id uuid REFERENCES products ON DELETE CASCADE,
  store_id uuid REFERENCES stores ON DELETE CASCADE,
  category_id uuid REFERENCES categories ON DELETE CASCADE,
  is_active boolean NOT NULL DEFAULT true,
  is_muted boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT alert_rules_code_type_key UNIQUE (code, alert_type),
  CONSTRAINT alert_rules_refines_fkey FOREIGN KEY (refines, alert_type) REFERENCES alert_rules (code, alert_type),
  CONSTRAINT alert_rules_parameters_check CHECK (jsonb_typeof(parameters) = 'object'),
  CONSTRAINT alert_rules_scope_check CHECK ((refines IS NULL) = (product_id IS NULL AND store_id IS NULL AND category_id IS NULL)
    AND (category_id IS NULL OR (product_id IS NULL AND store_id IS NULL)))
);
COMMENT ON COLUMN alert_rules.refines IS 'code of the rule of the whole company that this one replaces for a product, store or category; null = it is one of those, which stay';
COMMENT ON COLUMN alert_rules.priority IS 'null = computed from the days of cover';
COMMENT ON COLUMN alert_rules.is_muted IS 'it is the rule in force for what it covers, and raises nothing';
CREATE INDEX idx_alert_rules_refines ON alert_rules (refines, alert_type);
CREATE UNIQUE INDEX alert_rules_scope_key ON alert_rules (refines, product_id, store_id, category_id) NULLS NOT DISTINCT WHERE refines IS NOT NULL;
CREATE INDEX idx_alert_rules_product ON alert_rules (product_id);
CREATE INDEX idx_alert_rules_store ON alert_rules (store_id);
CREATE INDEX idx_alert_rules_category ON alert_rules (category_id);

CREATE TABLE alerts (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  rule_id uuid NOT NULL REFERENCES alert_rules,
  alert_type varchar(20) NOT NULL CHECK (alert_type IN ('low_stock', 'overstock', 'demand_spike', 'slow_moving', 'forecast_alert')),
  priority varchar(10) NOT NULL DEFAULT 'medium' CHECK (priority IN ('low', 'medium', 'high', 'critical')),
  title varchar(300) NOT NULL,
  description text,
  product_id uuid REFERENCES products,
  store_id uuid REFERENCES stores,
  category_id uuid REFERENCES categories,
  data jsonb NOT NULL DEFAULT '{}',
  status varchar(20) NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'acknowledged', 'resolved', 'dismissed')),
  acknowledged_by uuid REFERENCES users,
  acknowledged_at timestamptz,
  resolved_by uuid REFERENCES users,
  resolved_at timestamptz,
  resolution varchar(20) CHECK (resolution IN ('recovered', 'manual', 'dismissed', 'obsolete')),
  generated_by varchar(60) NOT NULL DEFAULT 'rules',
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  change_id uuid NOT NULL,
  changed_in xid8 NOT NULL,
  CONSTRAINT alerts_resolved_check CHECK ((status IN ('resolved', 'dismissed')) = (resolved_at IS NOT NULL)),
  CONSTRAINT alerts_acknowledged_check CHECK (status <> 'acknowledged' OR acknowledged_at IS NOT NULL)
);
CREATE UNIQUE INDEX alerts_one_open ON alerts (rule_id, product_id, store_id, category_id) NULLS NOT DISTINCT WHERE status IN ('active', 'acknowledged');
CREATE INDEX idx_alerts_status ON alerts (status, created_at);
CREATE INDEX idx_alerts_updated ON alerts (updated_at, id);
COMMENT ON COLUMN alerts.change_id IS 'v7 id of this state of the row, the id itself while it is as it was raised: the live stream pages by it';
COMMENT ON COLUMN alerts.changed_in IS 'transaction of this state: the live stream finds by it what was committed late';
CREATE UNIQUE INDEX alerts_change_key ON alerts (change_id);
CREATE INDEX idx_alerts_changed_in ON alerts (changed_in);
CREATE INDEX idx_alerts_product ON alerts (product_id, store_id);
CREATE INDEX idx_alerts_store ON alerts (store_id);
CREATE INDEX idx_alerts_category ON alerts (category_id) WHERE category_id IS NOT NULL;
CREATE INDEX idx_alerts_acknowledged_by ON alerts (acknowledged_by) WHERE acknowledged_by IS NOT NULL;
CREATE INDEX idx_alerts_resolved_by ON alerts (resolved_by) WHERE resolved_by IS NOT NULL;

CREATE FUNCTION note_alert_state() RETURNS trigger LANGUAGE plpgsql
  SET search_path = {{schema}}, ext, pg_temp AS $$
BEGIN
  NEW.change_id := CASE TG_OP WHEN 'INSERT' THEN NEW.id ELSE ext.uuid_v7() END;
  NEW.changed_in := pg_current_xact_id();
  RETURN NEW;
END $$;
CREATE TRIGGER alerts_state_trigger BEFORE INSERT OR UPDATE ON alerts FOR EACH ROW EXECUTE FUNCTION note_alert_state();

-- How stock is replenished: the company's rules (no product), a product's and those of a product in one store. The most particular one
-- that says something counts.
CREATE TABLE replenishment_policies (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  product_id uuid REFERENCES products ON DELETE CASCADE,
  store_id uuid REFERENCES stores ON DELETE CASCADE,
  reorder_point_mode varchar(20) CHECK (reorder_point_mode IN ('fixed', 'suggested', 'automatic')),
  service_level numeric(5,4) CHECK (service_level BETWEEN 0.5 AND 0.999),
  cover_days integer CHECK (cover_days BETWEEN 1 AND 365),
  shelf_life_days integer CHECK (shelf_life_days BETWEEN 1 AND 3650),
  class_service_levels jsonb CHECK (class_service_levels ?& '{smooth,erratic,intermittent,lumpy}'),
  holding_cost_percent numeric(9,4) CHECK (holding_cost_percent BETWEEN 0 AND 1000),
  order_cost numeric(18,4) CHECK (order_cost > 0 AND order_cost <> 'NaN'),
  review_days integer CHECK (review_days BETWEEN 0 AND 60),
  lead_time_spread_percent integer CHECK (lead_time_spread_percent BETWEEN 0 AND 100),
  suggest_transfers boolean,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT replenishment_policies_key UNIQUE NULLS NOT DISTINCT (product_id, store_id),
  CONSTRAINT replenishment_policies_store_check CHECK (store_id IS NULL OR product_id IS NOT NULL),
  CONSTRAINT replenishment_policies_level_check CHECK (CASE WHEN product_id IS NULL
    THEN num_nulls(reorder_point_mode, cover_days, class_service_levels, review_days, lead_time_spread_percent, suggest_transfers) = 0
    ELSE num_nonnulls(class_service_levels, holding_cost_percent, order_cost, review_days, lead_time_spread_percent, suggest_transfers) = 0 END)
);
COMMENT ON COLUMN replenishment_policies.reorder_point_mode IS 'fixed: people set it; suggested: the computed one is shown and can be applied; automatic: the nightly job writes it';
COMMENT ON COLUMN replenishment_policies.service_level IS 'null = by margin and holding cost where they are known, else by the class of the demand';
COMMENT ON COLUMN replenishment_policies.holding_cost_percent IS 'of the cost of a unit for a year in stock; null = not known';
COMMENT ON COLUMN replenishment_policies.order_cost IS 'of one line of an order; null = orders cover cover_days, else the economic cycle';
CREATE INDEX idx_replenishment_policies_store ON replenishment_policies (store_id);

CREATE TABLE reorder_suggestions (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  kind varchar(20) NOT NULL DEFAULT 'purchase' CHECK (kind IN ('purchase', 'transfer')),
  product_id uuid NOT NULL REFERENCES products ON DELETE CASCADE,
  store_id uuid NOT NULL REFERENCES stores ON DELETE CASCADE,
  from_store_id uuid REFERENCES stores ON DELETE CASCADE,
  supplier_id uuid REFERENCES suppliers,
  run_id uuid REFERENCES forecast_runs ON DELETE SET NULL,
  quantity numeric(18,4) NOT NULL CHECK (quantity > 0 AND quantity <> 'NaN'),
  unit_cost numeric(18,6) CHECK (unit_cost >= 0 AND unit_cost <> 'NaN'),
  reorder_point numeric(18,4),
  safety_stock numeric(18,4),
  days_of_cover numeric(12,2),
  lead_time_days integer,
  stockout_date date,
  reason varchar(40) NOT NULL CHECK (reason IN ('out_of_stock', 'stock_out_before_arrival', 'below_reorder_point', 'below_fixed_point', 'excess_elsewhere')),
  status varchar(20) NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'accepted', 'dismissed', 'obsolete')),
  purchase_order_id uuid REFERENCES purchase_orders ON DELETE SET NULL,
  stock_transfer_id uuid REFERENCES stock_transfers ON DELETE SET NULL,
  holds_off boolean NOT NULL DEFAULT false,
  decided_by uuid REFERENCES users,
  decided_at timestamptz,
  data jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT reorder_suggestions_way_check CHECK ((kind = 'transfer') = (from_store_id IS NOT NULL) AND (kind = 'transfer') = (reason = 'excess_elsewhere')),
  CONSTRAINT reorder_suggestions_stores_check CHECK (from_store_id <> store_id),
  CONSTRAINT reorder_suggestions_accepted_check CHECK (status = 'accepted' OR num_nonnulls(purchase_order_id, stock_transfer_id) = 0),
  CONSTRAINT reorder_suggestions_decided_check CHECK ((status IN ('accepted', 'dismissed')) = (decided_at IS NOT NULL)),
  CONSTRAINT reorder_suggestions_holds_off_check CHECK (status = 'dismissed' OR NOT holds_off)
);
COMMENT ON COLUMN reorder_suggestions.store_id IS 'where stock is needed; of a transfer from_store_id has more than it needs';
COMMENT ON COLUMN reorder_suggestions.reason IS 'a code; it is put into words, with the numbers of data, when somebody reads it';
COMMENT ON COLUMN reorder_suggestions.holds_off IS 'dismissed while the need goes on: nothing is suggested for the product and store until it has gone';
-- a need may be met by one purchase and by transfers from several stores, each suggested once
CREATE UNIQUE INDEX reorder_suggestions_one_open ON reorder_suggestions (product_id, store_id, kind, from_store_id) NULLS NOT DISTINCT WHERE status = 'open';
CREATE INDEX idx_reorder_suggestions_status ON reorder_suggestions (status, stockout_date, id);
CREATE INDEX idx_reorder_suggestions_product ON reorder_suggestions (product_id, store_id);
CREATE INDEX idx_reorder_suggestions_store ON reorder_suggestions (store_id);
CREATE INDEX idx_reorder_suggestions_from_store ON reorder_suggestions (from_store_id) WHERE from_store_id IS NOT NULL;
CREATE INDEX idx_reorder_suggestions_supplier ON reorder_suggestions (supplier_id);
CREATE INDEX idx_reorder_suggestions_run ON reorder_suggestions (run_id);
CREATE INDEX idx_reorder_suggestions_purchase_order ON reorder_suggestions (purchase_order_id);
CREATE INDEX idx_reorder_suggestions_stock_transfer ON reorder_suggestions (stock_transfer_id) WHERE stock_transfer_id IS NOT NULL;
CREATE INDEX idx_reorder_suggestions_decided_by ON reorder_suggestions (decided_by) WHERE decided_by IS NOT NULL;
