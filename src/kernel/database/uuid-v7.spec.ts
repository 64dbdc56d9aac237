import { uuidV7, uuidV7Time } from './uuid-v7.js';

describe('uuidV7', () => {
  it('should carry its time, version and variant', () => {
    const id = uuidV7(new Date(0x0193_b1e2_7c5a));
    expect(id).toMatch(/^0193b1e2-7c5a-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('should differ and keep the order of time', () => {
    const ids = [1, 2, 3].map((ms) => uuidV7(new Date(ms)));
    expect(ids.toSorted()).toEqual(ids);
    expect(uuidV7(new Date(1))).not.toBe(uuidV7(new Date(1)));
  });

  it('should give its time back', () => {
    const at = new Date('2026-05-01T14:30:00.123Z');
    expect(uuidV7Time(uuidV7(at))).toEqual(at);
  });
});
