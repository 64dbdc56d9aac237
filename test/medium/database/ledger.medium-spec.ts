import { assertLedgers } from '../../support/ledger.mjs';
import { openMediumDatabase } from '../../support/medium-database.js';
import { StockLab } from './stock-lab.js';

describe('what every suite leaves behind', () => {
  it('should fail a suite that leaves a level, or a movement, without the other', async () => {
    const db = await openMediumDatabase('ledger');
    const lab = new StockLab(db);
    lab.store = await lab.newStore();
    const product = await lab.newProduct();
    await lab.move({ product, quantity: 10 }, { product, quantity: -3 });
    await assertLedgers(db.root);

    const { schema } = db.acme;
    const tamper = (level: number) =>
      db.root.query(`BEGIN; SET LOCAL ROLE ${db.topology.roles.owner};
        UPDATE ${schema}.inventory SET quantity_on_hand = ${level} WHERE product_id = '${product}'; COMMIT`);
    await tamper(8);
    await expect(assertLedgers(db.root)).rejects.toThrow(`${schema}: levels are not the sum of their movements`);
    await tamper(7);
    await assertLedgers(db.root);

    // movements whose level is gone count as well; and the suite itself says so when it closes its database
    await db.root.query(
      `SET session_replication_role = replica; DELETE FROM ${schema}.inventory WHERE product_id = '${product}'`,
    );
    await expect(db.close()).rejects.toThrow(/"level":null,"moved":"7\.0000"/);
  });
});
