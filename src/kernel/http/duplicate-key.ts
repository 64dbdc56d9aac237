import { pointerSegment } from '../errors/field-errors.js';

interface Level {
  /** keys seen so far; null in an array */
  keys: Set<string> | null;
  /** where we are inside this level: the last key or index */
  at: string | number;
  /** the next string is a key */
  keyNext: boolean;
}

/**
 * The JSON pointer of the first member that an object names twice, or undefined. JSON.parse silently keeps the last one (RFC 8259 leaves
 * it open): what a client meant is then a guess, and two readers of one body may see two different orders.
 * @param text valid JSON
 */
export function duplicateKey(text: string): string | undefined {
  const levels: Level[] = [];
  for (let i = 0; i < text.length; i++) {
    const level = levels.at(-1);
    switch (text.charCodeAt(i)) {
      case 0x22: {
        const end = endOfString(text, i + 1);
        if (level?.keyNext && level.keys) {
          const key = readKey(text.slice(i + 1, end));
          level.at = key;
          level.keyNext = false;
          if (level.keys.has(key)) return levels.map(({ at }) => `/${pointerSegment(String(at))}`).join('');
          level.keys.add(key);
        }
        i = end;
        break;
      }
      case 0x7b:
        levels.push({ keys: new Set(), at: '', keyNext: true });
        break;
      case 0x5b:
        levels.push({ keys: null, at: 0, keyNext: false });
        break;
      case 0x7d:
      case 0x5d:
        levels.pop();
        break;
      case 0x2c:
        if (level?.keys) level.keyNext = true;
        else if (level) level.at = Number(level.at) + 1;
        break;
    }
  }
  return undefined;
}

function endOfString(text: string, from: number): number {
  for (let i = from; ; i++) {
    const code = text.charCodeAt(i);
    if (code === 0x22 || Number.isNaN(code)) return i;
    if (code === 0x5c) i++;
  }
}

function readKey(raw: string): string {
  return raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw;
}
