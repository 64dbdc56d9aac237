import { isUtf8 } from 'node:buffer';
import { ImportFileError } from './problem.js';

/** What a text file may be written in. UTF-8 with a byte order mark is UTF-8. */
export type TextEncoding = 'utf-8' | 'windows-1252';

// the 27 characters that Windows-1252 has where ISO 8859-1 has control codes; 81 8D 8F 90 9D are unassigned and stay controls
const CP1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const HIGH = /[\u0080-\u009f]/g;

/** Bytes of a Windows-1252 text as a string, one character a byte. */
export function decodeWindows1252(bytes: Uint8Array): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  return HIGH.test(text) ? text.replace(HIGH, (c) => CP1252.charAt(c.charCodeAt(0) - 0x80)) : text;
}

/** Length of the UTF-8 byte order mark at the start of a file: 3 or 0. */
export function bomLength(head: Uint8Array): number {
  return head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf ? 3 : 0;
}

/**
 * Finds the encoding of a file by reading it once, a chunk at a time: anything that is not valid UTF-8 is Windows-1252, because Excel
 * in Spanish saves "CSV" that way and says so nowhere. UTF-16, binary and empty files are refused.
 */
export class EncodingDetector {
  private tail = Buffer.alloc(0);
  private size = 0;
  private head = Buffer.alloc(0);
  private valid = true;

  /** Looks at the next chunk of the file. */
  push(chunk: Uint8Array): void {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.head.length < HEAD) this.head = Buffer.concat([this.head, bytes.subarray(0, HEAD - this.head.length)]);
    this.size += bytes.length;
    if (!this.valid) return;
    const joined = this.tail.length ? Buffer.concat([this.tail, bytes]) : bytes;
    const cut = completeLength(joined);
    this.valid = isUtf8(joined.subarray(0, cut));
    this.tail = Buffer.from(joined.subarray(cut));
  }

  /**
   * @returns the encoding of everything pushed
   * @throws ImportFileError imports.empty_file, imports.utf16, imports.not_text
   */
  finish(): TextEncoding {
    if (this.size <= bomLength(this.head)) throw ImportFileError.of('imports.empty_file');
    if ((this.head[0] === 0xff && this.head[1] === 0xfe) || (this.head[0] === 0xfe && this.head[1] === 0xff)) {
      throw ImportFileError.of('imports.utf16');
    }
    const firstLine = this.head.indexOf(10);
    const header = this.head.subarray(0, firstLine < 0 ? this.head.length : firstLine + 2);
    if (header.includes(0)) throw ImportFileError.of('imports.not_text');
    return this.valid && this.tail.length === 0 ? 'utf-8' : 'windows-1252';
  }
}

const HEAD = 4096;

/** Bytes up to the last whole UTF-8 character: a character may straddle two chunks. */
function completeLength(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return bytes.length;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return needed > back ? bytes.length - back : bytes.length;
    }
  }
  return bytes.length;
}
