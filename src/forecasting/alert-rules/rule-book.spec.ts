import { RuleBook, type RuleScope } from './rule-book.js';

const rule = (name: string, scope: Partial<RuleScope> = {}) => ({
  name,
  productId: null,
  storeId: null,
  categoryId: null,
  ...scope,
});
const rules = [
  rule('company'),
  rule('store', { storeId: 's' }),
  rule('food', { categoryId: 'food' }),
  rule('dairy', { categoryId: 'dairy' }),
  rule('product', { productId: 'milk' }),
  rule('product in store', { productId: 'milk', storeId: 's' }),
];
const parents = new Map([
  ['food', null],
  ['dairy', 'food'],
  ['cheese', 'dairy'],
  ['grain', 'food'],
]);
const sut = new RuleBook(rules, parents);
const place = (productId: string, storeId: string, categoryId: string | null) =>
  sut.ruleFor({ productId, storeId, categoryId })?.name;

describe('RuleBook', () => {
  it('should let the most specific rule win', () => {
    expect(place('milk', 's', 'dairy')).toBe('product in store');
    expect(place('milk', 't', 'dairy')).toBe('product');
    expect(place('yoghurt', 's', 'dairy')).toBe('dairy');
    expect(place('soap', 's', null)).toBe('store');
    expect(place('soap', 't', null)).toBe('company');
  });

  it('should take the nearest category above', () => {
    expect(place('gouda', 's', 'cheese')).toBe('dairy');
    expect(place('rice', 't', 'grain')).toBe('food');
    expect(place('pen', 't', 'unknown')).toBe('company');
  });

  it('should know nothing where no rule is active', () => {
    expect(
      new RuleBook([rule('store', { storeId: 's' })]).ruleFor({ productId: 'p', storeId: 't', categoryId: null }),
    ).toBeNull();
  });
});
