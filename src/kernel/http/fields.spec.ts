import { OmitType, PartialType, PickType } from '@nestjs/swagger';
import { validateSync } from 'class-validator';
import { readDto, type DtoClass } from './dto-reader.js';
import {
  Choice,
  ChoicesOf,
  Code,
  Count,
  Email,
  Flag,
  Instant,
  ListOf,
  LocalDate,
  Measure,
  Money,
  OpenData,
  Part,
  Quantity,
  Secret,
  Text,
  Texts,
  UnitCost,
  Uuid,
  Uuids,
} from './fields.js';

const ID = '0190A5B0-0000-7000-8000-000000000001';

function read<T extends object>(
  target: DtoClass<T>,
  input: unknown,
  lenient = false,
): { value: T | undefined; errors: string[] } {
  const reading = { errors: [] as { pointer: string; code: string }[], lenient };
  const value = readDto(target, input, '', reading as never);
  return { value, errors: reading.errors.map(({ pointer, code }) => `${pointer} ${code}`) };
}

class InnerDto {
  @Text(5) name: string;
}

class ProductDto {
  @Uuid() id: string;
  @Code(10) sku: string;
  @Text(20, { optional: true, nullable: true }) note?: string | null;
  @Money() price: string;
  @Count(0, 10, { default: 3 }) level: number;
}

const one = (decorate: PropertyDecorator): DtoClass => {
  class OneDto {
    value: unknown;
  }
  decorate(OneDto.prototype, 'value');
  return OneDto;
};

describe('fields', () => {
  it.each<[string, PropertyDecorator, unknown, unknown]>([
    ['uuid', Uuid(), ID, ID.toLowerCase()],
    ['text, trimmed', Text(5), '  añb ', 'añb'],
    ['text by code points', Text(2), '😀😀', '😀😀'],
    ['secret, untrimmed', Secret(3, 9), ' ab ', ' ab '],
    ['code', Code(12), 'ARROZ Ñ 1/2', 'ARROZ Ñ 1/2'],
    ['email', Email(), 'Ana+x@Shop.example', 'Ana+x@Shop.example'],
    ['money text', Money(), '007.50', '7.50'],
    ['money number', Money(), 0.1, '0.1'],
    ['money of 18 digits', Money(), '99999999999999.9999', '99999999999999.9999'],
    ['minus zero', Money({ sign: 'signed' }), '-0.00', '0.00'],
    ['unit cost', UnitCost(), '1.123456', '1.123456'],
    ['signed quantity', Quantity({ sign: 'nonzero' }), -3, '-3'],
    ['count', Count(1, 5), 5, 5],
    ['measure', Measure(0, 1), 0.25, 0.25],
    ['flag', Flag(), false, false],
    ['choice', Choice(['a', 'b']), 'b', 'b'],
    ['choices', ChoicesOf({ A: 'a', B: 'b' }), ['b', 'a'], ['b', 'a']],
    ['instant with offset', Instant(), '2026-05-01T10:00:00-04:00', '2026-05-01T14:00:00.000Z'],
    ['instant with microseconds', Instant(), '2026-05-01T10:00:00.123456Z', '2026-05-01T10:00:00.123Z'],
    ['leap day', LocalDate(), '2024-02-29', '2024-02-29'],
    ['uuids', Uuids(2), [ID], [ID.toLowerCase()]],
    ['texts', Texts(2, 3), ['a ', 'b'], ['a', 'b']],
    ['open data', OpenData(), { a: [1, { b: null }] }, { a: [1, { b: null }] }],
    ['nested object', Part(InnerDto), { name: 'x' }, { name: 'x' }],
    ['list', ListOf(() => InnerDto, 2), [{ name: 'x' }], [{ name: 'x' }]],
  ])('should take %s', (_, decorate, input, output) => {
    const { value, errors } = read(one(decorate), { value: input });
    expect(errors).toEqual([]);
    expect(JSON.parse(JSON.stringify(value))).toEqual({ value: output });
  });

  it.each<[string, PropertyDecorator, unknown, string]>([
    ['a number as uuid', Uuid(), 1, '/value field.uuid'],
    ['blank text', Text(5), '  ', '/value field.required'],
    ['long text', Text(2), 'abc', '/value field.too_long'],
    ['NUL', Text(5), 'a\0', '/value field.characters'],
    ['half a surrogate pair', Text(5), 'a\ud800', '/value field.characters'],
    ['a line break in a code', Code(5), 'a\nb', '/value field.format'],
    ['an e-mail without domain', Email(), 'ana@shop', '/value field.email'],
    ['an exponent', Money(), '1e3', '/value field.decimal'],
    ['an exponent number', Money(), 1e21, '/value field.decimal'],
    ['a tiny number', Money(), 1e-7, '/value field.decimal'],
    ['NaN', Money(), Number.NaN, '/value field.decimal'],
    ['Infinity', Money(), 'Infinity', '/value field.decimal'],
    ['a number beyond doubles', Money(), 12345678901234.568, '/value field.decimal'],
    ['a comma', Money(), '3,25', '/value field.decimal'],
    ['five decimals', Money(), '1.00001', '/value field.digits'],
    ['fifteen integer digits', Money(), '100000000000000', '/value field.digits'],
    ['a negative amount', Money(), '-1', '/value field.min'],
    ['zero as positive', Quantity({ sign: 'positive' }), '0.0000', '/value field.positive'],
    ['zero as nonzero', Quantity({ sign: 'nonzero' }), '-0', '/value field.zero'],
    ['text as count', Count(1, 5), '3', '/value field.type'],
    ['a fraction as count', Count(1, 5), 1.5, '/value field.type'],
    ['too much', Count(1, 5), 6, '/value field.max'],
    ['1 as flag', Flag(), 1, '/value field.type'],
    ['another choice', Choice(['a']), 'b', '/value field.choice'],
    ['an instant without zone', Instant(), '2026-05-01T10:00:00', '/value field.instant'],
    ['the 30th of February', Instant(), '2026-02-30T10:00:00Z', '/value field.instant'],
    ['the year 9999', LocalDate(), '9999-01-01', '/value field.date'],
    ['a date of no leap year', LocalDate(), '2026-02-29', '/value field.date'],
    ['a repeated id', Uuids(3), [ID, ID.toLowerCase()], '/value/1 field.duplicate'],
    ['too many', Uuids(0), [ID], '/value field.too_many'],
    ['null in a list', Texts(2, 3), ['a', null], '/value/1 field.null'],
    ['open data too deep', OpenData({ maxDepth: 1 }), { a: { b: 1 } }, '/value/a field.too_deep'],
    ['open data too large', OpenData({ maxBytes: 10 }), { a: 'xxxxxxxxxx' }, '/value field.too_large'],
    ['NUL in a key', OpenData(), { 'a\0': 1 }, '/value/a\0 field.characters'],
    ['a list as object', Part(InnerDto), [], '/value field.type'],
    ['a wrong nested field', ListOf(InnerDto, 2), [{ name: 'x' }, { name: 1 }], '/value/1/name field.type'],
    ['null', Text(5), null, '/value field.null'],
    ['nothing', Text(5), undefined, '/value field.required'],
  ])('should refuse %s', (_, decorate, input, error) => {
    expect(read(one(decorate), { value: input }).errors).toEqual([error]);
  });
});

