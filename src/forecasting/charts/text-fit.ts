const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]|\p{Extended_Pictographic}/u;
const NARROW = /[il.,:;'|!()[\] ]/;
const BROAD = /[MWmw@%\u2014]/;
const UPPER = /[\p{Lu}]/u;
const INVISIBLE = /\p{Mn}|\p{Cf}/u;
const segments = new Intl.Segmenter('und', { granularity: 'grapheme' });
const ELLIPSIS = '\u2026';

/** Width of one letter in parts of the font's size, generously: fonts differ, and text that is cut off is worse than a gap. */
function widthOfLetter(letter: string): number {
  if (WIDE.test(letter)) return 1.1;
  const [base = ''] = letter;
  if (INVISIBLE.test(base)) return 0;
  if (NARROW.test(base)) return 0.34;
  if (BROAD.test(base)) return 0.92;
  return UPPER.test(base) ? 0.7 : 0.58;
}

const STRONG = 1.12;

/** About how wide the text is in a system font, in pixels. */
export function textWidth(text: string, fontSize: number, isStrong = false): number {
  let width = 0;
  for (const { segment } of segments.segment(text)) width += widthOfLetter(segment);
  return width * fontSize * (isStrong ? STRONG : 1);
}

/** The text, or as much of its beginning as fits with an ellipsis behind it. */
export function truncated(text: string, fontSize: number, width: number, isStrong = false): string {
  if (textWidth(text, fontSize, isStrong) <= width) return text;
  const room = width - textWidth(ELLIPSIS, fontSize, isStrong);
  let used = 0;
  let kept = '';
  for (const { segment } of segments.segment(text)) {
    used += textWidth(segment, fontSize, isStrong);
    if (used > room) break;
    kept += segment;
  }
  return `${kept.trimEnd()}${ELLIPSIS}`;
}

/** The first of the texts, from the best to the shortest, that fits; null: none does. */
export function firstFitting(texts: readonly string[], fontSize: number, width: number, isStrong = false): string | null {
  return texts.find((text) => textWidth(text, fontSize, isStrong) <= width) ?? null;
}

/** Pieces of given widths in rows: the row and the left end of each. */
export function inRows(
  widths: readonly number[],
  rowWidth: number,
  gap: number,
): { rows: number; places: { row: number; x: number }[] } {
  let row = 0;
  let x = 0;
  const places = widths.map((width) => {
    if (x > 0 && x + width > rowWidth) {
      row++;
      x = 0;
    }
    const place = { row, x };
    x += width + gap;
    return place;
  });
  return { rows: widths.length === 0 ? 0 : row + 1, places };
}
