import { manualKind } from './movement-kind.js';

describe('manualKind', () => {
  it.each([
    ['in', 'llegó mercancía', 'received'],
    ['in', 'return', 'returned'],
    ['out', 'damage', 'written_off'],
    ['out', 'sale', 'sold'],
    ['out', 'SALE', 'sold'],
    ['out', 'return', 'written_off'],
    ['adjustment', 'count', 'counted'],
    ['adjustment', 'opening', 'opening'],
    ['adjustment', 'correction', 'adjusted'],
  ] as const)('should take %s for "%s" as %s', (type, reason, kind) => {
    expect(manualKind(type, reason)).toBe(kind);
  });

  it('should not take names of Object.prototype for reasons', () => {
    expect(manualKind('in', 'constructor')).toBe('received');
    expect(manualKind('in', '__proto__')).toBe('received');
  });
});
