import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { RuntimeFile, readyLine } from './runtime-file.js';

const facts = {
  api: 'http://127.0.0.1:3000',
  docs: 'http://127.0.0.1:3000/docs',
  pid: 1,
  databaseUrl: 'postgresql://fluxion@/fluxion_dev',
};
const demo = { tenant: 'fluxion-demo', email: 'admin@example.com', password: 'secret' };

describe('RuntimeFile', () => {
  let home: string;
  let told: string[];
  const read = (): unknown => JSON.parse(readFileSync(path.join(home, 'runtime.json'), 'utf8'));

  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'fluxion-'));
    told = [];
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it('should tell nobody but its owner, and follow the processes', () => {
    const sut = new RuntimeFile(home, (line) => told.push(line));
    sut.write({ ...facts, demo, workerPid: 2 });
    sut.update({ workerPid: 3, postgresPid: 4 });
    expect(read()).toEqual({ ...facts, demo, workerPid: 3, postgresPid: 4 });
    expect(statSync(path.join(home, 'runtime.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(home)).toEqual(['runtime.json']);
  });

  it('should remove what a killed process left, and write nothing before it is ready', () => {
    writeFileSync(path.join(home, 'runtime.json'), '{}');
    const sut = new RuntimeFile(home, (line) => told.push(line));
    sut.update({ workerPid: 3 });
    expect(existsSync(path.join(home, 'runtime.json'))).toBe(false);
  });

  it('should be silent after a stop', () => {
    const sut = new RuntimeFile(home, (line) => told.push(line));
    sut.write(facts);
    sut.remove();
    sut.update({ workerPid: 3 });
    expect(readdirSync(home)).toEqual([]);
  });

  it('should tell of a change that cannot be written, and write it as soon as it can', () => {
    jest.useFakeTimers();
    const sut = new RuntimeFile(home, (line) => told.push(line));
    sut.write(facts);
    // a folder in the way is refused to everybody, root too
    rmSync(path.join(home, 'runtime.json'));
    mkdirSync(path.join(home, 'runtime.json', 'x'), { recursive: true });
    sut.update({ workerPid: 3 });
    sut.update({ postgresPid: 4 });
    expect(told).toEqual(Array(2).fill(expect.stringContaining('runtime.json is out of date: ')));
    expect(readdirSync(home)).toEqual(['runtime.json']);
    rmSync(path.join(home, 'runtime.json'), { recursive: true });
    jest.advanceTimersByTime(10_000);
    expect(read()).toEqual({ ...facts, workerPid: 3, postgresPid: 4 });
    expect(told).toHaveLength(2);
    jest.useRealTimers();
  });
});

describe('readyLine', () => {
  it('should name the tenant only when there is one', () => {
    expect(readyLine({ ...facts, demo })).toBe(
      'FLUXION READY {"api":"http://127.0.0.1:3000","docs":"http://127.0.0.1:3000/docs","tenant":"fluxion-demo","email":"admin@example.com","password":"secret"}',
    );
    expect(readyLine(facts)).toBe('FLUXION READY {"api":"http://127.0.0.1:3000","docs":"http://127.0.0.1:3000/docs"}');
  });
});
