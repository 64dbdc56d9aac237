-- What one room shows to the others: they read these instead of its tables. Views run with the rights and the row rules of whoever
-- asks (security_invoker).

-- inventory: a level with everything that a decision about it needs. lead_time_days: the store's, else the product's, else the supplier's.
CREATE VIEW stock_levels WITH (security_invoker = true) AS
SELECT i.tenant_id, i.product_id, i.store_id, p.sku, p.name AS product_name, s.code AS store_code, s.name AS store_name,
       p.category_id, p.supplier_id, p.is_active AND s.is_active AS is_active, p.unit_type,
       i.quantity_on_hand, i.quantity_reserved, i.quantity_available, i.alert_point, i.below_reorder,
       coalesce(i.min_stock_level, p.min_stock_level) AS min_stock_level, coalesce(i.max_stock_level, p.max_stock_level) AS max_stock_level,
       coalesce(i.lead_time_days, p.lead_time_days, u.lead_time_days, 7) AS lead_time_days,
       coalesce(i.cost_per_unit, p.cost_price) AS unit_cost, p.selling_price, i.counted_from, i.last_movement_at
  FROM inventory i
  JOIN products p ON p.id = i.product_id
  JOIN stores s ON s.id = i.store_id
  LEFT JOIN suppliers u ON u.id = p.supplier_id;
GRANT SELECT ON stock_levels TO {{role}};

-- inventory: what was ordered and has not come yet
CREATE VIEW stock_on_order WITH (security_invoker = true) AS
SELECT o.tenant_id, o.store_id, x.product_id, sum(greatest(x.quantity_ordered - x.quantity_received, 0)) AS quantity, min(o.expected_date) AS expected_date
  FROM purchase_orders o JOIN purchase_order_items x ON x.purchase_order_id = o.id
 WHERE o.status IN ('sent', 'confirmed', 'partial')
 GROUP BY o.tenant_id, o.store_id, x.product_id;
GRANT SELECT ON stock_on_order TO {{role}};

-- inventory: the levels of some pairs, locked against change until the transaction ends, in the order in which everybody locks them
CREATE FUNCTION lock_levels(p_products uuid[], p_stores uuid[]) RETURNS SETOF stock_levels LANGUAGE plpgsql
  SET search_path = {{schema}}, ext, pg_temp AS $$
BEGIN
  PERFORM FROM inventory i WHERE (i.product_id, i.store_id) IN (SELECT * FROM unnest(p_products, p_stores))
    ORDER BY i.product_id, i.store_id FOR SHARE;
  RETURN QUERY SELECT l.* FROM stock_levels l WHERE (l.product_id, l.store_id) IN (SELECT * FROM unnest(p_products, p_stores));
END $$;
GRANT EXECUTE ON FUNCTION lock_levels(uuid[], uuid[]) TO {{role}};

-- sales: units sold of a product in a store on a local day, returns taken off
CREATE VIEW daily_demand WITH (security_invoker = true) AS
SELECT s.tenant_id, i.product_id, s.store_id, s.business_date AS day, sum(i.quantity) AS quantity,
       sum(i.net_total) / nullif(sum(i.quantity), 0) AS unit_price, bool_or(i.is_promotion) AS is_promotion
  FROM sales s JOIN sale_items i ON i.sale_id = s.id
 WHERE s.status = 'completed'
 GROUP BY s.tenant_id, i.product_id, s.store_id, s.business_date;
GRANT SELECT ON daily_demand TO {{role}};

-- sales: the same of some products in some stores, for those who go through a tenant part by part. Every sale of the stores is looked up by
-- its own lines (OFFSET 0), whatever else is in the table: for a large tenant a planner would rather read all lines of all stores, each time.
CREATE FUNCTION demand_history(p_products uuid[], p_stores uuid[], p_from date, p_to date)
  RETURNS TABLE (product_id uuid, store_id uuid, day date, quantity numeric) LANGUAGE plpgsql STABLE
  SET search_path = {{schema}}, ext, pg_temp SET plan_cache_mode = force_custom_plan AS $$
BEGIN
  RETURN QUERY
  SELECT i.product_id, s.store_id, s.business_date, sum(i.quantity)
    FROM sales s
    CROSS JOIN LATERAL (SELECT x.product_id, x.quantity FROM sale_items x WHERE x.sale_id = s.id OFFSET 0) i
   WHERE i.product_id = ANY (p_products) AND s.store_id = ANY (p_stores) AND s.business_date BETWEEN p_from AND p_to AND s.status = 'completed'
   GROUP BY 1, 2, 3;
