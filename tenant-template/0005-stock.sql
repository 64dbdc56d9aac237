-- Levels, movements and transfers.

CREATE TABLE reason_codes (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  code varchar(40) NOT NULL UNIQUE,
  name varchar(200) NOT NULL,
  direction varchar(10) NOT NULL DEFAULT 'both' CHECK (direction IN ('in', 'out', 'both')),
  is_system boolean NOT NULL DEFAULT false,
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE inventory (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  product_id uuid NOT NULL REFERENCES products,
  store_id uuid NOT NULL REFERENCES stores,
  quantity_on_hand numeric(18,4) NOT NULL DEFAULT 0 CHECK (quantity_on_hand <> 'NaN'),
  quantity_reserved numeric(18,4) NOT NULL DEFAULT 0 CHECK (quantity_reserved >= 0 AND quantity_reserved <> 'NaN'),
  quantity_available numeric(18,4) GENERATED ALWAYS AS (quantity_on_hand - quantity_reserved) STORED,
  cost_per_unit numeric(18,6) CHECK (cost_per_unit >= 0 AND cost_per_unit <> 'NaN'),
  reorder_point numeric(18,4) CHECK (reorder_point >= 0 AND reorder_point <> 'NaN'),
  min_stock_level numeric(18,4) CHECK (min_stock_level >= 0 AND min_stock_level <> 'NaN'),
  max_stock_level numeric(18,4) CHECK (max_stock_level >= 0 AND max_stock_level <> 'NaN'),
  lead_time_days integer CHECK (lead_time_days BETWEEN 0 AND 730),
  alert_point numeric(18,4),
  below_reorder boolean NOT NULL GENERATED ALWAYS AS (coalesce(quantity_on_hand - quantity_reserved < alert_point, false)) STORED,
  counted_from date,
  last_movement_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (product_id, store_id)
) WITH (fillfactor = 80);
COMMENT ON COLUMN inventory.cost_per_unit IS 'moving average of the receipts whose cost is known; null = never known';
COMMENT ON COLUMN inventory.reorder_point IS 'of this store; null = the product''s (as min_stock_level, max_stock_level and lead_time_days)';
COMMENT ON COLUMN inventory.alert_point IS 'the reorder point in force: the store''s, else the product''s, null while the product is inactive; kept by triggers';
COMMENT ON COLUMN inventory.counted_from IS 'local date of the opening count, which is the level at the START of that day: imported sales of earlier dates, or without a count, are history only';
CREATE INDEX idx_inventory_store ON inventory (store_id);
-- without the document's quantity_available: an indexed column that every sale changes would forbid heap-only updates of the level
CREATE INDEX idx_inventory_low_stock ON inventory (tenant_id, product_id, store_id) WHERE below_reorder;
CREATE TRIGGER inventory_alert_point_trigger BEFORE UPDATE ON inventory
  FOR EACH ROW WHEN (NEW.reorder_point IS DISTINCT FROM OLD.reorder_point OR NEW.product_id <> OLD.product_id) EXECUTE FUNCTION set_alert_point();
CREATE TRIGGER low_stock_alert_insert_trigger AFTER INSERT ON inventory
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION set_alert_points();
CREATE TRIGGER low_stock_alert_trigger AFTER UPDATE ON inventory
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_level_changes();
CREATE TRIGGER low_stock_alert_trigger AFTER UPDATE ON products
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION note_product_changes();

-- The ledger: rows are only added (a correction is a row with reversal_of). A time table, see time-tables.json: no foreign keys in or
-- out (a level's are the check of product and store); inventory_movement_trigger is made with the table's partitions.
-- Writers of another time than now give id = ext.uuid_v7(created_at): a look-up by id takes the bounds of created_at from it.
CREATE TABLE inventory_movements (
  id uuid NOT NULL DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  product_id uuid NOT NULL,
  store_id uuid NOT NULL,
  movement_type varchar(10) NOT NULL,
  kind varchar(20) NOT NULL,
  reference_type varchar(20),
  reference_id uuid,
  quantity numeric(18,4) NOT NULL,
  cost_per_unit numeric(18,6),
  total_cost numeric(18,4) GENERATED ALWAYS AS (round(quantity * cost_per_unit, 4)) STORED,
  balance_after numeric(18,4),
  reason_code varchar(40),
  notes text,
  reversal_of uuid,
  lot_id uuid,
  allow_negative boolean NOT NULL DEFAULT false,
  created_by uuid DEFAULT (nullif(current_setting('app.actor', true), '')::jsonb ->> 'user')::uuid,
  created_at timestamptz NOT NULL DEFAULT now(),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  CONSTRAINT inventory_movements_pkey PRIMARY KEY (id, created_at),
  CONSTRAINT inventory_movements_movement_type_check CHECK (movement_type IN ('in', 'out', 'transfer', 'adjustment')),
  CONSTRAINT inventory_movements_kind_check CHECK (kind IN
    ('opening', 'received', 'sold', 'returned', 'adjusted', 'counted', 'transferred_out', 'transferred_in', 'written_off', 'reversed')),
  CONSTRAINT inventory_movements_reference_type_check CHECK (reference_type IN
    ('purchase', 'sale', 'transfer', 'adjustment', 'return', 'count', 'opening', 'reversal')),
  CONSTRAINT inventory_movements_quantity_check CHECK (quantity <> 'NaN' AND
    CASE movement_type WHEN 'in' THEN quantity > 0 WHEN 'out' THEN quantity < 0 ELSE quantity <> 0 END),
  CONSTRAINT inventory_movements_cost_per_unit_check CHECK (cost_per_unit >= 0 AND cost_per_unit <> 'NaN')
) /* partition by range (created_at) */;
COMMENT ON COLUMN inventory_movements.quantity IS 'signed: the level is their sum';
COMMENT ON COLUMN inventory_movements.created_at IS 'business time; recorded_at is when the row was written';
COMMENT ON COLUMN inventory_movements.allow_negative IS 'a recorded fact (imported sale): not refused when stock falls below zero';
CREATE INDEX idx_movements_time_product ON inventory_movements (created_at, product_id);
CREATE INDEX idx_movements_product_store_time ON inventory_movements (product_id, store_id, created_at);

CREATE TABLE stock_transfers (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  transfer_number varchar(40) NOT NULL UNIQUE,
  from_store_id uuid NOT NULL REFERENCES stores,
  to_store_id uuid NOT NULL REFERENCES stores,
  status varchar(20) NOT NULL DEFAULT 'draft'
    CHECK (status IN ('draft', 'ready', 'in_transit', 'partially_received', 'received', 'cancelled')),
  notes text,
  created_by uuid DEFAULT (nullif(current_setting('app.actor', true), '')::jsonb ->> 'user')::uuid REFERENCES users,
  shipped_at timestamptz,
  received_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT stock_transfers_stores_check CHECK (from_store_id <> to_store_id)
);
CREATE INDEX idx_stock_transfers_from_store ON stock_transfers (from_store_id);
CREATE INDEX idx_stock_transfers_to_store ON stock_transfers (to_store_id);
CREATE INDEX idx_stock_transfers_created_by ON stock_transfers (created_by);

CREATE TABLE stock_transfer_items (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  stock_transfer_id uuid NOT NULL REFERENCES stock_transfers ON DELETE CASCADE,
  product_id uuid NOT NULL REFERENCES products,
  quantity numeric(18,4) NOT NULL CHECK (quantity > 0 AND quantity <> 'NaN'),
  quantity_shipped numeric(18,4) NOT NULL DEFAULT 0,
  quantity_received numeric(18,4) NOT NULL DEFAULT 0,
  cost_per_unit numeric(18,6),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (stock_transfer_id, product_id),
  CONSTRAINT stock_transfer_items_quantities_check CHECK (quantity_shipped BETWEEN 0 AND quantity AND quantity_received BETWEEN 0 AND quantity_shipped)
);
CREATE INDEX idx_stock_transfer_items_product ON stock_transfer_items (product_id);
