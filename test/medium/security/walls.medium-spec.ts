import { checkWalls } from '../../../src/kernel/database/walls.js';
import { openMediumDatabase, type MediumDatabase } from '../../support/medium-database.js';

let db: MediumDatabase;

beforeAll(async () => {
  db = await openMediumDatabase('walls');
});
afterAll(() => db.close());

const look = () => checkWalls(db.root, db.topology.roles.login);

describe('checkWalls', () => {
  it('should find nothing on a prepared database', async () => {
    await expect(look()).resolves.toBeUndefined();
  });

  it.each([
    [
      'a setting anybody may move',
      'GRANT EXECUTE ON FUNCTION set_config(text, text, boolean) TO PUBLIC',
      'REVOKE EXECUTE ON FUNCTION set_config(text, text, boolean) FROM PUBLIC',
      'set_config',
    ],
    [
      'a lock anybody may hold',
      'GRANT EXECUTE ON FUNCTION pg_advisory_lock(bigint) TO PUBLIC',
      'REVOKE EXECUTE ON FUNCTION pg_advisory_lock(bigint) FROM PUBLIC',
      'pg_advisory_lock',
    ],
    [
      'a large object anybody may make',
      'GRANT EXECUTE ON FUNCTION lo_create(oid) TO PUBLIC',
      'REVOKE EXECUTE ON FUNCTION lo_create(oid) FROM PUBLIC',
      'lo_create',
    ],
    [
      'a table without forced row security',
      'ALTER TABLE template.products NO FORCE ROW LEVEL SECURITY',
      'ALTER TABLE template.products FORCE ROW LEVEL SECURITY',
      'template.products',
    ],
  ])('should name %s', async (_, open, close, name) => {
    await db.root.query(open);
    await expect(look()).rejects.toThrow(name);
    await db.root.query(close);
    await expect(look()).resolves.toBeUndefined();
  });
});
