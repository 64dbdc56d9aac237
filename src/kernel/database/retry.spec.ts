import { retried } from './retry.js';
import { runInScope } from './tenant-context.js';

const failing = (code: string, times: number) => {
  let calls = 0;
  const work = async () => {
    if (++calls <= times) throw Object.assign(new Error('database'), { code });
    return calls;
  };
  return { work, calls: () => calls };
};

describe('retried', () => {
  it.each(['40001', '40P01'])('should repeat after %s', async (code) => {
    await expect(retried(failing(code, 3).work)).resolves.toBe(4);
  });

  it('should give up after the last attempt', async () => {
    const { work, calls } = failing('40P01', 99);
    await expect(retried(work, 3)).rejects.toMatchObject({ code: '40P01' });
    expect(calls()).toBe(3);
  });

  it('should not repeat any other error', async () => {
    const { work, calls } = failing('23505', 1);
    await expect(retried(work)).rejects.toMatchObject({ code: '23505' });
    expect(calls()).toBe(1);
  });

  it('should leave a running transaction to its owner', async () => {
    const { work, calls } = failing('40001', 1);
    const transaction = {
      query: async () => ({}) as never,
      queryAtCommit: () => undefined,
      afterCommit: () => undefined,
    };
    await runInScope({ requestId: 'r', locale: 'es', transaction }, () =>
      expect(retried(work)).rejects.toMatchObject({ code: '40001' }),
    );
    expect(calls()).toBe(1);
  });
});
