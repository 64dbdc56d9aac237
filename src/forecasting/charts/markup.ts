/** XML that is safe to put into a document as it stands. Only the functions of this file make it out of text. */
export class Markup {
  constructor(readonly xml: string) {}
}

export type Child = Markup | string | null;

/** Everything that XML 1.0 cannot hold: control characters and halves of surrogate pairs. */
const UNFIT = /(?![\t\n\r])[\p{Cc}\ufffe\uffff]|\p{Cs}/gu;
/** Characters that turn the direction of the text behind them. */
const TURNING = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as XML, whatever it holds. */
export function escaped(text: string): string {
  return text.replace(UNFIT, '\ufffd').replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** A name that somebody typed, set apart so that it keeps its own direction and turns nothing around it. */
export function isolated(name: string): string {
  return `\u2068${name.replace(TURNING, '').replace(/\s+/g, ' ').trim()}\u2069`;
}

const attributesOf = (attributes: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(attributes)
    .map(([name, value]) =>
      value === undefined ? '' : ` ${name}="${escaped(typeof value === 'number' ? rounded(value) : value)}"`,
    )
    .join('');

/** An element with escaped attributes and children; null children are left out, an element without a list of children closes itself. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>> = {},
  children?: readonly Child[],
): Markup {
  const open = `<${name}${attributesOf(attributes)}`;
  return new Markup(children === undefined ? `${open}/>` : `${open}>${joined(children).xml}</${name}>`);
}

/** Several pieces as one. */
export function joined(children: readonly Child[]): Markup {
  return new Markup(
    children.map((child) => (child === null ? '' : child instanceof Markup ? child.xml : escaped(child))).join(''),
  );
}

/** A coordinate to a hundredth of a pixel. */
export function rounded(value: number): string {
  return String(Math.round(value * 100) / 100 || 0);
}

export type Point = readonly [x: number, y: number];

/** A path through the points. One point alone is a dot, where the line has round ends. */
export function pathThrough(points: readonly Point[], isClosed = false): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const start = `M${rounded(first[0])} ${rounded(first[1])}`;
  if (rest.length === 0) return `${start}h0`;
  return `${start}${rest.map(([x, y]) => `L${rounded(x)} ${rounded(y)}`).join('')}${isClosed ? 'Z' : ''}`;
}
