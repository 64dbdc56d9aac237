-- Purchase orders and what was received for them.

CREATE TABLE purchase_orders (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  store_id uuid NOT NULL REFERENCES stores,
  supplier_id uuid NOT NULL REFERENCES suppliers,
  order_number varchar(40) NOT NULL UNIQUE,
  status varchar(20) NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'sent', 'confirmed', 'partial', 'received', 'cancelled')),
  order_date date NOT NULL,
  expected_date date,
  received_date date,
  currency char(3) NOT NULL DEFAULT 'USD',
  subtotal numeric(18,4) NOT NULL DEFAULT 0 CHECK (subtotal >= 0 AND subtotal <> 'NaN'),
  tax_amount numeric(18,4) NOT NULL DEFAULT 0 CHECK (tax_amount >= 0 AND tax_amount <> 'NaN'),
  total_amount numeric(18,4) NOT NULL DEFAULT 0,
  notes text,
  created_by uuid DEFAULT (nullif(current_setting('app.actor', true), '')::jsonb ->> 'user')::uuid REFERENCES users,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT purchase_orders_total_amount_check CHECK (total_amount = subtotal + tax_amount)
);
CREATE INDEX idx_purchase_orders_store ON purchase_orders (store_id);
CREATE INDEX idx_purchase_orders_supplier ON purchase_orders (supplier_id);
CREATE INDEX idx_purchase_orders_created_by ON purchase_orders (created_by);
CREATE INDEX idx_purchase_orders_status ON purchase_orders (status, order_date);

CREATE TABLE purchase_order_items (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  purchase_order_id uuid NOT NULL REFERENCES purchase_orders ON DELETE CASCADE,
  line_number integer NOT NULL CHECK (line_number > 0),
  product_id uuid NOT NULL REFERENCES products,
  quantity_ordered numeric(18,4) NOT NULL CHECK (quantity_ordered > 0 AND quantity_ordered <> 'NaN'),
  quantity_received numeric(18,4) NOT NULL DEFAULT 0,
  over_receipt_percent numeric(9,4) NOT NULL DEFAULT 0 CHECK (over_receipt_percent BETWEEN 0 AND 100),
  unit_cost numeric(18,6) NOT NULL CHECK (unit_cost >= 0 AND unit_cost <> 'NaN'),
  tax_rate numeric(9,4) NOT NULL DEFAULT 0 CHECK (tax_rate BETWEEN 0 AND 100),
  line_total numeric(18,4) GENERATED ALWAYS AS (round(quantity_ordered * unit_cost, 4)) STORED,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (purchase_order_id, line_number),
  CONSTRAINT purchase_order_items_quantity_received_check
    CHECK (quantity_received >= 0 AND quantity_received <= quantity_ordered * (1 + over_receipt_percent / 100))
);
CREATE INDEX idx_purchase_order_items_product ON purchase_order_items (product_id);

CREATE TABLE goods_receipts (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  purchase_order_id uuid NOT NULL REFERENCES purchase_orders,
  store_id uuid NOT NULL REFERENCES stores,
  receipt_number varchar(40) NOT NULL UNIQUE,
  delivery_note varchar(100),
  notes text,
  created_by uuid DEFAULT (nullif(current_setting('app.actor', true), '')::jsonb ->> 'user')::uuid REFERENCES users,
  received_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_goods_receipts_purchase_order ON goods_receipts (purchase_order_id);
CREATE INDEX idx_goods_receipts_store ON goods_receipts (store_id);
CREATE INDEX idx_goods_receipts_created_by ON goods_receipts (created_by);

CREATE TABLE goods_receipt_items (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  goods_receipt_id uuid NOT NULL REFERENCES goods_receipts ON DELETE CASCADE,
  purchase_order_item_id uuid NOT NULL REFERENCES purchase_order_items,
  product_id uuid NOT NULL REFERENCES products,
  quantity numeric(18,4) NOT NULL CHECK (quantity > 0 AND quantity <> 'NaN'),
  unit_cost numeric(18,6) NOT NULL CHECK (unit_cost >= 0 AND unit_cost <> 'NaN'),
  line_total numeric(18,4) GENERATED ALWAYS AS (round(quantity * unit_cost, 4)) STORED,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX idx_goods_receipt_items_receipt ON goods_receipt_items (goods_receipt_id);
CREATE INDEX idx_goods_receipt_items_order_item ON goods_receipt_items (purchase_order_item_id);
CREATE INDEX idx_goods_receipt_items_product ON goods_receipt_items (product_id);
