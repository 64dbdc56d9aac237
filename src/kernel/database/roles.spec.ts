import { databaseRoles, renderSql, rolePrefix, tenantRole, tenantSchema } from './roles.js';

describe('database roles', () => {
  it('should differ between databases of one cluster', () => {
    expect(databaseRoles(rolePrefix('a')).owner).not.toBe(databaseRoles(rolePrefix('b')).owner);
  });

  it('should fit into the 63 bytes PostgreSQL keeps of a name', () => {
    const role = tenantRole(rolePrefix('fluxion_dev'), '0193b1e2-7c5a-7b3e-9d2f-1a2b3c4d5e6f');
    expect(role).toMatch(/^flx_[0-9a-f]{8}_[0-9a-f]{32}$/);
    expect(role.length).toBeLessThan(63);
  });

  it('should make the schema from the slug', () => {
    expect(tenantSchema('fluxion-demo')).toBe('tenant_fluxion_demo');
  });
});

describe('renderSql', () => {
  it('should fill every placeholder', () => {
    expect(renderSql('GRANT {{a}} TO {{b}}', { a: 'x', b: 'y' })).toBe('GRANT x TO y');
  });

  it('should refuse a placeholder without a value', () => {
    expect(() => renderSql('GRANT {{a}}', {})).toThrow('{{a}}');
  });
});
