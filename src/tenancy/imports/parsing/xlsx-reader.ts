import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FilePosition, SourceRecord } from './csv-reader.js';
import { ImportFileError } from './problem.js';
import type { XlsxMessage } from './xlsx-message.js';

/** Heap of the thread that reads a workbook at the limits, with room; above it the thread ends, not the process. */
const WORKER_HEAP_MB = 768;

/**
 * Reads the records of the first sheet from a row on, in a worker thread, in batches and only as fast as they are taken.
 * @param bytes the whole file; its memory is copied to the thread
 * @throws ImportFileError as `sheetRows`
 */
export async function* readXlsx(bytes: Uint8Array, from: FilePosition): AsyncGenerator<SourceRecord[]> {
  const worker = new Worker(new URL('./xlsx-worker.js', import.meta.url), {
    workerData: { bytes },
    resourceLimits: { maxOldGenerationSizeMb: WORKER_HEAP_MB },
    execArgv: [],
  });
  try {
    for (;;) {
      const message = await nextMessage(worker);
      if (message.kind === 'refused') throw new ImportFileError(message.problems);
      const records = sheetRecords(message.rows, message.first, from.line);
      if (records.length > 0) yield records;
      if (message.last) return;
      worker.postMessage('next', []);
    }
  } finally {
    await worker.terminate();
  }
}

async function nextMessage(worker: Worker): Promise<XlsxMessage> {
  try {
    const [message] = (await once(worker, 'message')) as [XlsxMessage];
    return message;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : null;
    if (code !== 'ERR_WORKER_OUT_OF_MEMORY') throw error;
    throw ImportFileError.of('imports.xlsx_too_large', {
      what: { es: 'memoria', en: 'memory' },
      actual: `> ${WORKER_HEAP_MB} MB`,
      limit: `${WORKER_HEAP_MB} MB`,
    });
  }
}

/** Rows of a sheet as records; `first` is the number of the first row given. Blank rows are passed over but counted. */
export function sheetRecords(rows: readonly string[][], first: number, fromLine: number): SourceRecord[] {
  const records: SourceRecord[] = [];
  rows.forEach((fields, i) => {
    const line = first + i;
    if (line < fromLine || fields.every((field) => field.trim() === '')) return;
    const nul = fields.find((field) => field.includes('\0'));
    const bad = nul === undefined ? null : { code: 'imports.nul_character', value: nul };
    records.push({ line, fields, bad, next: { offset: line + 1, line: line + 1 } });
  });
  return records;
}
