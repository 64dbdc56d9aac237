-- Stock: a level is the sum of its movements, and a crossing of the reorder point is the flip of one stored boolean
-- (inventory.below_reorder) under the level's row lock. Whoever writes, by whatever way, it is noted exactly once.
-- Transition tables are copied into arrays first (also what a sharded server accepts). Generic plans are made for a few rows and serve
-- ten thousand: so old and new rows are paired by grouping or EXCEPT, and tables are reached by = ANY and look-ups, never by a join that
-- a nested loop would make quadratic.

-- inventory_movement_trigger: applies the movements of one statement to the levels, in key order (no deadlock between two
-- multi-row statements), keeps the moving average cost, and refuses what would bring a level below zero unless the product, else
-- the store, else the tenant allows it, or the row is a recorded fact (allow_negative: an imported sale has happened).
CREATE FUNCTION apply_inventory_movements() RETURNS trigger LANGUAGE plpgsql
  SET search_path = {{schema}}, ext, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  t uuid[]; p uuid[]; s uuid[]; received numeric[]; other numeric[]; cost numeric[]; at timestamptz[]; guarded boolean[];
  quantity numeric[]; mixed boolean; low_p uuid[]; low_s uuid[]; low_q numeric[]; refused jsonb;
BEGIN
  SELECT array_agg(x.tenant_id), array_agg(x.product_id), array_agg(x.store_id), array_agg(x.received), array_agg(x.other),
         array_agg(x.received + x.other), array_agg(x.cost), array_agg(x.at), array_agg(x.guarded),
         bool_or(x.received <> 0 AND x.other <> 0)
    INTO t, p, s, received, other, quantity, cost, at, guarded, mixed
    FROM (SELECT n.tenant_id, n.product_id, n.store_id, max(n.created_at) AS at,
                 coalesce(sum(n.quantity) FILTER (WHERE n.quantity > 0 AND n.cost_per_unit IS NOT NULL), 0) AS received,
                 coalesce(sum(n.quantity) FILTER (WHERE n.quantity < 0 OR n.cost_per_unit IS NULL), 0) AS other,
                 sum(n.quantity * n.cost_per_unit) FILTER (WHERE n.quantity > 0)
                   / sum(n.quantity) FILTER (WHERE n.quantity > 0 AND n.cost_per_unit IS NOT NULL) AS cost,
                 bool_or(n.quantity < 0 AND NOT n.allow_negative) AS guarded
            FROM new_rows n GROUP BY 1, 2, 3 ORDER BY 2, 3) x;
  IF p IS NULL THEN
    RETURN NULL;
  END IF;

  IF EXISTS (SELECT FROM new_rows n WHERE n.reason_code IS NOT NULL AND NOT EXISTS (SELECT FROM reason_codes c WHERE c.code = n.reason_code)) THEN
    RAISE EXCEPTION 'a reason code is unknown' USING ERRCODE = 'foreign_key_violation',
      CONSTRAINT = 'inventory_movements_reason_code_fkey', TABLE = 'inventory_movements', COLUMN = 'reason_code';
  END IF;

  -- One product and store both received at a cost and issued in one statement: the receipt counts first, so that the average is
  -- exact. All locks are taken here, in key order, before the two passes.
  IF mixed THEN
    PERFORM FROM inventory i WHERE (i.product_id, i.store_id) IN (SELECT * FROM unnest(p, s)) ORDER BY i.product_id, i.store_id FOR NO KEY UPDATE;
  END IF;
  FOR pass IN CASE WHEN mixed THEN 1 ELSE 2 END .. 2 LOOP
    IF mixed THEN
      quantity := CASE pass WHEN 1 THEN received ELSE other END;
    END IF;
    WITH applied AS (
      INSERT INTO inventory AS i (tenant_id, product_id, store_id, quantity_on_hand, cost_per_unit, last_movement_at)
      SELECT x.t, x.p, x.s, x.q, CASE WHEN pass = 1 OR NOT mixed THEN x.c END, x.at
        FROM unnest(t, p, s, quantity, cost, at) AS x (t, p, s, q, c, at) WHERE x.q <> 0 OR NOT mixed
      ON CONFLICT (product_id, store_id) DO UPDATE SET
        quantity_on_hand = i.quantity_on_hand + excluded.quantity_on_hand,
        cost_per_unit = CASE
          WHEN excluded.cost_per_unit IS NULL THEN i.cost_per_unit
          WHEN i.cost_per_unit IS NULL OR i.quantity_on_hand <= 0 THEN excluded.cost_per_unit
          ELSE (i.quantity_on_hand * i.cost_per_unit + excluded.quantity_on_hand * excluded.cost_per_unit)
               / (i.quantity_on_hand + excluded.quantity_on_hand) END,
        last_movement_at = greatest(i.last_movement_at, excluded.last_movement_at),
        updated_at = clock_timestamp()
      RETURNING product_id, store_id, quantity_available)
    SELECT array_agg(product_id), array_agg(store_id), array_agg(quantity_available) INTO low_p, low_s, low_q
      FROM applied WHERE quantity_available < 0;
  END LOOP;

  IF low_p IS NOT NULL AND true = ANY (guarded) THEN
    SELECT jsonb_agg(jsonb_build_object('productId', product, 'storeId', store, 'requested', (-y.q)::text, 'available', (l.available - y.q)::text)) INTO refused
      FROM unnest(low_p, low_s, low_q) AS l (product, store, available)
      JOIN unnest(p, s, quantity, guarded) AS y (product, store, q, guarded) USING (product, store)
     WHERE y.guarded AND y.q < 0 AND NOT (
       SELECT coalesce(pr.allow_negative_stock, st.allow_negative_stock, se.value = 'true'::jsonb, false)
         FROM products pr CROSS JOIN stores st LEFT JOIN settings se ON se.key = 'inventory.negative_stock'
        WHERE pr.id = product AND st.id = store);
    IF refused IS NOT NULL THEN
      RAISE EXCEPTION 'stock would fall below zero' USING ERRCODE = 'check_violation',
        CONSTRAINT = 'inventory_quantity_available_check', TABLE = 'inventory', COLUMN = 'quantity_available', DETAIL = refused::text;
    END IF;
  END IF;
  RETURN NULL;
