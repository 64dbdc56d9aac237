import { readFileSync } from 'node:fs';
import { schemaDocument } from '../../../src/kernel/database/schema-document/schema-document.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';

let db: MediumDatabase;
beforeAll(async () => {
  db = await openMediumDatabase('schema_document');
});
afterAll(() => db.close());

describe('docs/schema.md', () => {
  it('should be what a prepared database is: npx fluxion schema --write docs/schema.md', async () => {
    const written = readFileSync('docs/schema.md', 'utf8').split('\n');
    const made = (await schemaDocument(db.root)).split('\n');
    const missing = made.filter((line) => !written.includes(line));
    const outdated = written.filter((line) => !made.includes(line));
    expect({ missing, outdated }).toEqual({ missing: [], outdated: [] });
    expect(made).toEqual(written);
  });

  it('should say of a table what a reader needs', async () => {
    const text = await schemaDocument(db.root);
    const [, inventory = ''] = /\n### inventory\n([^]*?)\n### /.exec(text) ?? [];
    expect(inventory).toContain('| quantity_available | numeric(18,4) | yes | always `(quantity_on_hand - quantity_reserved)` |');
    expect(inventory).toContain('- inventory_product_id_store_id_key: `UNIQUE (product_id, store_id)`');
    expect(inventory).toContain('- low_stock_alert_trigger: `AFTER UPDATE ');
    expect(inventory).toContain(
      'Policies (row-level security forced):\n- tenant_isolation_policy: `for all to tenant_role, gate_role, owner_role using (tenant_id = ',
    );
    expect(text).not.toMatch(/flx_[0-9a-f]{8}/);
  });
});
