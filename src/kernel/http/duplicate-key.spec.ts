import * as fc from 'fast-check';
import { duplicateKey } from './duplicate-key.js';

describe('duplicateKey', () => {
  it.each([
    ['{"a":1,"a":2}', '/a'],
    ['{"a":{"b":1,"c":2,"b":3}}', '/a/b'],
    ['{"items":[{"x":1},{"x":1,"y":[],"x":2}]}', '/items/1/x'],
    [String.raw`{"a":1,"\u0061":2}`, '/a'],
    ['{"a/b":1,"a/b":2}', '/a~1b'],
    ['[[{"k":0}],{"k":0,"k":1}]', '/1/k'],
  ])('should find the key that %s names twice', (text, pointer) => {
    expect(duplicateKey(text)).toBe(pointer);
  });

  it.each([
    '{"a":"a","b":"a"}',
    '{"a":{"a":{"a":1}}}',
    String.raw`{"a":"\",\"a\":\""}`,
    '["a","a"]',
    '"a"',
    '1',
    '{}',
    '[{"a":1},{"a":1}]',
  ])('should find none in %s', (text) => {
    expect(duplicateKey(text)).toBeUndefined();
  });

  it('should find none in anything that was written from a value', () => {
    fc.assert(fc.property(fc.json(), (text) => duplicateKey(JSON.stringify(JSON.parse(text))) === undefined));
  });
});
