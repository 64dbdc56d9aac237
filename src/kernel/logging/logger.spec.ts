import { runInScope, type TenantRef } from '../database/tenant-context.js';
import { AppLogger } from './logger.js';
import { readableLine } from './readable-stream.js';
import { redacted } from './redact.js';

const lines: string[] = [];
const sut = new AppLogger({ level: 'info', json: true, to: { write: (line) => void lines.push(line) } });
const last = () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>;

describe('AppLogger', () => {
  it('should carry tenant, user and request of the scope', () => {
    const actor = { user: 'u', role: null, stores: null, via: 'http' };
    runInScope({ requestId: 'r1', locale: 'es', tenant: { slug: 'acme' } as TenantRef, actor }, () => sut.log('hello', 'Probe'));
    expect(last()).toMatchObject({
      level: 'info',
      message: 'hello',
      context: 'Probe',
      requestId: 'r1',
      tenant: 'acme',
      user: 'u',
    });
    sut.log('outside');
    expect(last()).not.toHaveProperty('tenant');
  });

  it('should log errors with stack and database code, without secrets', () => {
    sut.error(
      Object.assign(new Error('connect postgres://u:hunter2@h/d failed', { cause: new Error('Bearer abc.def') }), {
        code: '08006',
      }),
      'Probe',
    );
    expect(last()).toMatchObject({
      level: 'error',
      error: 'Error',
      code: '08006',
      message: 'connect postgres://u:***@h/d failed',
      cause: 'Error: Bearer ***',
    });
    expect(lines.at(-1)).not.toContain('hunter2');
    sut.error('text', 'Error: at x', 'Probe');
    expect(last()).toMatchObject({ message: 'text', stack: 'Error: at x', context: 'Probe' });
  });

  it('should leave out what is below its level', () => {
    const before = lines.length;
    sut.debug('quiet');
    sut.verbose('quieter');
    sut.entry('debug', {}, 'quiet');
    expect(lines).toHaveLength(before);
  });
});

describe('redacted', () => {
  it('should blot out secrets by name and by form, bounded in depth', () => {
    const value = {
      password: 'a',
      user: { accessToken: 'b', passwordHash: 'c', Authorization: 'd', name: 'Ana' },
      text: 'key flx_abcdefghijklmnopqrstuvwxyz and eyJhbGciOiJI.eyJzdWIiOi.sig',
      role: 'flx_0a1b2c3d_0190a5b0000070008000000000000001',
      list: [{ apiKey: 1 }],
    };
    expect(redacted(value)).toEqual({
      password: '***',
      user: { accessToken: '***', passwordHash: '***', Authorization: '***', name: 'Ana' },
      text: 'key *** and ***',
      role: 'flx_0a1b2c3d_0190a5b0000070008000000000000001',
      list: [{ apiKey: '***' }],
    });
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(JSON.stringify(redacted(loop))).toContain('[deeper]');
  });
});

describe('readableLine', () => {
  it('should put what matters first', () => {
    const line = JSON.stringify({
      level: 'warn',
      time: 0,
      context: 'Http',
      message: 'slow',
      tenant: 'acme',
      status: 200,
      stack: 'at x',
    });
    expect(readableLine(line)).toBe('00:00:00.000 WARN  [Http] slow (acme) status=200\nat x\n');
    expect(readableLine('no json')).toBe('no json');
  });
});
