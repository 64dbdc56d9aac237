import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
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
  const read = (): unknown => JSON.parse(readFileSync(path.join(home, 'runtime.json'), 'utf8'));

  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'fluxion-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  it('should tell nobody but its owner, and follow the processes', () => {
    const sut = new RuntimeFile(home);
    sut.write({ ...facts, demo, workerPid: 2 });
    sut.update({ workerPid: 3, postgresPid: 4 });
    expect(read()).toEqual({ ...facts, demo, workerPid: 3, postgresPid: 4 });
    expect(statSync(path.join(home, 'runtime.json')).mode & 0o777).toBe(0o600);
    expect(readdirSync(home)).toEqual(['runtime.json']);
  });

  it('should remove what a killed process left, and write nothing before it is ready', () => {
    writeFileSync(path.join(home, 'runtime.json'), '{}');
    const sut = new RuntimeFile(home);
    sut.update({ workerPid: 3 });
    expect(existsSync(path.join(home, 'runtime.json'))).toBe(false);
  });

  it('should be silent after a stop', () => {
    const sut = new RuntimeFile(home);
    sut.write(facts);
    sut.remove();
    sut.update({ workerPid: 3 });
    expect(readdirSync(home)).toEqual([]);
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
