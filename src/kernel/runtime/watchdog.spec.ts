import { jest } from '@jest/globals';
import type { DatabaseEvent } from './embedded-postgres.js';
import { type Watched, watch } from './watchdog.js';

const refuse = (what: string) => (): never => {
  throw new Error(`${what} refused`);
};

describe('watch', () => {
  let told: string[];
  const say = (event: DatabaseEvent): void => {
    told.push(event.type === 'failed' ? event.error.message : event.type);
  };
  const healthy: Watched = {
    isAlive: () => true,
    restart: async () => 1,
    everyMinute: () => undefined,
    onEvent: say,
  };

  beforeEach(() => {
    told = [];
    jest.useFakeTimers();
  });
  afterEach(() => jest.useRealTimers());

  it('should start a dead server again, after growing pauses while that fails', async () => {
    let lives = 0;
    const restart = async (): Promise<number> => (++lives < 3 ? refuse('memory')() : 7);
    const stop = watch({ ...healthy, isAlive: () => lives === 3, restart });
    await jest.advanceTimersByTimeAsync(250 + 500);
    expect(told).toEqual(['down', 'memory refused', 'down', 'memory refused']);
    await jest.advanceTimersByTimeAsync(999);
    expect(told).toHaveLength(4);
    await jest.advanceTimersByTimeAsync(1);
    expect(told.slice(4)).toEqual(['down', 'restarted']);
    await stop();
  });

  it('should go on when the log cannot be shortened', async () => {
    const stop = watch({ ...healthy, everyMinute: refuse('log') });
    await jest.advanceTimersByTimeAsync(120_000);
    expect(told).toEqual(['log refused', 'log refused']);
    await stop();
  });

  it('should go on, and start nothing, when it cannot look', async () => {
    let looks = 0;
    const isAlive = (): boolean => (++looks === 1 ? refuse('look')() : true);
    const stop = watch({ ...healthy, isAlive });
    await jest.advanceTimersByTimeAsync(250 + 500 + 250);
    expect({ told, looks }).toEqual({ told: ['look refused'], looks: 3 });
    await stop();
  });
});
