// node:http and pg by hand: a movement and a sale as ONE statement each on tables without triggers or row rules, no tenant, no token, no checks of
// the body. The floor that stock.mjs stands beside; the connection comes as JSON in argv.
import http from 'node:http';
import pg from 'pg';

const { connectionString, tenant, pool: max } = JSON.parse(process.argv[2]);
const pool = new pg.Pool({ connectionString, max });

const MOVE = `WITH level AS (
  UPDATE raw.inventory SET quantity_on_hand = quantity_on_hand + $4, last_movement_at = now()
   WHERE product_id = $2 AND store_id = $3 AND quantity_available + $4 >= 0 RETURNING quantity_on_hand, cost_per_unit)
INSERT INTO raw.inventory_movements (tenant_id, product_id, store_id, movement_type, kind, quantity, cost_per_unit, balance_after, notes)
SELECT $1, $2, $3, 'out', 'written_off', $4, cost_per_unit, quantity_on_hand, $5 FROM level RETURNING *`;

const SELL = `WITH line AS (
  SELECT l.n, p.id AS product, l.quantity, p.selling_price AS price, p.tax_rate, round(l.quantity * p.selling_price, 4) AS net
    FROM unnest($3::uuid[], $4::numeric[]) WITH ORDINALITY AS l (product, quantity, n) JOIN raw.products p ON p.id = l.product
), total AS (
  SELECT sum(net) AS net, round(sum(net * tax_rate / 100), 2) AS tax FROM line
), series AS (
  UPDATE raw.invoice_series SET next_number = next_number + 1 WHERE store_id = $2 RETURNING series, next_number - 1 AS number, prefix || next_number - 1 AS text
), sale AS (
  INSERT INTO raw.sales (tenant_id, store_id, series, number, invoice_number, business_date, subtotal, tax_amount, total_amount, payment_method, payment_status)
  SELECT $1, $2, series, number, text, current_date, net, tax, net + tax, 'cash', 'paid' FROM series, total RETURNING *
), items AS (
  INSERT INTO raw.sale_items (tenant_id, sale_id, line_number, product_id, quantity, unit_price, net_total, tax_rate, tax_amount)
  SELECT $1, sale.id, n, product, quantity, price, line.net, line.tax_rate, round(line.net * line.tax_rate / 100, 4) FROM sale, line RETURNING *
), payment AS (
  INSERT INTO raw.sale_payments (tenant_id, sale_id, method, amount, amount_in_sale_currency) SELECT $1, id, 'cash', total_amount, total_amount FROM sale
), level AS (
  UPDATE raw.inventory i SET quantity_on_hand = i.quantity_on_hand - line.quantity, last_movement_at = now() FROM line
   WHERE i.product_id = line.product AND i.store_id = $2 AND i.quantity_available >= line.quantity RETURNING i.product_id, i.quantity_on_hand, i.cost_per_unit
), moved AS (
  INSERT INTO raw.inventory_movements (tenant_id, product_id, store_id, movement_type, kind, reference_type, reference_id, quantity, cost_per_unit, balance_after)
  SELECT $1, level.product_id, $2, 'out', 'sold', 'sale', sale.id, -line.quantity, level.cost_per_unit, level.quantity_on_hand
    FROM sale, level JOIN line ON line.product = level.product_id
)
SELECT sale.*, (SELECT json_agg(items) FROM items) AS items FROM sale`;

const routes = {
  '/movements': ({ productId, storeId, quantity, reason }) => ({
    name: 'move',
    text: MOVE,
    values: [tenant, productId, storeId, -quantity, reason],
  }),
  '/sales': ({ storeId, items }) => ({
    name: 'sell',
    text: SELL,
    values: [tenant, storeId, items.map((item) => item.productId), items.map((item) => item.quantity)],
  }),
};

async function answer(request, text, response) {
  let status = 201;
  let body;
  try {
    const { rows } = await pool.query(routes[request.url](JSON.parse(text)));
    body = JSON.stringify(rows[0]);
  } catch (error) {
    status = 500;
    body = error.message;
  }
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
}

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => void answer(request, Buffer.concat(chunks).toString(), response));
});
// its lanes wait while the others have their turn
server.keepAliveTimeout = 0;
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`));
