-- Clients, sales and their payments, exchange rates and number series.

CREATE TABLE clients (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  code varchar(60) UNIQUE,
  name varchar(200) NOT NULL,
  tax_id varchar(30) UNIQUE,
  tax_id_status varchar(10) NOT NULL DEFAULT 'unchecked' CHECK (tax_id_status IN ('valid', 'unchecked', 'invalid')),
  is_special_taxpayer boolean NOT NULL DEFAULT false,
  email ext.citext,
  phone varchar(60),
  address jsonb NOT NULL DEFAULT '{}',
  credit_limit numeric(18,4) CHECK (credit_limit >= 0 AND credit_limit <> 'NaN'),
  notes text,
  settings jsonb NOT NULL DEFAULT '{}',
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- Counters of human numbers: the row is locked and raised in the transaction of the document, so numbers have no gaps.
CREATE TABLE invoice_series (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  store_id uuid REFERENCES stores,
  document_type varchar(20) NOT NULL DEFAULT 'invoice'
    CHECK (document_type IN ('invoice', 'purchase_order', 'goods_receipt', 'stock_transfer')),
  series varchar(10) NOT NULL DEFAULT 'A',
  prefix varchar(60) NOT NULL DEFAULT '',
  digits smallint NOT NULL DEFAULT 8 CHECK (digits BETWEEN 1 AND 18),
  next_number bigint NOT NULL DEFAULT 1 CHECK (next_number > 0),
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT invoice_series_key UNIQUE NULLS NOT DISTINCT (store_id, document_type, series),
  CONSTRAINT invoice_series_store_check CHECK ((document_type = 'invoice') = (store_id IS NOT NULL))
) WITH (fillfactor = 50);
CREATE TRIGGER store_invoice_series_trigger AFTER INSERT ON stores
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION create_invoice_series();

CREATE TABLE exchange_rates (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  base_currency char(3) NOT NULL,
  quote_currency char(3) NOT NULL,
  rate numeric(20,8) NOT NULL CHECK (rate > 0 AND rate <> 'NaN'),
  valid_from timestamptz NOT NULL,
  source varchar(60) NOT NULL DEFAULT 'manual',
  created_by uuid DEFAULT (nullif(current_setting('app.actor', true), '')::jsonb ->> 'user')::uuid REFERENCES users,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (base_currency, quote_currency, valid_from),
  CONSTRAINT exchange_rates_currencies_check CHECK (base_currency <> quote_currency)
);
COMMENT ON COLUMN exchange_rates.rate IS 'quote currency for one unit of the base currency';
CREATE INDEX idx_exchange_rates_created_by ON exchange_rates (created_by);

CREATE TABLE sales (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  store_id uuid NOT NULL REFERENCES stores,
  series varchar(10),
  number bigint,
  invoice_number varchar(80),
  status varchar(10) NOT NULL DEFAULT 'completed' CHECK (status IN ('draft', 'completed', 'voided', 'returned')),
  source varchar(10) NOT NULL DEFAULT 'api' CHECK (source IN ('api', 'pos', 'import')),
  business_date date NOT NULL,
  client_id uuid REFERENCES clients,
  client_name varchar(200),
  client_tax_id varchar(30),
  currency char(3) NOT NULL DEFAULT 'USD',
  subtotal numeric(18,4) NOT NULL DEFAULT 0 CHECK (subtotal <> 'NaN'),
  discount_amount numeric(18,4) NOT NULL DEFAULT 0 CHECK (discount_amount <> 'NaN'),
  tax_amount numeric(18,4) NOT NULL DEFAULT 0 CHECK (tax_amount <> 'NaN'),
  total_amount numeric(18,4) NOT NULL DEFAULT 0 CHECK (total_amount <> 'NaN'),
  payment_method varchar(10) CHECK (payment_method IN ('cash', 'card', 'transfer', 'check', 'credit')),
  payment_status varchar(10) NOT NULL DEFAULT 'pending' CHECK (payment_status IN ('paid', 'pending', 'partial', 'cancelled')),
  notes text,
  pos_transaction_id varchar(100),
  import_id uuid REFERENCES imports,
  created_by uuid DEFAULT (nullif(current_setting('app.actor', true), '')::jsonb ->> 'user')::uuid REFERENCES users,
  voided_at timestamptz,
  voided_by uuid REFERENCES users,
  void_reason text,
  created_at timestamptz NOT NULL DEFAULT now(),
  recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT sales_series_number_key UNIQUE (store_id, series, number),
  CONSTRAINT sales_pos_transaction_id_key UNIQUE (store_id, pos_transaction_id),
  CONSTRAINT sales_invoice_number_key UNIQUE (invoice_number, store_id),
  CONSTRAINT sales_number_check CHECK ((number IS NULL) = (series IS NULL)
    AND (number IS NOT NULL OR source = 'import' OR status = 'draft') AND (number IS NULL OR invoice_number IS NOT NULL))
);
COMMENT ON COLUMN sales.created_at IS 'business time (occurredAt); recorded_at is when the row was written';
COMMENT ON COLUMN sales.business_date IS 'local date of created_at in the tenant''s time zone: demand and reports count by it';
COMMENT ON COLUMN sales.number IS 'null for imported history, which another system has numbered';
CREATE INDEX idx_sales_store_business_date ON sales (business_date, store_id);
CREATE INDEX idx_sales_created_at ON sales (created_at);
-- what was written down, or voided, since an instant: rows come in that order, and few are ever voided
CREATE INDEX idx_sales_recorded_at ON sales USING brin (recorded_at) WITH (pages_per_range = 32);
CREATE INDEX idx_sales_revoked ON sales (updated_at) WHERE status IN ('voided', 'returned');
CREATE INDEX idx_sales_client ON sales (client_id) WHERE client_id IS NOT NULL;
CREATE INDEX idx_sales_created_by ON sales (created_by) WHERE created_by IS NOT NULL;
CREATE INDEX idx_sales_voided_by ON sales (voided_by) WHERE voided_by IS NOT NULL;
CREATE INDEX idx_sales_import ON sales (import_id) WHERE import_id IS NOT NULL;

CREATE TABLE sale_items (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  sale_id uuid NOT NULL REFERENCES sales ON DELETE CASCADE,
  line_number integer NOT NULL CHECK (line_number > 0),
  product_id uuid NOT NULL REFERENCES products,
  quantity numeric(18,4) NOT NULL CHECK (quantity <> 0 AND quantity <> 'NaN'),
  unit_price numeric(18,4) NOT NULL CHECK (unit_price >= 0 AND unit_price <> 'NaN'),
  line_total numeric(18,4) GENERATED ALWAYS AS (round(quantity * unit_price, 4)) STORED,
  discount_amount numeric(18,4) NOT NULL DEFAULT 0 CHECK (discount_amount <> 'NaN'),
  net_total numeric(18,4) NOT NULL,
  tax_rate numeric(9,4) NOT NULL DEFAULT 0 CHECK (tax_rate BETWEEN 0 AND 100),
  tax_amount numeric(18,4) NOT NULL DEFAULT 0 CHECK (tax_amount <> 'NaN'),
  cost_per_unit numeric(18,6) CHECK (cost_per_unit >= 0 AND cost_per_unit <> 'NaN'),
  is_promotion boolean NOT NULL DEFAULT false,
  moves_stock boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT sale_items_line_number_key UNIQUE (sale_id, line_number),
  CONSTRAINT sale_items_net_total_check CHECK (net_total = round(quantity * unit_price, 4) - discount_amount)
);
COMMENT ON COLUMN sale_items.quantity IS 'negative: a line that came back (imported history)';
COMMENT ON COLUMN sale_items.created_at IS 'business time of the sale';
COMMENT ON COLUMN sale_items.moves_stock IS 'false: history before the opening count; demand and reports only';
CREATE INDEX idx_sale_items_product_time ON sale_items (product_id, created_at);

CREATE TABLE sale_payments (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  sale_id uuid NOT NULL REFERENCES sales ON DELETE CASCADE,
  method varchar(10) NOT NULL CHECK (method IN ('cash', 'card', 'transfer', 'check', 'credit')),
  channel varchar(40),
  currency char(3) NOT NULL DEFAULT 'USD',
  amount numeric(18,4) NOT NULL CHECK (amount <> 0 AND amount <> 'NaN'),
  exchange_rate numeric(20,8) NOT NULL DEFAULT 1 CHECK (exchange_rate > 0 AND exchange_rate <> 'NaN'),
  amount_in_sale_currency numeric(18,4) NOT NULL CHECK (amount_in_sale_currency <> 'NaN'),
  reference varchar(100),
  created_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN sale_payments.channel IS 'pago_movil, zelle, biopago, ...';
COMMENT ON COLUMN sale_payments.exchange_rate IS 'payment currency for one unit of the sale''s currency, as stored at the time';
CREATE INDEX idx_sale_payments_sale ON sale_payments (sale_id);
