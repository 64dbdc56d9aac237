import { uuidV7 } from '../database/uuid-v7.js';
import { eventId, idBefore, readPosition } from './live-position.js';

describe('idBefore', () => {
  it('should be smaller than any id made since then, and greater than older ones', () => {
    const now = Date.now();
    const id = uuidV7(new Date(now));
    expect(idBefore(id, 0) < id).toBe(true);
    expect(idBefore(id, 1000) < uuidV7(new Date(now - 1000))).toBe(true);
    expect(idBefore(id, 1000) > uuidV7(new Date(now - 1001))).toBe(true);
  });
});

describe('readPosition', () => {
  it('should read what it was told as the id of an event', () => {
    const position = { horizon: '18446744073709551615', id: uuidV7() };
    expect(readPosition(eventId(position))).toEqual(position);
    expect(readPosition(eventId(position).toUpperCase())).toEqual(position);
  });

  it('should take the id of a row for what came a while before it', () => {
    const id = uuidV7(new Date());
    const before = readPosition(id).id;
    expect(before < uuidV7(new Date(Date.now() - 500_000))).toBe(true);
    expect(before > uuidV7(new Date(Date.now() - 700_000))).toBe(true);
  });

  it.each([
    '',
    'now',
    '12',
    '-1-0195f0a0-0000-7000-8000-000000000000',
    '18446744073709551616-0195f0a0-0000-7000-8000-000000000000',
    '1-x',
    '0195f0a0-0000-4000-8000-000000000000',
  ])('should refuse %j', (text) => {
    expect(() => readPosition(text)).toThrow(expect.objectContaining({ status: 400, code: 'http.validation_failed' }));
  });
});
