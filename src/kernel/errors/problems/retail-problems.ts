import type { ProblemDefinition } from './problem-definition.js';

/** The shop floor: catalogue, stock, purchasing, sales, forecasts and alerts. */
export const RETAIL_PROBLEMS = {
  'catalog.sku_taken': { status: 409, title: { es: 'Ese SKU ya existe', en: 'That SKU is taken' } },
  'catalog.barcode_taken': { status: 409, title: { es: 'Ese código de barras ya existe', en: 'That barcode is taken' } },
  'catalog.code_taken': { status: 409, title: { es: 'Ese código ya existe', en: 'That code is taken' } },
  'catalog.name_taken': { status: 409, title: { es: 'Ese nombre ya existe', en: 'That name is taken' } },
  'catalog.category_cycle': {
    status: 409,
    title: { es: 'La categoría sería su propio ancestro', en: 'The category would be its own ancestor' },
  },
  'catalog.product_inactive': { status: 409, title: { es: 'Producto inactivo', en: 'Inactive product' } },
  'catalog.store_inactive': { status: 409, title: { es: 'Tienda inactiva', en: 'Inactive store' } },
  'catalog.product_in_use': {
    status: 409,
    title: { es: 'El producto tiene existencias u órdenes en camino', en: 'The product has stock or orders on their way' },
  },
  'catalog.category_too_deep': {
    status: 409,
    title: { es: 'El árbol de categorías sería demasiado profundo', en: 'The category tree would be too deep' },
  },
  'catalog.category_in_use': {
    status: 409,
    title: {
      es: 'La categoría tiene productos o subcategorías activos',
      en: 'The category has active products or subcategories',
    },
  },
  'catalog.store_in_use': {
    status: 409,
    title: { es: 'La tienda tiene existencias u órdenes en camino', en: 'The store has stock or orders on their way' },
  },
  'catalog.supplier_inactive': { status: 409, title: { es: 'Proveedor inactivo', en: 'Inactive supplier' } },
  'catalog.tax_rate_taken': {
    status: 409,
    title: { es: 'Ya hay una alícuota desde ese día', en: 'A rate from that day exists' },
  },
  'catalog.supplier_in_use': {
    status: 409,
    title: { es: 'El proveedor tiene órdenes abiertas', en: 'The supplier has open orders' },
  },
  'catalog.unknown_tax_rate': { status: 409, title: { es: 'Sin alícuota para esa fecha', en: 'No tax rate for that date' } },
  'inventory.insufficient_stock': {
    status: 409,
    title: { es: 'Existencias insuficientes', en: 'Insufficient stock' },
    detail: {
      es: 'No se registró nada; errors dice cuánto hay de cada producto.',
      en: 'Nothing was recorded; errors says what is available of each product.',
    },
  },
  'inventory.invalid_movement': { status: 400, title: { es: 'Movimiento no válido', en: 'Invalid movement' } },
  'inventory.same_store': {
    status: 400,
    title: { es: 'Origen y destino son la misma tienda', en: 'Source and target are the same store' },
  },
  'inventory.invalid_transfer_status': {
    status: 409,
    title: { es: 'El estado del traslado no lo permite', en: 'The transfer status does not allow it' },
    detail: { es: 'El traslado está en estado {status}.', en: 'The transfer is {status}.' },
  },
  'inventory.already_reversed': {
    status: 409,
    title: { es: 'El movimiento ya fue revertido', en: 'The movement was already reversed' },
  },
  'inventory.cost_forbidden': { status: 403, title: { es: 'Su rol no puede fijar costos', en: 'Your role cannot set costs' } },
  'inventory.period_closed': { status: 409, title: { es: 'Periodo cerrado', en: 'Period closed' } },
  'purchasing.invalid_status': {
    status: 409,
    title: { es: 'El estado de la orden no lo permite', en: 'The order status does not allow it' },
    detail: { es: 'La orden está en estado {status}.', en: 'The order is {status}.' },
  },
  'purchasing.over_received': { status: 409, title: { es: 'Se recibe más de lo pedido', en: 'More received than ordered' } },
  'purchasing.number_taken': { status: 409, title: { es: 'Ese número de orden ya existe', en: 'That order number is taken' } },
  'sales.client_taken': { status: 409, title: { es: 'Ya hay un cliente con ese dato', en: 'A client with that value exists' } },
  'sales.payment_mismatch': {
    status: 422,
    title: { es: 'Los pagos no coinciden con el total', en: 'Payments do not match the total' },
    detail: {
      es: 'Total {total}, pagado {paid} {currency}; errors dice cuánto falta o sobra.',
      en: 'Total {total}, paid {paid} {currency}; errors says how much is missing or too much.',
    },
  },
  'sales.unknown_product': { status: 422, title: { es: 'Producto desconocido', en: 'Unknown product' } },
  'sales.no_price': { status: 422, title: { es: 'Producto sin precio', en: 'Product without a price' } },
  'sales.no_exchange_rate': {
    status: 422,
    title: { es: 'Sin tasa de cambio para esa fecha', en: 'No exchange rate for that date' },
  },
  'sales.already_voided': { status: 409, title: { es: 'La venta ya fue anulada', en: 'The sale was already voided' } },
  'sales.invalid_status': {
    status: 409,
    title: { es: 'El estado de la venta no lo permite', en: 'The sale status does not allow it' },
    detail: { es: 'La venta está en estado {status}.', en: 'The sale is {status}.' },
  },
  'sales.duplicate_transaction': {
    status: 409,
    title: { es: 'Esa transacción del punto de venta ya existe', en: 'That point-of-sale transaction exists' },
  },
  'sales.return_exceeds_sale': { status: 409, title: { es: 'Se devuelve más de lo vendido', en: 'More returned than sold' } },
  'forecasts.too_little_history': { status: 422, title: { es: 'Historia insuficiente', en: 'Too little history' } },
  'forecasts.run_in_progress': {
    status: 409,
    title: { es: 'Ya hay un pronóstico en curso', en: 'A forecast run is in progress' },
  },
  'alerts.rule_scope_taken': {
    status: 409,
    title: {
      es: 'Ya hay una regla de ese tipo para ese producto, tienda o categoría',
      en: 'There is a rule of that kind for that product, store or category',
    },
  },
  'alerts.rule_code_taken': { status: 409, title: { es: 'Ese código de regla ya existe', en: 'That rule code is taken' } },
  'alerts.system_rule': {
    status: 409,
    title: {
      es: 'La regla general no se elimina; se puede desactivar',
      en: 'The general rule cannot be deleted; it can be switched off',
    },
  },
  'replenishment.not_open': {
    status: 409,
    title: { es: 'La sugerencia ya no está abierta', en: 'The suggestion is no longer open' },
    detail: {
      es: 'No se registró nada; errors dice cuáles y en qué estado están.',
      en: 'Nothing was recorded; errors says which ones and what became of them.',
    },
  },
  'replenishment.invalid_quantity': {
    status: 422,
    title: { es: 'Cantidad que no se puede pedir', en: 'Quantity that cannot be ordered' },
    detail: {
      es: 'No se registró nada; errors dice qué admite el proveedor o la tienda que envía.',
      en: 'Nothing was recorded; errors says what the supplier or the sending store allows.',
    },
  },
  'replenishment.no_supplier': { status: 422, title: { es: 'Producto sin proveedor', en: 'Product without a supplier' } },
  'alerts.invalid_transition': {
    status: 409,
    title: { es: 'La alerta no admite ese cambio', en: 'The alert does not allow that change' },
    detail: { es: 'La alerta está en estado {status}.', en: 'The alert is {status}.' },
  },
} as const satisfies Record<string, ProblemDefinition>;