describe('readDto', () => {
  const product = { id: ID, sku: 'A', price: '1' };

  it('should leave absent fields absent and fill defaults', () => {
    const { value } = read(ProductDto, product);
    expect(Object.keys(value ?? {})).toEqual(['id', 'sku', 'price', 'level']);
    expect(value).toBeInstanceOf(ProductDto);
    expect(value?.level).toBe(3);
  });

  it('should refuse unknown and inherited names', () => {
    expect(read(ProductDto, { ...product, admin: true, constructor: 1 }).errors).toEqual([
      '/admin field.unknown',
      '/constructor field.unknown',
    ]);
    expect(read(ProductDto, Object.create(product)).errors).toHaveLength(3);
  });

  it('should read a partial update without the defaults of the whole', () => {
    class UpdateDto extends PartialType(ProductDto) {}
    expect(read(UpdateDto, { note: null }).value).toEqual({ note: null });
    expect(read(UpdateDto, { sku: null }).errors).toEqual(['/sku field.null']);
  });

  it('should follow the other mapped types and inheritance', () => {
    class WithoutId extends OmitType(ProductDto, ['id']) {
      @Flag({ optional: true }) extra?: boolean;
    }
    expect(read(WithoutId, { sku: 'A', price: 1, extra: true }).errors).toEqual([]);
    expect(read(WithoutId, product).errors).toEqual(['/id field.unknown']);
    class OnlySku extends PickType(ProductDto, ['sku']) {}
    expect(read(OnlySku, {}).errors).toEqual(['/sku field.required']);
  });

  it('should convert text in queries', () => {
    class QueryDto {
      @Count(1, 9) limit: number;
      @Flag() below: boolean;
      @Uuids(5) ids: string[];
    }
    expect(read(QueryDto, { limit: '4', below: 'true', ids: ID }, true).value).toEqual({
      limit: 4,
      below: true,
      ids: [ID.toLowerCase()],
    });
    expect(read(QueryDto, { limit: '4x', below: '1', ids: '' }, true).errors).toHaveLength(3);
  });

  it('should stop collecting after a hundred faults', () => {
    class ManyDto {
      @Texts(1000, 3) list: string[];
    }
    expect(read(ManyDto, { list: Array.from({ length: 1000 }, () => 1) }).errors).toHaveLength(100);
  });

  it('should be understood by class-validator as well', () => {
    expect(validateSync(Object.assign(new ProductDto(), product, { level: 1 }))).toEqual([]);
    expect(validateSync(Object.assign(new ProductDto(), product, { level: 11 }))).toHaveLength(1);
  });
});
