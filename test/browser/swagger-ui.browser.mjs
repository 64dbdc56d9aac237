// An administrator in Swagger UI: authorizes once, reloads, lists products, posts a movement, uploads an import.
// Run by .ci/run (node --test) with Debian's Chromium; screenshots go to coverage/browser.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';

const ROOT = path.resolve(import.meta.dirname, '../..');
const SHOTS = path.join(ROOT, 'coverage', 'browser');
const { chromium } = createRequire(path.join(ROOT, 'tools', 'package.json'))('playwright-core');
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe('Swagger UI', () => {
  let home;
  let product;
  let browser;
  let page;
  let ready;
  let token;

  before(async () => {
    home = mkdtempSync(path.join(tmpdir(), 'fluxion-browser-'));
    // as root: else the data would go to the machine's state folder and stay there
    chmodSync(home, 0o755);
    mkdirSync(SHOTS, { recursive: true });
    product = startProduct(home);
    ready = await product.ready;
    token = (await call('POST', '/v1/auth/login', { email: ready.email, password: ready.password, tenant: ready.tenant }))
      .accessToken;
    browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: FLAGS });
    page = await browser.newPage({ viewport: { width: 1280, height: 1400 } });
    await wholeDemo();
    await page.goto(ready.docs, { waitUntil: 'networkidle' });
  });

  after(async () => {
    await browser?.close();
    await product?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  /** The API without a browser, for what a test needs to know. */
  async function call(method, url, body) {
    const headers = {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body ? { 'content-type': 'application/json' } : {}),
    };
    const answer = await fetch(ready.api + url, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    const json = await answer.json();
    assert.ok(answer.ok, JSON.stringify(json));
    return json;
  }

  /** The document's examples name things of the demo, of which the first alert is the beginning; sales still come in, and move stock. */
  async function wholeDemo() {
    for (;;) {
      const { data } = await call('GET', '/v1/forecasts/runs');
      if (data[0]?.status === 'completed') return;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }

  /** Opens the operation, and its section if that is shut. */
  async function open(operation) {
    const shut = page.locator('.opblock-tag[data-is-open="false"]');
    while ((await shut.count()) > 0) await shut.first().click();
    const block = page.locator(`.opblock[id$="-${operation}"]`);
    await block.locator('.opblock-summary-control').click();
    await block.locator('.execute').waitFor();
    return block;
  }

  it('should authorize once and stay authorized after a reload', async () => {
    await page.locator('.btn.authorize').first().click();
    await page.locator('.auth-container input').first().fill(token);
    await page.locator('.auth-container .btn.authorize').first().click();
    await page.locator('.auth-container .btn-done').first().click();
    await page.reload({ waitUntil: 'networkidle' });
    await page.locator('.btn.authorize.locked').waitFor();
    await page.screenshot({ path: path.join(SHOTS, 'authorized.png') });
  });

  it('should list products', async () => {
    const block = await open('listProducts');
    assert.equal(await execute(block, 'products'), 200);
    assert.match(await block.locator('.live-responses-table tbody .response-col_description').first().innerText(), /"sku"/);
  });

  it('should post a movement as the example has it', async () => {
    const block = await open('recordMovement');
    const { productId, storeId, quantity } = JSON.parse(await block.locator('textarea.body-param__text').inputValue());
    const onHand = async () =>
      Number((await call('GET', `/v1/inventory?productId=${productId}&storeId=${storeId}`)).data[0].onHand);
    const had = await onHand();
    assert.equal(await execute(block, 'movement'), 201);
    assert.equal(await onHand(), had + Number(quantity));
  });

  it('should read and change a product as the examples have it', async () => {
    assert.equal(await execute(await open('getProduct'), 'product'), 200);
    assert.equal(await execute(await open('updateProduct'), 'product-changed'), 200);
  });

  it('should show the drawing of a forecast as a picture', async () => {
    const block = await open('drawForecast');
    assert.equal(await execute(block, 'drawing'), 200);
    const picture = block.locator('.live-responses-table img');
    assert.equal(await picture.evaluate(async (image) => (await image.decode(), image.naturalWidth)), 960);
  });

  it('should upload an import', async () => {
    const file = path.join(home, 'suppliers.csv');
    writeFileSync(file, 'code,name,tax_id,lead_time_days\nNAVEGADOR,Proveedor del navegador,,5\n');
    const block = await open('createImport');
    await block.locator('select', { has: page.locator('option[value="suppliers"]') }).selectOption('suppliers');
    await block.locator('input[type=file]').setInputFiles(file);
    assert.equal(await execute(block, 'import'), 202);
  });
});

/** Presses Execute. @returns the status that Swagger UI shows */
async function execute(block, name) {
  await block.locator('.execute').click();
  const status = block.locator('.live-responses-table tbody .response-col_status').first();
  await status.waitFor();
  await block
    .locator('.live-responses-table')
    .first()
    .screenshot({ path: path.join(SHOTS, `${name}.png`) });
  return Number.parseInt(await status.innerText(), 10);
}

/** `npm start` of its own, on a free port. */
function startProduct(home) {
  const env = { ...process.env, DATA_DIR: path.join(home, 'data'), PORT: '0', NODE_ENV: '', DATABASE_URL: '', REDIS_URL: '' };
  const child = spawn(process.execPath, ['scripts/start.mjs'], { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  const ended = new Promise((resolve) => child.once('close', resolve));
  const ready = new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      const [, json] = /^FLUXION READY (.*)$/m.exec(output) ?? [];
      if (json) resolve(JSON.parse(json));
    });
    child.once('close', (code) => reject(new Error(`it ended with ${code}:\n${output}`)));
  });
  return {
    ready,
    async stop() {
      child.kill('SIGINT');
      assert.equal(await ended, 0);
    },
  };
}