END $$;

-- low_stock_alert_trigger on levels, after update: tells the queue which levels fell below their point and which came back.
-- A rise inside the quarter above the point is told too: an alert with hysteresis resolves only there.
CREATE FUNCTION note_level_changes() RETURNS trigger LANGUAGE plpgsql
  SET search_path = {{schema}}, ext, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  p uuid[]; s uuid[]; back_p uuid[]; back_s uuid[];
BEGIN
  SELECT array_agg(x.product_id) FILTER (WHERE x.below), array_agg(x.store_id) FILTER (WHERE x.below),
         array_agg(x.product_id) FILTER (WHERE NOT x.below), array_agg(x.store_id) FILTER (WHERE NOT x.below)
    INTO p, s, back_p, back_s
    FROM (SELECT product_id, store_id, bool_or(below_reorder) FILTER (WHERE is_new) AS below
            FROM (SELECT product_id, store_id, below_reorder, quantity_available, alert_point, true AS is_new FROM new_rows
                  UNION ALL
                  SELECT product_id, store_id, below_reorder, quantity_available, NULL, false FROM old_rows) rows
           GROUP BY product_id, store_id
          HAVING bool_or(below_reorder) FILTER (WHERE is_new) <> bool_or(below_reorder) FILTER (WHERE NOT is_new)
              OR (NOT bool_or(below_reorder) FILTER (WHERE is_new)
                  AND min(quantity_available) FILTER (WHERE NOT is_new) < least(max(quantity_available) FILTER (WHERE is_new), max(alert_point) * 1.25))) x;
  IF p IS NOT NULL THEN
    PERFORM gate.note_crossings(p, s, TG_TABLE_SCHEMA);
  END IF;
  IF back_p IS NOT NULL THEN
    PERFORM gate.note_recoveries(back_p, back_s, TG_TABLE_SCHEMA);
  END IF;
  RETURN NULL;
END $$;

-- low_stock_alert_trigger on levels, after insert: a new level learns its alert point. The share lock makes a reorder point that is
-- being raised at this moment wait for us, or us for it. The update notes the crossing of a level that is born below.
CREATE FUNCTION set_alert_points() RETURNS trigger LANGUAGE plpgsql
  SET search_path = {{schema}}, ext, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  levels uuid[]; p uuid[];
BEGIN
  SELECT array_agg(id), array_agg(DISTINCT product_id) INTO levels, p FROM new_rows;
  IF p IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM FROM products WHERE id = ANY (p) ORDER BY id FOR SHARE;
  UPDATE inventory i SET updated_at = clock_timestamp(), alert_point =
      (SELECT coalesce(i.reorder_point, pr.reorder_point) FROM products pr WHERE pr.id = i.product_id AND pr.is_active)
   WHERE i.id = ANY (levels);
  RETURN NULL;
END $$;

-- A changed override of the store: the level's row is locked when this runs, so it sees the product's last point or is corrected by it.
CREATE FUNCTION set_alert_point() RETURNS trigger LANGUAGE plpgsql
  SET search_path = {{schema}}, ext, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  NEW.alert_point := (SELECT coalesce(NEW.reorder_point, reorder_point) FROM products WHERE id = NEW.product_id AND is_active);
  RETURN NEW;
END $$;

-- low_stock_alert_trigger on products: a changed point, a deactivation or a reactivation moves the alert points of all its levels.
-- The levels are locked in key order before anything is compared: a sale that has not committed yet is waited for.
CREATE FUNCTION note_product_changes() RETURNS trigger LANGUAGE plpgsql
  SET search_path = {{schema}}, ext, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  p uuid[];
BEGIN
  SELECT array_agg(id) INTO p
    FROM (SELECT id, reorder_point, is_active FROM new_rows EXCEPT SELECT id, reorder_point, is_active FROM old_rows) changed;
  IF p IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM FROM inventory WHERE product_id = ANY (p) ORDER BY product_id, store_id FOR NO KEY UPDATE;
  UPDATE inventory i SET updated_at = clock_timestamp(), alert_point =
      (SELECT coalesce(i.reorder_point, pr.reorder_point) FROM products pr WHERE pr.id = i.product_id AND pr.is_active)
   WHERE i.product_id = ANY (p);
  RETURN NULL;
END $$;
