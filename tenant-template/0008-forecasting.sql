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
  model_version varchar(60),
  checkpoint jsonb,
  series_total integer NOT NULL DEFAULT 0,
  series_done integer NOT NULL DEFAULT 0,
  series_failed integer NOT NULL DEFAULT 0,
  metrics jsonb NOT NULL DEFAULT '{}',
  job_id varchar(100),
  error jsonb,
  created_by uuid DEFAULT (nullif(current_setting('app.actor', true), '')::jsonb ->> 'user')::uuid REFERENCES users,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN forecast_runs.as_of IS 'last day of history the run has seen; the first forecast day is the next one';
COMMENT ON COLUMN forecast_runs.filters IS 'storeIds, productIds; {} = everything';
COMMENT ON COLUMN forecast_runs.checkpoint IS 'the last store and product whose forecasts are stored: a run that was interrupted goes on after it';
CREATE INDEX idx_forecast_runs_created_by ON forecast_runs (created_by);
CREATE INDEX idx_forecast_runs_finished ON forecast_runs (finished_at) WHERE status = 'completed';
CREATE UNIQUE INDEX forecast_runs_one_open ON forecast_runs ((true)) WHERE status IN ('queued', 'running');

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
