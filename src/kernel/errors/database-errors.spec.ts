import { baseConstraintName, registerConstraints } from './constraints.js';
import { isRetryable, problemOfDatabaseError } from './database-errors.js';

registerConstraints({
  probe_sku_key: { code: 'catalog.sku_taken', pointer: '/sku' },
  probe_last_admin: { code: 'users.last_admin', pointer: '/role' },
  probe_rate_check: { code: 'http.validation_failed', pointer: '/rate' },
  probe_store_id_fkey: { code: 'http.validation_failed', pointer: '/storeId' },
});

const of = (error: object) => {
  const problem = problemOfDatabaseError(Object.assign(new Error('secret'), error));
  return problem && { code: problem.code, errors: problem.errors };
};

describe('problemOfDatabaseError', () => {
  it('should name the field of a registered constraint, on a partition or shard too', () => {
    const expected = { code: 'catalog.sku_taken', errors: [{ pointer: '/sku', code: 'field.taken' }] };
    expect(of({ code: '23505', constraint: 'probe_sku_key' })).toEqual(expected);
    expect(of({ code: '23505', constraint: 'probe_sku_key_102041' })).toEqual(expected);
    expect(baseConstraintName('sales_2026_07')).toBe('sales_2026_07');
  });

  it('should say a broken rule in words, not by the name of its constraint', () => {
    expect(of({ code: '23514', constraint: 'probe_last_admin' })?.errors).toEqual([
      {
        pointer: '/role',
        code: 'field.rule',
        rule: 'probe_last_admin',
        message: { es: 'Debe quedar un administrador activo.', en: 'One active administrator must remain.' },
      },
    ]);
    expect(of({ code: '23514', constraint: 'probe_rate_check' })?.errors?.[0]?.message).toEqual({
      es: 'El valor no cumple una regla de los datos.',
      en: 'The value breaks a rule of the data.',
    });
  });

  it('should tell a missing reference from one that is still used', () => {
    const error = { code: '23503', constraint: 'probe_store_id_fkey' };
    expect(of({ ...error, detail: 'Key (store_id)=(x) is not present in table "stores".' })).toEqual({
      code: 'http.validation_failed',
      errors: [{ pointer: '/storeId', code: 'field.not_found' }],
    });
    expect(of({ ...error, detail: 'Key (id)=(x) is still referenced from table "sales".' })?.code).toBe('http.still_referenced');
  });

  it('should look inside TypeORM errors', () => {
    const driverError = Object.assign(new Error('x'), { code: '23505', constraint: 'probe_sku_key' });
    expect(of({ driverError })?.code).toBe('catalog.sku_taken');
  });

  it.each([
    ['23505', 'http.duplicate'],
    ['23514', 'http.validation_failed'],
    ['23502', 'http.validation_failed'],
    ['22P02', 'http.validation_failed'],
    ['22003', 'http.validation_failed'],
    ['40001', 'http.busy'],
    ['40P01', 'http.busy'],
    ['57014', 'http.timeout'],
    ['53300', 'http.unavailable'],
    ['08006', 'http.unavailable'],
    ['08P01', 'http.unavailable'],
    ['57P01', 'http.unavailable'],
    ['ECONNREFUSED', 'http.unavailable'],
  ])('should map %s to %s', (code, expected) => {
    expect(of({ code })?.code).toBe(expected);
  });

  it("should name the column of a null in the client's spelling", () => {
    expect(of({ code: '23502', column: 'unit_cost' })?.errors).toEqual([{ pointer: '/unitCost', code: 'field.required' }]);
  });

  it.each([['42P01'], ['42501'], ['P0001'], ['ERR_INVALID_ARG_TYPE'], [undefined]])(
    'should leave %s to be a fault of ours',
    (code) => {
      expect(of({ code })).toBeUndefined();
    },
  );

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout expired',
    'timeout exceeded when trying to connect',
    'Query read timeout',
    'Client was closed and is not queryable',
  ])('should understand a connection that ended: %s', (words) => {
    expect(problemOfDatabaseError(new Error(words))?.code).toBe('http.unavailable');
  });

  it('should understand no text', () => {
    expect(problemOfDatabaseError('text')).toBeUndefined();
  });

  it('should know what may be run again', () => {
    expect([
      isRetryable({ code: '40001' }),
      isRetryable({ driverError: { code: '40P01' } }),
      isRetryable({ code: '23505' }),
    ]).toEqual([true, true, false]);
  });
});

describe('registerConstraints', () => {
  it('should refuse two meanings for one name', () => {
    expect(() => registerConstraints({ probe_sku_key: { code: 'catalog.code_taken' } })).toThrow('registered twice');
  });
});
