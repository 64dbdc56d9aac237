import type { ByteSource } from './csv-reader.js';

/** A file that is in memory already, read in pieces of `size` bytes. */
export function memorySource(bytes: Uint8Array, size: number = 65_536): ByteSource {
  return async function* read(from) {
    for (let at = from; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  };
}
