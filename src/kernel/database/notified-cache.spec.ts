import { NotifiedCache } from './notified-cache.js';

function newSource() {
  const source = { value: 'one', reads: 0, trusted: true, wait: Promise.resolve() };
  const sut = new NotifiedCache<string>({
    max: 10,
    trusted: () => source.trusted,
    load: async () => {
      source.reads++;
      const { value } = source;
      await source.wait;
      return value;
    },
  });
  return { source, sut };
}

describe('NotifiedCache', () => {
  it('should ask the source once', async () => {
    const { source, sut } = newSource();
    await sut.get('a');
    expect(await sut.get('a')).toBe('one');
    expect(source.reads).toBe(1);
  });

  it('should ask once for readers that come together', async () => {
    const { source, sut } = newSource();
    await Promise.all([sut.get('a'), sut.get('a')]);
    expect(source.reads).toBe(1);
  });

  it('should read again after a change', async () => {
    const { source, sut } = newSource();
    await sut.get('a');
    source.value = 'two';
    sut.drop('a');
    expect(await sut.get('a')).toBe('two');
  });

  it('should not keep what was being read when the change came', async () => {
    const { source, sut } = newSource();
    let arrive: (() => void) | undefined;
    source.wait = new Promise((resolve) => (arrive = resolve));
    const early = sut.get('a');
    source.value = 'two';
    sut.drop('a');
    arrive?.();
    await early;
    expect(await sut.get('a')).toBe('two');
  });

  it('should ask every time while changes go unheard', async () => {
    const { source, sut } = newSource();
    await sut.get('a');
    source.trusted = false;
    source.value = 'two';
    expect(await sut.get('a')).toBe('two');
    expect(await sut.get('a')).toBe('two');
    expect(source.reads).toBe(3);
  });

  it('should remember that there is nothing', async () => {
    let reads = 0;
    const sut = new NotifiedCache<string>({ max: 10, trusted: () => true, load: async () => (reads++, undefined) });
    await sut.get('a');
    expect(await sut.get('a')).toBeUndefined();
    expect(reads).toBe(1);
  });

  it('should try again after a failed reading', async () => {
    let fail = true;
    const sut = new NotifiedCache<string>({
      max: 10,
      trusted: () => true,
      load: async () => {
        if (fail) throw new Error('down');
        return 'up';
      },
    });
    await expect(sut.get('a')).rejects.toThrow('down');
    fail = false;
    expect(await sut.get('a')).toBe('up');
  });
});
