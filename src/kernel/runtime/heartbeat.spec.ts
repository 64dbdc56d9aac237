import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { startHeart } from './heartbeat.js';

describe('startHeart', () => {
  let home: string;

  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'fluxion-'));
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
    rmSync(home, { recursive: true });
  });

  it('should miss a beat that cannot be written, and beat again when it can', () => {
    const told: string[] = [];
    const file = path.join(home, 'gone', 'heart');
    const sut = startHeart(file, (line) => told.push(line));
    expect(told).toEqual([expect.stringMatching(/^missed a heartbeat: .*ENOENT/)]);
    mkdirSync(path.dirname(file));
    jest.advanceTimersByTime(10_000);
    clearInterval(sut);
    expect([existsSync(file), told.length]).toEqual([true, 1]);
  });
});
