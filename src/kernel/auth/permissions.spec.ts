import { isPermission, PERMISSIONS, permissionsOf, ROLE_PERMISSIONS } from './permissions.js';

describe('permissions', () => {
  it('should grow from viewer to admin as documented', () => {
    expect(permissionsOf('admin').size).toBe(PERMISSIONS.length);
    expect(PERMISSIONS.filter((name) => !permissionsOf('manager').has(name))).toEqual([
      'users.write',
      'settings.write',
      'audit.read',
    ]);
    expect([...permissionsOf('viewer')].filter((name) => !name.endsWith('.read'))).toEqual([]);
    expect(permissionsOf('viewer').has('users.read')).toBe(false);
    expect(permissionsOf('user').has('catalog.write')).toBe(false);
  });

  it('should never grant more than the role by a list', () => {
    expect([...permissionsOf('user', ['users.write', 'sales.read'])]).toEqual(['sales.read']);
    expect(permissionsOf('admin', []).size).toBe(0);
    expect(permissionsOf('viewer', null).size).toBe(ROLE_PERMISSIONS.viewer.length);
  });

  it('should know its names', () => {
    expect(isPermission('sales.read')).toBe(true);
    expect(isPermission('sales.delete')).toBe(false);
  });
});