END $$;
GRANT EXECUTE ON FUNCTION demand_history(uuid[], uuid[], date, date) TO {{role}};

-- sales: units sold of some pairs since an instant, returns taken off; a pair without sales is absent
CREATE FUNCTION recent_demand(p_products uuid[], p_stores uuid[], p_since timestamptz)
  RETURNS TABLE (product_id uuid, store_id uuid, quantity numeric) LANGUAGE sql STABLE
  SET search_path = {{schema}}, ext, pg_temp AS $$
  SELECT i.product_id, s.store_id, sum(i.quantity)
    FROM sale_items i JOIN sales s ON s.id = i.sale_id
   WHERE i.product_id = ANY (p_products) AND i.created_at >= p_since AND s.status = 'completed'
     AND (i.product_id, s.store_id) IN (SELECT * FROM unnest(p_products, p_stores))
   GROUP BY 1, 2
$$;
GRANT EXECUTE ON FUNCTION recent_demand(uuid[], uuid[], timestamptz) TO {{role}};

-- inventory: how a product is ordered from its supplier
CREATE VIEW product_packs WITH (security_invoker = true) AS
SELECT s.tenant_id, s.product_id, s.supplier_id, s.pack_size, s.min_order_quantity
  FROM product_suppliers s JOIN products p ON p.id = s.product_id AND p.supplier_id = s.supplier_id;
GRANT SELECT ON product_packs TO {{role}};

-- inventory: what is on its way, by the day it is expected. An order without a date is expected after the supplier's lead time.
CREATE VIEW stock_arrivals WITH (security_invoker = true) AS
SELECT o.tenant_id, o.store_id, x.product_id,
       coalesce(o.expected_date, o.order_date + coalesce(p.lead_time_days, u.lead_time_days, 7)) AS expected_date,
       sum(x.quantity_ordered - x.quantity_received) AS quantity
  FROM purchase_orders o
  JOIN purchase_order_items x ON x.purchase_order_id = o.id AND x.quantity_ordered > x.quantity_received
  JOIN products p ON p.id = x.product_id
  JOIN suppliers u ON u.id = o.supplier_id
 WHERE o.status IN ('sent', 'confirmed', 'partial')
 GROUP BY 1, 2, 3, 4;
GRANT SELECT ON stock_arrivals TO {{role}};

