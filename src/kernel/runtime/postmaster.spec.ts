import { type ProcessIdentity } from './process-identity.js';
import { isPostmasterOf, parsePostmasterFile } from './postmaster.js';

const identity = (argv: string[]): ProcessIdentity => ({ pid: 42, argv, startedAt: '1', executableGone: false });

describe('parsePostmasterFile', () => {
  it('should read the eight lines of a running server', () => {
    const text = '42\n/srv/shop one/data\n1763724000\n5432\n/srv/socket\n\n   1234   5678\nready   \n';
    expect(parsePostmasterFile(text)).toEqual({
      pid: 42,
      dataDirectory: '/srv/shop one/data',
      port: 5432,
      socketFolder: '/srv/socket',
      status: 'ready',
    });
  });

  it('should read the first lines of a server that is still starting', () => {
    expect(parsePostmasterFile('42\n/srv/data\n1763724000\n')).toMatchObject({ pid: 42, port: 0, socketFolder: '', status: '' });
  });

  it.each(['', '\n', 'x\n/srv/data\n', '-1\n/srv/data\n', '42\n'])('should refuse what names no server: %j', (text) => {
    expect(parsePostmasterFile(text)).toBeUndefined();
  });
});

describe('isPostmasterOf', () => {
  it('should know the server by program and data directory', () => {
    expect(isPostmasterOf(identity(['/x/bin/postgres', '-D', '/srv/my data', '-c', 'port=5432']), '/srv/my data')).toBe(true);
  });

  it.each([
    ['a server of other data', ['/x/bin/postgres', '-D', '/srv/other']],
    ['data whose name only begins alike', ['/x/bin/postgres', '-D', '/srv/data2']],
    ['a child of the server', ['postgres: checkpointer', '', '']],
    ['a stranger that got the number', ['/usr/bin/vim', '-D', '/srv/data']],
    ['a program without arguments', ['/sbin/init']],
  ])('should refuse %s', (_, argv) => {
    expect(isPostmasterOf(identity(argv), '/srv/data')).toBe(false);
  });

  it('should read a command line that the system gives as one text', () => {
    expect(isPostmasterOf(identity(['/x/bin/postgres -D /srv/data -c port=5432']), '/srv/data')).toBe(true);
    expect(isPostmasterOf(identity(['/x/bin/postgres -D /srv/data2 -c port=5432']), '/srv/data')).toBe(false);
  });
});
