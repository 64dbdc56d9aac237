import { liveMessages } from './outbox-relay.js';
import { flowTree, type OutboxEntry } from './redis-queue.js';

describe('liveMessages', () => {
  it('should name each tenant once with the types of its events', () => {
    const rows = [
      { tenant: 'a', type: 'x' },
      { tenant: 'b', type: 'x' },
      { tenant: 'a', type: 'y' },
      { tenant: 'a', type: 'x' },
    ];
    expect(liveMessages(rows)).toEqual(['[["a",["x","y"]],["b",["x"]]]']);
    expect(liveMessages([])).toEqual([]);
  });

  it('should keep every message within the 8,000 bytes of a notification and lose no tenant', () => {
    const rows = Array.from({ length: 500 }, (_, i) => ({
      tenant: `01980000-0000-7000-8000-${String(i).padStart(12, '0')}`,
      type: 'sale.completed',
    }));
    const messages = liveMessages(rows);
    expect(messages.length).toBeGreaterThan(1);
    for (const message of messages) expect(Buffer.byteLength(message)).toBeLessThan(8000);
    const told = messages.flatMap((message): [string, string[]][] => JSON.parse(message)).map(([tenant]) => tenant);
    expect(told).toEqual(rows.map((row) => row.tenant));
  });
});

describe('flowTree', () => {
  const newEntry = (id: string, parentId?: string): OutboxEntry => ({
    queue: 'mail',
    id,
    name: `job.${id}`,
    data: {},
    opts: { removeOnComplete: true },
    priority: 0,
    delay: 5,
    attempts: 3,
    timestamp: 1,
    ...(parentId !== undefined && { parentQueue: 'mail', parentId }),
  });

  it('should put children below their parents, with ids and options', () => {
    const tree = flowTree([newEntry('a'), newEntry('b', 'a'), newEntry('c', 'b'), newEntry('d', 'a')]);
    const ids = (node: typeof tree): unknown => [node.opts.jobId, ...node.children.map(ids)];
    expect(ids(tree)).toEqual(['a', ['b', ['c']], ['d']]);
    expect(tree.opts).toEqual({ removeOnComplete: true, jobId: 'a', attempts: 3, timestamp: 1, delay: 5 });
  });

  it('should refuse a flow without a root', () => {
    expect(() => flowTree([newEntry('b', 'a')])).toThrow('a flow without a root');
  });
});
