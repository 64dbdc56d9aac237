import { PERMISSIONS } from '../../kernel/auth/permissions.js';
import { effectivePermissions, readExceptions } from './permission-exceptions.js';

describe('effectivePermissions', () => {
  it('should add grants to the role and take revocations away', () => {
    const sut = effectivePermissions('user', { grant: ['purchasing.read'], revoke: ['inventory.write'] });
    expect([...sut].toSorted()).toEqual(
      [
        'alerts.read',
        'alerts.write',
        'catalog.read',
        'forecasts.read',
        'inventory.read',
        'purchasing.read',
        'sales.read',
        'sales.write',
      ].toSorted(),
    );
  });

  it('should take away what is granted and revoked at once', () => {
    expect(effectivePermissions('viewer', { grant: ['sales.write'], revoke: ['sales.write'] }).has('sales.write')).toBe(false);
  });

  it.each(['users.write', 'settings.write'] as const)('should never grant %s', (name) => {
    expect(effectivePermissions('manager', { grant: [name], revoke: [] }).has(name)).toBe(false);
  });

  it('should leave an administrator everything', () => {
    expect(effectivePermissions('admin', { grant: [], revoke: ['users.write'] }).size).toBe(PERMISSIONS.length);
  });
});

describe('readExceptions', () => {
  it.each([null, undefined, {}, { grant: 'sales.write', revoke: [1, 'nothing.known'] }])('should read %j as none', (stored) => {
    expect(readExceptions(stored)).toEqual({ grant: [], revoke: [] });
  });
});
