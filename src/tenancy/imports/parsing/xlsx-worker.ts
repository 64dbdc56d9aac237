import { parentPort, workerData } from 'node:worker_threads';
import { ImportFileError } from './problem.js';
import { sheetRows } from './sheet.js';
import { ROWS_A_MESSAGE, type XlsxMessage } from './xlsx-message.js';

// Runs in a thread of its own: a workbook is unpacked and parsed in one piece, which would stop every other job of the worker process.
const { bytes } = workerData as { bytes: Uint8Array };
const port = parentPort;
if (!port) throw new Error('xlsx-worker runs in a worker thread');
const send = (message: XlsxMessage): void => port.postMessage(message);

try {
  const rows = await sheetRows(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  let at = 0;
  const sendNext = (): void => {
    const batch = rows.slice(at, at + ROWS_A_MESSAGE);
    send({ kind: 'rows', first: at + 1, rows: batch, last: at + batch.length >= rows.length });
    at += batch.length;
  };
  port.on('message', sendNext);
  sendNext();
} catch (error) {
  if (!(error instanceof ImportFileError)) throw error;
  send({ kind: 'refused', problems: error.problems });
}
