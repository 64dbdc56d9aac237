import { randomBytes } from 'node:crypto';
import { openBody, sealBody } from './sealed-answer.js';

const [key, other] = [randomBytes(32), randomBytes(32)];
const body = { id: 1, token: 'flx_secret' };

describe('sealed answer', () => {
  it('should hold the secret for the key alone', () => {
    const sealed = sealBody(body, key, 'createApiKey a k');
    expect(JSON.stringify(sealed)).not.toContain('secret');
    expect(openBody(sealed, [other, key], 'createApiKey a k')).toEqual(body);
  });

  it('should open neither with another key nor in another place', () => {
    const sealed = sealBody(body, key, 'createApiKey a k');
    expect(openBody(sealed, [other], 'createApiKey a k')).toBeUndefined();
    expect(openBody(sealed, [key], 'createApiKey b k')).toBeUndefined();
  });
});
