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
SELECT s.tenant_id, s.product_id, s.pack_size, s.min_order_quantity
  FROM product_suppliers s JOIN products p ON p.id = s.product_id AND p.supplier_id = s.supplier_id;
GRANT SELECT ON product_packs TO {{role}};
