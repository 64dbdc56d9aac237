import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { NoAccountError, canReach, canRead, chooseAccount } from './account.js';

const PASSWD =
  'root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1::/:/bin/false\nnobody:x:65534:65533::/:/bin/false\nana:x:1000:1000::/home/ana:/bin/sh\n';

describe('chooseAccount', () => {
  it('should take the first known account that exists', () => {
    expect(chooseAccount(PASSWD)).toEqual({ uid: 65534, gid: 65533, name: 'nobody' });
    expect(chooseAccount(`${PASSWD}postgres:x:70:71::/:/bin/false\n`)).toEqual({ uid: 70, gid: 71, name: 'postgres' });
  });

  it('should be the owner of data that exists', () => {
    expect(chooseAccount(PASSWD, { uid: 1000, gid: 1000 })).toEqual({ uid: 1000, gid: 1000, name: 'ana' });
    expect(chooseAccount(PASSWD, { uid: 4711, gid: 4711 })).toEqual({ uid: 4711, gid: 4711, name: '4711' });
  });

  it('should never be root', () => {
    expect(chooseAccount(PASSWD, { uid: 0, gid: 0 }).name).toBe('nobody');
    expect(() => chooseAccount('root:x:0:0:root:/root:/bin/sh\npostgres:x:0:0::/:/bin/sh\n')).toThrow(NoAccountError);
  });
});

describe('canReach and canRead', () => {
  const stranger = { uid: 4711, gid: 4711, name: 'stranger' };
  let home: string;

  beforeEach(() => {
    // not below TMPDIR: that may be somebody's private folder, which no stranger enters
    home = mkdtempSync('/tmp/fluxion-');
    chmodSync(home, 0o755);
    mkdirSync(path.join(home, 'a', 'b'), { recursive: true });
    for (const folder of ['a', 'a/b']) chmodSync(path.join(home, folder), 0o755);
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it('should ask every folder on the way', () => {
    expect(canReach(path.join(home, 'a', 'b'), stranger)).toBe(true);
    chmodSync(path.join(home, 'a'), 0o700);
    expect(canReach(path.join(home, 'a', 'b'), stranger)).toBe(false);
    expect(canReach(path.join(home, 'a', 'b'), { name: 'you' })).toBe(true);
  });

  it('should tell passing through from reading', () => {
    chmodSync(path.join(home, 'a'), 0o711);
    expect(canReach(path.join(home, 'a', 'b'), stranger)).toBe(true);
    expect(canRead(path.join(home, 'a'), stranger)).toBe(false);
    expect(canRead(path.join(home, 'a', 'b'), stranger)).toBe(true);
    expect(canRead(path.join(home, 'missing'), stranger)).toBe(false);
  });
});
