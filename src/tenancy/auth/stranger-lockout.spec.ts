import { StrangerLockout } from './stranger-lockout.js';

describe('StrangerLockout', () => {
  it('should lock after five tries, and longer after each further one', () => {
    let now = 1_000_000;
    const sut = new StrangerLockout(() => now);
    for (let i = 0; i < 5; i++) expect(sut.attempt('Nobody@nowhere.example', undefined)).toBe(0);
    expect(sut.attempt('nobody@nowhere.example', undefined)).toBe(30);
    now += 30_000;
    expect(sut.attempt('nobody@nowhere.example', undefined)).toBe(0);
    expect(sut.attempt('nobody@nowhere.example', undefined)).toBe(60);
  });

  it('should keep e-mails and tenants apart', () => {
    const sut = new StrangerLockout(() => 0);
    for (let i = 0; i < 5; i++) sut.attempt('a@b.example', 'acme');
    expect(sut.attempt('a@b.example', undefined)).toBe(0);
    expect(sut.attempt('c@b.example', 'acme')).toBe(0);
  });
});
