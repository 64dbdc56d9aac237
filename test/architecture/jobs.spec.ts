import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const SRC = path.resolve('src');

function sources(): string[] {
  const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'))
    .map((file) => readFileSync(path.join(SRC, file), 'utf8').replaceAll(/^ \*.*$/gm, ''));
}

/** Names that rooms declare: `interface JobMap { 'forecast.run': ... }`. */
function declared(texts: string[]): string[] {
  return texts.flatMap((text) =>
    [...text.matchAll(/interface JobMap \{([\s\S]*?)\n {0,2}\}/g)].flatMap(([, body]) =>
      [...body!.matchAll(/^\s*'([a-z_.]+)':/gm)].map(([, name]) => name!),
    ),
  );
}

function handled(texts: string[]): string[] {
  return texts.flatMap((text) => [...text.matchAll(/@OnJob\(\s*'([a-z_.]+)'/g)].map(([, name]) => name!));
}

describe('jobs', () => {
  const texts = sources();

  it('should each have exactly one handler', () => {
    const [names, handlers] = [declared(texts), handled(texts)];
    expect(names).toContain('jobs.sweep');
    expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
    expect(handlers.toSorted()).toEqual(names.toSorted());
  });

  it('should include those that SQL enqueues', () => {
    const gate = readFileSync(path.resolve('migrations/0010-gate.sql'), 'utf8');
    const names = [...gate.matchAll(/note_pairs\('([a-z_.]+)'/g)].map(([, name]) => name!);
    expect(names).toHaveLength(2);
    expect(handled(texts)).toEqual(expect.arrayContaining(names));
  });
});
