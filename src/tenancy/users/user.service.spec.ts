import { runAsTenant, type TenantRef } from '../../kernel/database/tenant-context.js';
import { UserService } from './user.service.js';

const tenant = { id: 't', slug: 't', settings: { locale: 'es-VE' } } as TenantRef;
const ID = '01980000-0000-7000-8000-000000000001';
const REACHED = 'the database was asked';
const touch = () => Promise.reject(new Error(REACHED));

/** Of everything it works with only the doors: whoever comes as far has passed. */
const sut = new UserService(
  { transaction: touch } as never,
  { find: touch } as never,
  { hash: async () => 'hash' } as never,
  undefined as never,
  undefined as never,
);
const person = { email: 'a@x.example', fullName: 'Ana', role: 'user', password: 'correct horse battery' } as const;
const attempts: [string, () => Promise<unknown>][] = [
  ['create', () => sut.create({ ...person })],
  ['update', () => sut.update(ID, '*', { isActive: false })],
  ['deactivate', () => sut.deactivate(ID, '*')],
];
const as = (stores: string[] | null, work: () => Promise<unknown>): Promise<unknown> =>
  runAsTenant(tenant, { user: ID, role: 'admin', stores, via: 'api-key' }, work);

describe('UserService', () => {
  it.each(attempts)('should %s nobody for a caller who is held to stores, whatever the role', async (_, work) => {
    await expect(as(['store'], work)).rejects.toMatchObject({ code: 'auth.all_stores_required' });
  });

  it.each(attempts)('should let a caller of every store %s', async (_, work) => {
    await expect(as(null, work)).rejects.toThrow(REACHED);
  });
});