-- inventory: of some pairs those whose product and store are active, with the lead time in force (the store's, else the product's, else
-- the supplier's), also where there never was a level
CREATE FUNCTION supply_terms(p_products uuid[], p_stores uuid[])
  RETURNS TABLE (product_id uuid, store_id uuid, category_id uuid, lead_time_days integer) LANGUAGE sql STABLE
  SET search_path = {{schema}}, ext, pg_temp AS $$
  SELECT x.product_id, x.store_id, p.category_id, coalesce(i.lead_time_days, p.lead_time_days, u.lead_time_days, 7)
    FROM unnest(p_products, p_stores) AS x (product_id, store_id)
    JOIN products p ON p.id = x.product_id AND p.is_active
    JOIN stores s ON s.id = x.store_id AND s.is_active
    LEFT JOIN inventory i ON i.product_id = x.product_id AND i.store_id = x.store_id
    LEFT JOIN suppliers u ON u.id = p.supplier_id
$$;
GRANT EXECUTE ON FUNCTION supply_terms(uuid[], uuid[]) TO {{role}};

-- inventory: products in stores, whether active or not, with what a decision about them names; without a level there are no quantities
CREATE FUNCTION stock_facts(p_products uuid[], p_stores uuid[])
  RETURNS TABLE (product_id uuid, store_id uuid, sku text, product_name text, store_name text, unit_type text, supplier_name text,
                 quantity_on_hand numeric, quantity_available numeric, alert_point numeric, lead_time_days integer) LANGUAGE sql STABLE
  SET search_path = {{schema}}, ext, pg_temp AS $$
  SELECT x.product_id, x.store_id, p.sku, p.name, s.name, p.unit_type, u.business_name, i.quantity_on_hand, i.quantity_available,
         i.alert_point, coalesce(i.lead_time_days, p.lead_time_days, u.lead_time_days, 7)
    FROM unnest(p_products, p_stores) AS x (product_id, store_id)
    JOIN products p ON p.id = x.product_id
    JOIN stores s ON s.id = x.store_id
    LEFT JOIN inventory i ON i.product_id = x.product_id AND i.store_id = x.store_id
    LEFT JOIN suppliers u ON u.id = p.supplier_id
$$;
GRANT EXECUTE ON FUNCTION stock_facts(uuid[], uuid[]) TO {{role}};

-- inventory: the balance of some pairs at the end of each local day, since a day, on which something moved, by the movement ledger. Days
-- before a level's first movement of the span are absent, and say nothing.
CREATE FUNCTION closing_balances(p_products uuid[], p_stores uuid[], p_from date, p_zone text)
  RETURNS TABLE (product_id uuid, store_id uuid, day date, balance numeric) LANGUAGE sql STABLE
  SET search_path = {{schema}}, ext, pg_temp AS $$
  SELECT m.product_id, m.store_id, m.day,
         i.quantity_on_hand - coalesce(sum(m.quantity) OVER (PARTITION BY m.product_id, m.store_id ORDER BY m.day DESC
           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)
    FROM (SELECT x.product_id, x.store_id, (x.created_at AT TIME ZONE p_zone)::date AS day, sum(x.quantity) AS quantity
            FROM inventory_movements x
           WHERE x.created_at >= p_from::timestamp AT TIME ZONE p_zone
             AND x.product_id = ANY (p_products) AND x.store_id = ANY (p_stores)
           GROUP BY 1, 2, 3) m
    JOIN inventory i ON i.product_id = m.product_id AND i.store_id = m.store_id
$$;
GRANT EXECUTE ON FUNCTION closing_balances(uuid[], uuid[], date, text) TO {{role}};

-- inventory: when products were out of stock, as spans of local days whose closing balance was zero or less, by the movement ledger.
-- A day before a level's first movement of the span says nothing and is absent. What goes on being sold without having come in was
-- there, whatever the ledger says: a balance that only falls further is no stock-out.
CREATE FUNCTION stockout_spans(p_products uuid[], p_stores uuid[], p_from date, p_to date, p_zone text)
  RETURNS TABLE (product_id uuid, store_id uuid, first_day date, last_day date) LANGUAGE sql STABLE
  SET search_path = {{schema}}, ext, pg_temp AS $$
  SELECT c.product_id, c.store_id, c.day, least(coalesce(c.next_day - 1, p_to), p_to)
    FROM (SELECT b.*, lead(b.day) OVER w AS next_day, lead(b.balance) OVER w AS next_balance
            FROM closing_balances(p_products, p_stores, p_from, p_zone) b
          WINDOW w AS (PARTITION BY b.product_id, b.store_id ORDER BY b.day)) c
   WHERE c.balance <= 0 AND c.day <= p_to AND (c.next_balance IS NULL OR c.next_balance > c.balance)
$$;
GRANT EXECUTE ON FUNCTION stockout_spans(uuid[], uuid[], date, date, text) TO {{role}};

-- sales: the last of a span of local days on which stores sold anything; a store without one is absent
CREATE FUNCTION store_last_days(p_stores uuid[], p_from date, p_to date)
  RETURNS TABLE (store_id uuid, last_day date) LANGUAGE sql STABLE
  SET search_path = {{schema}}, ext, pg_temp AS $$
  SELECT u.store_id, z.last_day
    FROM unnest(p_stores) AS u (store_id)
    CROSS JOIN LATERAL (SELECT max(s.business_date) AS last_day FROM sales s
       WHERE s.store_id = u.store_id AND s.business_date BETWEEN p_from AND p_to AND s.status = 'completed') z
   WHERE z.last_day IS NOT NULL
$$;
GRANT EXECUTE ON FUNCTION store_last_days(uuid[], date, date) TO {{role}};

-- sales: which products sold in which stores within a span of local days, on how many lines, and the last of the days on which that
-- store sold anything
CREATE FUNCTION sold_pairs(p_from date, p_to date, p_products uuid[], p_stores uuid[])
  RETURNS TABLE (product_id uuid, store_id uuid, store_last_day date, lines bigint) LANGUAGE sql STABLE
  SET search_path = {{schema}}, ext, pg_temp AS $$
  WITH pairs AS (
    SELECT i.product_id, s.store_id, count(*) AS lines
      FROM sales s JOIN sale_items i ON i.sale_id = s.id
     WHERE s.business_date BETWEEN p_from AND p_to AND s.status = 'completed'
       AND (p_stores IS NULL OR s.store_id = ANY (p_stores)) AND (p_products IS NULL OR i.product_id = ANY (p_products))
     GROUP BY 1, 2)
  SELECT p.product_id, p.store_id, d.last_day, p.lines
    FROM pairs p JOIN store_last_days((SELECT coalesce(array_agg(DISTINCT q.store_id), '{}') FROM pairs q), p_from, p_to) d ON d.store_id = p.store_id
$$;
GRANT EXECUTE ON FUNCTION sold_pairs(date, date, uuid[], uuid[]) TO {{role}};

-- sales: pairs of the sales that were written down or voided since an instant, or whose local day is one after p_day, up to p_to: the last
-- of their days, and when the last of them was written down or voided
CREATE FUNCTION sold_lately(p_since timestamptz, p_day date, p_to date)
  RETURNS TABLE (product_id uuid, store_id uuid, last_day date, noted_at timestamptz) LANGUAGE sql STABLE
  SET search_path = {{schema}}, ext, pg_temp AS $$
  SELECT i.product_id, s.store_id, max(s.business_date), max(CASE s.status WHEN 'completed' THEN s.recorded_at ELSE s.updated_at END)
    FROM sales s JOIN sale_items i ON i.sale_id = s.id
   WHERE s.business_date <= p_to AND s.status <> 'draft'
     AND (s.business_date > p_day OR s.recorded_at > p_since OR (s.status IN ('voided', 'returned') AND s.updated_at > p_since))
   GROUP BY 1, 2
$$;
GRANT EXECUTE ON FUNCTION sold_lately(timestamptz, date, date) TO {{role}};

-- forecasting: the daily demand forecasts in force, of each product and store those of one completed run: the newest that made one. A run
-- that was asked for some stores or products, or for what has changed, replaces only what it made anew.
CREATE VIEW current_forecasts WITH (security_invoker = true) AS
SELECT f.tenant_id, f.product_id, f.store_id, f.forecast_date, f.horizon, f.predicted_value, f.q10, f.q50, f.q90, f.q95, f.q99,
       f.run_id, f.model_version, f.metadata, f.made_at
  FROM forecast_series s
  JOIN forecast_runs r ON r.id = s.run_id AND r.status = 'completed'
  JOIN forecasts f ON f.run_id = s.run_id AND f.store_id = s.store_id AND f.product_id = s.product_id
   AND f.forecast_type = 'demand' AND f.period_type = 'daily';
GRANT SELECT ON current_forecasts TO {{role}};

-- inventory: the tree of categories
CREATE VIEW category_parents WITH (security_invoker = true) AS
SELECT c.tenant_id, c.id AS category_id, c.parent_id FROM categories c;
GRANT SELECT ON category_parents TO {{role}};

-- sales and inventory: since which local day the stock of some pairs lies without a sale. It begins with the last sale within the last 800
-- days, or with the day on which stock came in after that. last_sold_on is that sale; null: none.
CREATE FUNCTION idle_stock(p_products uuid[], p_stores uuid[], p_today date, p_zone text)
  RETURNS TABLE (product_id uuid, store_id uuid, last_sold_on date, held_since date) LANGUAGE sql STABLE
  SET search_path = {{schema}}, ext, pg_temp AS $$
  WITH sold AS (
    SELECT i.product_id, s.store_id, max(s.business_date) AS day
      FROM sale_items i JOIN sales s ON s.id = i.sale_id AND s.status = 'completed'
     WHERE i.product_id = ANY (p_products) AND s.store_id = ANY (p_stores) AND i.quantity > 0
       AND i.created_at >= (p_today - 800)::timestamp AT TIME ZONE p_zone
     GROUP BY 1, 2),
  gone AS (
    SELECT o.product_id, o.store_id, max(o.last_day) + 1 AS day
      FROM stockout_spans(p_products, p_stores, p_today - 800, p_today, p_zone) o GROUP BY 1, 2),
  moved AS (
    SELECT m.product_id, m.store_id, (min(m.created_at) AT TIME ZONE p_zone)::date AS day
      FROM inventory_movements m
     WHERE m.product_id = ANY (p_products) AND m.store_id = ANY (p_stores)
       AND m.created_at >= (p_today - 800)::timestamp AT TIME ZONE p_zone
     GROUP BY 1, 2)
  SELECT x.product_id, x.store_id, sold.day, coalesce(greatest(gone.day, moved.day), p_today - 800)
    FROM unnest(p_products, p_stores) AS x (product_id, store_id)
    LEFT JOIN sold ON sold.product_id = x.product_id AND sold.store_id = x.store_id
    LEFT JOIN gone ON gone.product_id = x.product_id AND gone.store_id = x.store_id
    LEFT JOIN moved ON moved.product_id = x.product_id AND moved.store_id = x.store_id
$$;
GRANT EXECUTE ON FUNCTION idle_stock(uuid[], uuid[], date, text) TO {{role}};

-- forecasting: how much is expected to sell over lead times, in force: of each product and store as for current_forecasts. metadata holds
-- the distributions of the demand summed over the first days.
CREATE VIEW current_reorder_forecasts WITH (security_invoker = true) AS
SELECT f.tenant_id, f.product_id, f.store_id, f.forecast_date, f.horizon, f.forecast_date - (f.horizon - 1) AS first_day, f.predicted_value,
       f.q10, f.q50, f.q90, f.q95, f.q99, f.run_id, f.model_version, f.metadata, f.made_at
  FROM forecast_series s
  JOIN forecast_runs r ON r.id = s.run_id AND r.status = 'completed'
  JOIN forecasts f ON f.run_id = s.run_id AND f.store_id = s.store_id AND f.product_id = s.product_id
   AND f.forecast_type = 'reorder' AND f.period_type = 'daily';
GRANT SELECT ON current_reorder_forecasts TO {{role}};

-- inventory: everything that a decision about replenishing asks of it, by product and store, active ones. Pages of whole products behind
-- p_after that hold about p_pairs rows, those with a level; or the named products and stores, with a level or without.
-- lead_time_source says whose the lead time is. Drafts count as what is coming, so that nothing is suggested twice.
CREATE FUNCTION supply_items(p_after uuid, p_pairs integer, p_products uuid[], p_stores uuid[])
  RETURNS TABLE (product_id uuid, store_id uuid, sku varchar, product_name varchar, unit_type varchar, store_name varchar, store_type varchar,
    supplier_id uuid, supplier_name varchar, unit_cost numeric, selling_price numeric, pack_size numeric, min_order_quantity numeric,
    lead_time_days integer, lead_time_source text, on_hand numeric, reserved numeric, alert_point numeric, own_reorder_point numeric,
    min_stock_level numeric, max_stock_level numeric, on_order numeric, in_drafts numeric, transfers_in numeric, transfers_out numeric, arrivals text)
  LANGUAGE sql STABLE SET search_path = {{schema}}, ext, pg_temp AS $$
  WITH page AS MATERIALIZED (
    SELECT p.id FROM products p
     WHERE p.is_active AND p.id > p_after AND (p_products IS NULL OR p.id = ANY (p_products))
       AND (p_products IS NOT NULL
            OR EXISTS (SELECT FROM inventory i JOIN stores s ON s.id = i.store_id AND s.is_active WHERE i.product_id = p.id))
     ORDER BY p.id LIMIT greatest(1, p_pairs / greatest(1, (SELECT count(*) FROM stores WHERE is_active)))),
  ordered AS (
    SELECT x.product_id, o.store_id,
           sum(greatest(x.quantity_ordered - x.quantity_received, 0)) FILTER (WHERE o.status <> 'draft') AS on_order,
           sum(x.quantity_ordered) FILTER (WHERE o.status = 'draft') AS in_drafts
      FROM purchase_order_items x JOIN purchase_orders o ON o.id = x.purchase_order_id AND o.status IN ('draft', 'sent', 'confirmed', 'partial')
     WHERE x.product_id = ANY (ARRAY(SELECT id FROM page))
     GROUP BY 1, 2),
  moving AS (
    SELECT m.product_id, m.store_id, sum(m.coming) AS coming, sum(m.going) AS going
      FROM (SELECT x.product_id, t.to_store_id AS store_id, x.quantity - x.quantity_received AS coming, 0 AS going
              FROM stock_transfer_items x JOIN stock_transfers t ON t.id = x.stock_transfer_id AND t.status NOT IN ('received', 'cancelled')
             WHERE x.product_id = ANY (ARRAY(SELECT id FROM page))
            UNION ALL
            SELECT x.product_id, t.from_store_id, 0, x.quantity - x.quantity_shipped
              FROM stock_transfer_items x JOIN stock_transfers t ON t.id = x.stock_transfer_id AND t.status NOT IN ('received', 'cancelled')
             WHERE x.product_id = ANY (ARRAY(SELECT id FROM page))) m
     GROUP BY 1, 2),
  arriving AS (
    SELECT a.product_id, a.store_id, string_agg(to_char(a.expected_date, 'YYYY-MM-DD') || ':' || a.quantity, ',' ORDER BY a.expected_date) AS arrivals
      FROM stock_arrivals a WHERE a.product_id = ANY (ARRAY(SELECT id FROM page)) GROUP BY 1, 2)
  SELECT p.id, s.id, p.sku, p.name, p.unit_type, s.name, s.type, p.supplier_id, u.business_name, coalesce(x.unit_cost, p.cost_price), p.selling_price,
         coalesce(x.pack_size, 1), coalesce(x.min_order_quantity, 1),
         coalesce(i.lead_time_days, p.lead_time_days, u.lead_time_days, 7),
         CASE WHEN i.lead_time_days IS NOT NULL THEN 'store' WHEN p.lead_time_days IS NOT NULL THEN 'product'
              WHEN u.lead_time_days IS NOT NULL THEN 'supplier' ELSE 'default' END,
         coalesce(i.quantity_on_hand, 0), coalesce(i.quantity_reserved, 0), coalesce(i.alert_point, p.reorder_point), i.reorder_point,
         coalesce(i.min_stock_level, p.min_stock_level), coalesce(i.max_stock_level, p.max_stock_level),
         coalesce(o.on_order, 0), coalesce(o.in_drafts, 0), coalesce(m.coming, 0), coalesce(m.going, 0), a.arrivals
    FROM page
    JOIN products p ON p.id = page.id
    JOIN stores s ON s.is_active AND (p_stores IS NULL OR s.id = ANY (p_stores))
    LEFT JOIN inventory i ON i.product_id = p.id AND i.store_id = s.id
    LEFT JOIN suppliers u ON u.id = p.supplier_id
    LEFT JOIN product_suppliers x ON x.product_id = p.id AND x.supplier_id = p.supplier_id
    LEFT JOIN ordered o ON o.product_id = p.id AND o.store_id = s.id
    LEFT JOIN moving m ON m.product_id = p.id AND m.store_id = s.id
    LEFT JOIN arriving a ON a.product_id = p.id AND a.store_id = s.id
   WHERE i.id IS NOT NULL OR p_stores IS NOT NULL
$$;
GRANT EXECUTE ON FUNCTION supply_items(uuid, integer, uuid[], uuid[]) TO {{role}};

-- inventory: days from order to first delivery of each supplier's orders of a year, the newest 60
CREATE FUNCTION supplier_lead_times(p_today date, p_zone text)
  RETURNS TABLE (supplier_id uuid, days integer[]) LANGUAGE sql STABLE
  SET search_path = {{schema}}, ext, pg_temp AS $$
  SELECT d.supplier_id, array_agg(d.days ORDER BY d.received DESC, d.days)
    FROM (SELECT o.supplier_id, f.received, greatest(0, f.received - o.order_date) AS days,
                 row_number() OVER (PARTITION BY o.supplier_id ORDER BY f.received DESC, o.id) AS n
            FROM (SELECT r.purchase_order_id, min((r.received_at AT TIME ZONE p_zone)::date) AS received
                    FROM goods_receipts r WHERE r.received_at >= (p_today - 365)::timestamp AT TIME ZONE p_zone
                   GROUP BY r.purchase_order_id) f
            JOIN purchase_orders o ON o.id = f.purchase_order_id) d
   WHERE d.n <= 60
   GROUP BY d.supplier_id
$$;
GRANT EXECUTE ON FUNCTION supplier_lead_times(date, text) TO {{role}};

-- inventory: what a supplier asks of an order
CREATE VIEW supplier_terms WITH (security_invoker = true) AS
SELECT u.tenant_id, u.id AS supplier_id, u.code, u.business_name, u.min_order_amount, u.is_active FROM suppliers u;
GRANT SELECT ON supplier_terms TO {{role}};
