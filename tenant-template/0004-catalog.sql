-- Stores, categories, suppliers, taxes and products.

CREATE TABLE stores (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  code varchar(40) NOT NULL UNIQUE,
  name varchar(200) NOT NULL,
  type varchar(30) NOT NULL DEFAULT 'store' CHECK (type IN ('warehouse', 'store', 'distribution_center')),
  address jsonb NOT NULL DEFAULT '{}',
  contact jsonb NOT NULL DEFAULT '{}',
  settings jsonb NOT NULL DEFAULT '{}',
  allow_negative_stock boolean,
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN stores.allow_negative_stock IS 'null = the tenant''s setting inventory.negative_stock';

CREATE TABLE categories (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  parent_id uuid REFERENCES categories,
  code varchar(60) NOT NULL UNIQUE,
  name varchar(200) NOT NULL,
  description text,
  settings jsonb NOT NULL DEFAULT '{}',
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT categories_no_cycle CHECK (parent_id <> id)
);
CREATE INDEX idx_categories_parent ON categories (parent_id);
CREATE TRIGGER category_tree_trigger AFTER INSERT OR UPDATE OF parent_id ON categories
  FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL) EXECUTE FUNCTION check_category_tree();

CREATE TABLE suppliers (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  code varchar(60) NOT NULL UNIQUE,
  business_name varchar(200) NOT NULL,
  trade_name varchar(200),
  tax_id varchar(30),
  tax_id_status varchar(10) NOT NULL DEFAULT 'unchecked' CHECK (tax_id_status IN ('valid', 'unchecked', 'invalid')),
  contact_person varchar(200),
  phone varchar(60),
  email ext.citext,
  address jsonb NOT NULL DEFAULT '{}',
  payment_terms varchar(200),
  credit_limit numeric(18,4) CHECK (credit_limit >= 0),
  min_order_amount numeric(18,4) CHECK (min_order_amount >= 0 AND min_order_amount <> 'NaN'),
  lead_time_days integer NOT NULL DEFAULT 7 CHECK (lead_time_days BETWEEN 0 AND 730),
  settings jsonb NOT NULL DEFAULT '{}',
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN suppliers.min_order_amount IS 'least amount of one order, without tax; null = none';

CREATE TABLE tax_categories (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  code varchar(40) NOT NULL UNIQUE,
  name varchar(200) NOT NULL,
  is_default boolean NOT NULL DEFAULT false,
  is_active boolean NOT NULL DEFAULT true,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX tax_categories_one_default ON tax_categories (is_default) WHERE is_default;

CREATE TABLE tax_rates (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  tax_category_id uuid NOT NULL REFERENCES tax_categories ON DELETE CASCADE,
  rate numeric(9,4) NOT NULL CHECK (rate BETWEEN 0 AND 100),
  valid_from date NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (tax_category_id, valid_from)
);
COMMENT ON COLUMN tax_rates.rate IS 'percent: 16 is sixteen of a hundred';

CREATE TABLE products (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  sku varchar(60) NOT NULL,
  barcode varchar(60),
  barcode_status varchar(10) NOT NULL DEFAULT 'unchecked' CHECK (barcode_status IN ('valid', 'unchecked', 'invalid')),
  name varchar(300) NOT NULL,
  description text,
  category_id uuid REFERENCES categories,
  supplier_id uuid REFERENCES suppliers,
  unit_type varchar(10) NOT NULL DEFAULT 'unit' CHECK (unit_type IN ('unit', 'kg', 'liter', 'meter', 'box', 'case')),
  min_stock_level numeric(18,4) NOT NULL DEFAULT 0 CHECK (min_stock_level >= 0 AND min_stock_level <> 'NaN'),
  max_stock_level numeric(18,4) CHECK (max_stock_level >= 0 AND max_stock_level <> 'NaN'),
  reorder_point numeric(18,4) NOT NULL DEFAULT 0 CHECK (reorder_point >= 0 AND reorder_point <> 'NaN'),
  lead_time_days integer CHECK (lead_time_days BETWEEN 0 AND 730),
  cost_price numeric(18,6) NOT NULL DEFAULT 0 CHECK (cost_price >= 0 AND cost_price <> 'NaN'),
  selling_price numeric(18,4) NOT NULL DEFAULT 0 CHECK (selling_price >= 0 AND selling_price <> 'NaN'),
  tax_category_id uuid NOT NULL REFERENCES tax_categories,
  tax_rate numeric(9,4) NOT NULL,
  allow_negative_stock boolean,
  settings jsonb NOT NULL DEFAULT '{}',
  is_active boolean NOT NULL DEFAULT true,
  search_text text GENERATED ALWAYS AS (lower(ext.immutable_unaccent(name || ' ' || sku || ' ' || coalesce(barcode, '')))) STORED,
  search_document tsvector GENERATED ALWAYS AS (to_tsvector('ext.spanish_unaccent'::regconfig, name)) STORED,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT products_stock_levels_check CHECK (max_stock_level IS NULL OR max_stock_level >= min_stock_level)
);
COMMENT ON COLUMN products.tax_rate IS 'percent in force today of the tax category; kept by set_product_tax_rate and refresh_tax_rates';
COMMENT ON COLUMN products.lead_time_days IS 'null = the supplier''s';
COMMENT ON COLUMN products.allow_negative_stock IS 'null = the store''s, else the tenant''s rule';
-- the document's index with its columns the other way round: in a schema of one tenant an index that begins with tenant_id looks
-- selective to a planner without statistics, which then reads the whole table through it even for a look-up by id
CREATE UNIQUE INDEX idx_products_tenant_sku ON products (sku, tenant_id);
CREATE UNIQUE INDEX products_barcode_key ON products (barcode) WHERE barcode IS NOT NULL;
CREATE INDEX idx_products_category ON products (category_id);
CREATE INDEX idx_products_supplier ON products (supplier_id);
CREATE INDEX idx_products_tax_category ON products (tax_category_id);
CREATE INDEX idx_products_search_text ON products USING gin (search_text ext.gin_trgm_ops);
CREATE INDEX idx_products_search_document ON products USING gin (search_document);
CREATE TRIGGER product_tax_rate_trigger BEFORE INSERT OR UPDATE OF tax_category_id ON products
  FOR EACH ROW EXECUTE FUNCTION set_product_tax_rate();
CREATE TRIGGER tax_rates_trigger AFTER INSERT OR UPDATE OR DELETE ON tax_rates
  FOR EACH STATEMENT EXECUTE FUNCTION tax_rates_changed();

-- Every label of a product: the main one (products.barcode, kept here by trigger) and further ones (a case, an older label).
CREATE TABLE product_barcodes (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  product_id uuid NOT NULL REFERENCES products ON DELETE CASCADE,
  barcode varchar(60) NOT NULL UNIQUE,
  barcode_status varchar(10) NOT NULL DEFAULT 'unchecked' CHECK (barcode_status IN ('valid', 'unchecked', 'invalid')),
  quantity numeric(18,4) NOT NULL DEFAULT 1 CHECK (quantity > 0 AND quantity <> 'NaN'),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);
COMMENT ON COLUMN product_barcodes.quantity IS 'units of the product that one scan stands for';
CREATE INDEX idx_product_barcodes_product ON product_barcodes (product_id);
CREATE TRIGGER main_barcode_insert_trigger AFTER INSERT ON products
  REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_main_barcodes();
CREATE TRIGGER main_barcode_update_trigger AFTER UPDATE ON products
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION keep_main_barcodes();

CREATE TABLE product_suppliers (
  id uuid PRIMARY KEY DEFAULT ext.uuid_v7(),
  tenant_id uuid NOT NULL DEFAULT nullif(current_setting('app.current_tenant_id', true), '')::uuid,
  product_id uuid NOT NULL REFERENCES products ON DELETE CASCADE,
  supplier_id uuid NOT NULL REFERENCES suppliers,
  supplier_sku varchar(60),
  unit_cost numeric(18,6) CHECK (unit_cost >= 0 AND unit_cost <> 'NaN'),
  lead_time_days integer CHECK (lead_time_days BETWEEN 0 AND 730),
  min_order_quantity numeric(18,4) NOT NULL DEFAULT 1 CHECK (min_order_quantity > 0 AND min_order_quantity <> 'NaN'),
  pack_size numeric(18,4) NOT NULL DEFAULT 1 CHECK (pack_size > 0 AND pack_size <> 'NaN'),
  is_preferred boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (product_id, supplier_id)
);
CREATE INDEX idx_product_suppliers_supplier ON product_suppliers (supplier_id);
CREATE UNIQUE INDEX product_suppliers_one_preferred ON product_suppliers (product_id) WHERE is_preferred;
