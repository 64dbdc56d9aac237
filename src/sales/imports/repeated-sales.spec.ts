import { RepeatedSales, type ComparedLine } from './repeated-sales.js';
import type { KnownLine, KnownSale } from './sales-import.repository.js';

const known = (reference: string): KnownSale => ({ id: `id ${reference}`, storeId: 's', reference, importId: null, lines: 2 });
const stored = (reference: string, productId: string, quantity: string, count: number = 1): KnownLine => ({
  saleId: `id ${reference}`,
  productId,
  quantity,
  unitPrice: '2',
  count,
});
const line = (at: number, reference: string, productId: string, quantity: string): ComparedLine => ({
  line: at,
  sale: `s ${reference}`,
  reference,
  productId,
  quantity,
  unitPrice: '2',
  isPriced: true,
});

describe('RepeatedSales', () => {
  const asked: string[][] = [];
  const newSubject = (...lines: KnownLine[]): RepeatedSales =>
    new RepeatedSales({
      linesOf: async (ids) => {
        asked.push([...ids]);
        return lines.filter(({ saleId }) => ids.includes(saleId));
      },
    });

  it('should pass the very same lines, as often as they stand, and lines of new sales', async () => {
    const sut = newSubject(stored('T1', 'a', '1', 2), stored('T1', 'b', '3'));
    const lines = [line(2, 'T1', 'a', '1'), line(3, 'T1', 'a', '1'), line(4, 'T1', 'b', '3'), line(5, 'new', 'a', '9')];
    expect(await sut.differing([known('T1')], lines)).toEqual([]);
  });

  it('should tell a line that is more, or other, than what stands', async () => {
    const sut = newSubject(stored('T1', 'a', '1'));
    const lines = [line(2, 'T1', 'a', '1'), line(3, 'T1', 'a', '1'), line(4, 'T1', 'a', '2'), line(5, 'T1', 'c', '1')];
    expect((await sut.differing([known('T1')], lines)).map(({ line: at }) => at)).toEqual([3, 4, 5]);
  });

  it('should take a line without a price as any line of its product and quantity, the one at its price first', async () => {
    const sut = newSubject({ ...stored('T1', 'a', '1'), unitPrice: '9' }, stored('T1', 'a', '1'));
    const unpriced = { ...line(2, 'T1', 'a', '1'), isPriced: false };
    const lines = [
      unpriced,
      { ...unpriced, line: 3 },
      { ...unpriced, line: 4 },
      { ...line(5, 'T1', 'a', '10'), isPriced: false },
    ];
    expect((await sut.differing([known('T1')], lines)).map(({ line: at }) => at)).toEqual([4, 5]);
  });

  it('should refuse a named price that is not the stored one', async () => {
    const sut = newSubject({ ...stored('T1', 'a', '1'), unitPrice: '9' });
    expect(await sut.differing([known('T1')], [line(2, 'T1', 'a', '1')])).toHaveLength(1);
  });

  it('should go on with a sale in the next batch without asking again', async () => {
    const sut = newSubject(stored('T1', 'a', '1'), stored('T1', 'b', '1'));
    asked.length = 0;
    expect(await sut.differing([known('T1')], [line(2, 'T1', 'a', '1')])).toEqual([]);
    expect(
      (await sut.differing([known('T1')], [line(3, 'T1', 'b', '1'), line(4, 'T1', 'a', '1')])).map(({ line: at }) => at),
    ).toEqual([4]);
    expect(asked).toEqual([['id T1']]);
  });
});
