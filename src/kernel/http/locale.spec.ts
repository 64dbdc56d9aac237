import { localeOfHeader } from './locale.js';

describe('localeOfHeader', () => {
  it.each([
    ['es-VE,es;q=0.9,en;q=0.8', 'es'],
    ['en-US,en;q=0.9', 'en'],
    ['fr;q=1, en;q=0.2, es;q=0.3', 'es'],
    ['EN', 'en'],
    ['fr, de', undefined],
    ['en;q=0', undefined],
    ['*', undefined],
    ['', undefined],
    ['e'.repeat(1000), undefined],
    [undefined, undefined],
  ])('should read %j as %j', (header, expected) => {
    expect(localeOfHeader(header)).toBe(expected);
    expect(localeOfHeader(header)).toBe(expected);
  });
});
