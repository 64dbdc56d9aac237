import { searchTerms } from './search-terms.js';

describe('searchTerms', () => {
  it('should fold case and accents', () => {
    expect(searchTerms(' Café  PIÑA ')).toEqual({
      folded: 'cafe  pina',
      patterns: ['%cafe%', '%pina%'],
      words: 'cafe:* & pina:*',
    });
  });

  it('should take wildcards and operators as plain text', () => {
    expect(searchTerms(String.raw`50% a_b c\d`).patterns).toEqual([String.raw`%50\%%`, String.raw`%a\_b%`, String.raw`%c\\d%`]);
    expect(searchTerms("leche & !'x' | <-> (y):*").words).toBe('leche:* & x:* & y:*');
  });

  it('should give no words for punctuation alone', () => {
    expect(searchTerms('---').words).toBe('');
  });

  it('should bound the number of words', () => {
    const { patterns, words } = searchTerms(Array.from({ length: 40 }, (_, index) => `w${index}`).join(' '));
    expect(patterns).toHaveLength(10);
    expect(words.split(' & ')).toHaveLength(10);
  });
});
