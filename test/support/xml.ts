/** An element of an XML document, as far as tests look at it. */
export interface XmlElement {
  name: string;
  attributes: Record<string, string>;
  /** text of this element alone, its entities resolved */
  text: string;
  children: XmlElement[];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
const TOKEN = /<\?xml [^<>]*\?>|<!doctype html>|<(\/?)([A-Za-z][\w:-]*)((?:\s+[\w:-]+="[^"<>]*")*)\s*(\/?)>|([^<>]+)/gy;
const FORBIDDEN = /(?![\t\n\r])[\p{Cc}\ufffe\uffff]|\p{Cs}/u;

function plain(text: string): string {
  const forbidden = FORBIDDEN.exec(text);
  if (forbidden) throw new Error(`XML cannot hold ${JSON.stringify(forbidden[0])}`);
  return text.replace(/&([^;]{0,5};?)/g, (whole, name: string) => {
    const value = ENTITIES[name.replace(';', '')];
    if (value === undefined || !name.endsWith(';')) throw new Error(`no entity: ${whole}`);
    return value;
  });
}

/** Reads XML without mercy: whatever is not well-formed throws. Style sheets are text without < and >. */
export function readXml(xml: string): XmlElement {
  const root: XmlElement = { name: '', attributes: {}, text: '', children: [] };
  const open = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < xml.length) {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(xml);
    if (!token) throw new Error(`not well-formed at ${at}: ${xml.slice(at, at + 60)}`);
    const [, closing, name, attributes = '', selfClosing, text] = token;
    const parent = open.at(-1)!;
    if (text !== undefined) parent.text += plain(text);
    else if (closing) {
      if (open.pop()!.name !== name) throw new Error(`</${name}> closes another element at ${at}`);
    } else if (name !== undefined) {
      const element: XmlElement = { name, attributes: {}, text: '', children: [] };
      for (const [, key, value] of attributes.matchAll(/([\w:-]+)="([^"]*)"/g)) {
        if (Object.hasOwn(element.attributes, key!)) throw new Error(`${key} stands twice at ${at}`);
        element.attributes[key!] = plain(value!);
      }
      parent.children.push(element);
      if (!selfClosing) open.push(element);
    }
  }
  if (open.length !== 1 || root.children.length !== 1) throw new Error('not one whole document');
  return root.children[0]!;
}

/** The element and everything in it. */
export function everyElement(element: XmlElement): XmlElement[] {
  return [element, ...element.children.flatMap(everyElement)];
}

/** Elements of a class. */
export function ofClass(element: XmlElement, name: string): XmlElement[] {
  return everyElement(element).filter(({ attributes }) => (attributes['class'] ?? '').split(' ').includes(name));
}
