/**
 * The tables and columns of the tenant schema as the entity diagram names them, one line a table. The product's deliberate
 * differences: users.password_hash lives in the registry (shared.tenant_users).
 */
export const DOCUMENT_TABLES: Readonly<Record<string, string>> = {
  users: 'id tenant_id email full_name role store_ids permissions preferences is_active last_login_at created_at updated_at',
  stores: 'id tenant_id code name type address contact settings is_active created_at updated_at',
  categories: 'id tenant_id parent_id code name description settings is_active created_at updated_at',
  suppliers:
    'id tenant_id code business_name trade_name tax_id contact_person phone email address payment_terms credit_limit settings is_active created_at updated_at',
  products:
    'id tenant_id sku barcode name description category_id supplier_id unit_type min_stock_level max_stock_level reorder_point cost_price selling_price tax_rate settings is_active created_at updated_at',
  inventory:
    'id tenant_id product_id store_id quantity_on_hand quantity_reserved quantity_available last_movement_at cost_per_unit created_at updated_at',
  inventory_movements:
    'id tenant_id product_id store_id movement_type reference_type reference_id quantity cost_per_unit total_cost notes created_by created_at',
  sales:
    'id tenant_id store_id invoice_number client_id client_name client_tax_id subtotal tax_amount total_amount payment_method payment_status notes pos_transaction_id created_by created_at updated_at',
  sale_items: 'id tenant_id sale_id product_id quantity unit_price line_total created_at',
  purchase_orders:
    'id tenant_id store_id supplier_id order_number status order_date expected_date received_date subtotal tax_amount total_amount notes created_by created_at updated_at',
  purchase_order_items:
    'id tenant_id purchase_order_id product_id quantity_ordered quantity_received unit_cost line_total created_at updated_at',
  alerts:
    'id tenant_id alert_type priority title description product_id store_id category_id data status acknowledged_by acknowledged_at resolved_at generated_by created_at updated_at',
  forecasts:
    'id tenant_id product_id store_id forecast_type period_type forecast_date predicted_value confidence_level model_version metadata created_at',
  events:
    'id tenant_id event_type entity_type entity_id user_id action old_data new_data metadata ip_address user_agent created_at',
};

/** The closed lists of values that the diagram gives. */
export const DOCUMENT_VALUES: Readonly<Record<string, string>> = {
  'users.role': 'admin manager user viewer',
  'stores.type': 'warehouse store distribution_center',
  'products.unit_type': 'unit kg liter meter box case',
  'inventory_movements.movement_type': 'in out transfer adjustment',
  'inventory_movements.reference_type': 'purchase sale transfer adjustment',
  'sales.payment_method': 'cash card transfer check credit',
  'sales.payment_status': 'paid pending partial cancelled',
  'purchase_orders.status': 'draft sent confirmed partial received cancelled',
  'alerts.alert_type': 'low_stock overstock demand_spike slow_moving forecast_alert',
  'alerts.priority': 'low medium high critical',
  'alerts.status': 'active acknowledged resolved dismissed',
  'forecasts.forecast_type': 'demand reorder seasonality trend',
  'forecasts.period_type': 'daily weekly monthly',
};

export const GENERATED_COLUMNS = [
  'inventory.quantity_available',
  'inventory.below_reorder',
  'inventory_movements.total_cost',
  'sale_items.line_total',
  'purchase_order_items.line_total',
];

export const TIME_TABLES = ['inventory_movements', 'forecasts', 'events'];
