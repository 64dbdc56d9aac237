import { isSlug } from './slug.js';

describe('isSlug', () => {
  it.each(['acme', 'a1b', 'fluxion-demo', `a${'b'.repeat(39)}`])('should take %s', (slug) => expect(isSlug(slug)).toBe(true));
  it.each(['', 'ab', '1abc', '-abc', 'abc-', 'Abc', 'a_b', 'a.b', 'ñandu', `a${'b'.repeat(40)}`, 'acme\n'])(
    'should refuse %j',
    (slug) => expect(isSlug(slug)).toBe(false),
  );
});
