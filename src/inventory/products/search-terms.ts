/** A search text made ready for the database: the same folding as `products.search_text`, and a query of word beginnings. */
export interface SearchTerms {
  /** lower case, without accents */
  folded: string;
  /** one LIKE pattern a word: each must be found somewhere in name, SKU or barcode */
  patterns: string[];
  /** text search query: each word by its beginning, in any form of the word */
  words: string;
}

const MAX_WORDS = 10;

/** Lower case and without accents, as `lower(ext.immutable_unaccent(text))` gives it. */
function fold(text: string): string {
  return text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
}

/** Takes a search apart. Nothing in it is an operator: quotes, wildcards and `&|!` are plain text or separators. */
export function searchTerms(text: string): SearchTerms {
  const folded = fold(text).trim();
  const parts = folded.split(/\s+/).slice(0, MAX_WORDS);
  const words = folded.match(/[\p{L}\p{N}]+/gu)?.slice(0, MAX_WORDS) ?? [];
  return {
    folded,
    patterns: parts.map((part) => `%${part.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`),
    words: words.map((word) => `${word}:*`).join(' & '),
  };
}
