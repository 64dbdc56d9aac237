-- Rows that every tenant starts with.

INSERT INTO settings (tenant_id, key, value, description) VALUES
  ('{{id}}', 'inventory.negative_stock', 'false', 'whether stock may fall below zero where neither product nor store says otherwise'),
  ('{{id}}', 'catalog.category_depth', '10', 'levels the category tree may have'),
  ('{{id}}', 'purchasing.over_receipt_percent', '0', 'how much more than ordered may be received'),
  ('{{id}}', 'alerts.hysteresis_percent', '0', 'how far above the reorder point stock must rise (0-100) before a low-stock alert resolves by itself'),
  ('{{id}}', 'forecasting.horizon_days', '28', 'days the daily run looks ahead');

INSERT INTO tax_categories (tenant_id, code, name, is_default) VALUES
  ('{{id}}', 'exempt', 'Exento', false),
  ('{{id}}', 'reduced', 'Alícuota reducida', false),
  ('{{id}}', 'general', 'Alícuota general', true),
  ('{{id}}', 'luxury', 'Alícuota general más adicional', false);

INSERT INTO tax_rates (tenant_id, tax_category_id, rate, valid_from)
SELECT '{{id}}', c.id, r.rate, date '2000-01-01'
  FROM (VALUES ('exempt', 0), ('reduced', 8), ('general', 16), ('luxury', 31)) AS r (code, rate)
  JOIN tax_categories c USING (code);

INSERT INTO reason_codes (tenant_id, code, name, direction, is_system) VALUES
  ('{{id}}', 'sale', 'Venta', 'out', true),
  ('{{id}}', 'return', 'Devolución de cliente', 'in', true),
  ('{{id}}', 'purchase', 'Recepción de compra', 'in', true),
  ('{{id}}', 'supplier_return', 'Devolución a proveedor', 'out', true),
  ('{{id}}', 'transfer', 'Traslado entre tiendas', 'both', true),
  ('{{id}}', 'opening', 'Inventario inicial', 'both', true),
  ('{{id}}', 'count', 'Diferencia de conteo', 'both', true),
  ('{{id}}', 'correction', 'Corrección', 'both', true),
  ('{{id}}', 'damage', 'Mercancía dañada', 'out', false),
  ('{{id}}', 'expiry', 'Mercancía vencida', 'out', false),
  ('{{id}}', 'theft', 'Hurto o pérdida', 'out', false),
  ('{{id}}', 'internal_use', 'Consumo interno', 'out', false),
  ('{{id}}', 'donation', 'Donación', 'out', false);

INSERT INTO alert_rules (tenant_id, code, name, alert_type) VALUES
  ('{{id}}', 'low_stock', 'Existencia por debajo del punto de reorden', 'low_stock'),
  ('{{id}}', 'stockout_before_lead_time', 'La existencia se agota antes del plazo de entrega', 'forecast_alert'),
  ('{{id}}', 'overstock', 'Existencia en exceso', 'overstock'),
  ('{{id}}', 'demand_spike', 'Ventas muy por encima de lo previsto', 'demand_spike'),
  ('{{id}}', 'slow_moving', 'Mercancía sin rotación', 'slow_moving');

INSERT INTO replenishment_policies (tenant_id, reorder_point_mode, cover_days, class_service_levels, holding_cost_percent, review_days, lead_time_spread_percent, suggest_transfers)
VALUES ('{{id}}', 'fixed', 7, '{"smooth": 0.95, "erratic": 0.95, "intermittent": 0.92, "lumpy": 0.9}', 25, 1, 20, true);

INSERT INTO invoice_series (tenant_id, document_type, series, prefix) VALUES
  ('{{id}}', 'purchase_order', 'A', 'OC-'),
  ('{{id}}', 'goods_receipt', 'A', 'REC-'),
  ('{{id}}', 'stock_transfer', 'A', 'TR-');
