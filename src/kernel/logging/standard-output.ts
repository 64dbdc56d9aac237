import { write, writeSync } from 'node:fs';
import type { DestinationStream } from 'pino';

const STDOUT = 1;

/** A write for each line is 8 % of a request's CPU: lines for machines go out in pieces, and at the latest after so many ms. */
const COLLECTED = 4096;
const COLLECTED_MS = 100;

/** characters that wait at most for a slow reader; what comes then is dropped */
const MOST_WAITING = 8 * 1024 * 1024;

const PAUSE_MS = 50;
/** pauses that an exit waits for a reader that takes nothing */
const PATIENCE = 20;

/**
 * Standard output for log lines. What cannot be written (a full disk behind a redirection, a reader that left) is dropped: it neither
 * ends the process nor holds its exit. pino's own destination does both: it tries for ever to write what is left.
 */
export class StandardOutput implements DestinationStream {
  private waiting = '';
  private isWriting = false;
  /** what a slow reader did not take yet */
  private refused: Buffer = Buffer.alloc(0);
  private timer?: NodeJS.Timeout;
  private readonly piece: number;

  constructor(isCollected: boolean) {
    this.piece = isCollected ? COLLECTED : 1;
    process.once('exit', () => this.writeRest());
  }

  write(line: string): void {
    if (this.waiting.length < MOST_WAITING) this.waiting += line;
    this.next();
  }

  private next(): void {
    if (this.isWriting || this.waiting === '') return;
    if (this.waiting.length >= this.piece) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), COLLECTED_MS).unref();
  }

  private flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const bytes = Buffer.from(this.waiting);
    this.waiting = '';
    this.isWriting = true;
    this.put(bytes);
  }

  private put(bytes: Buffer): void {
    this.refused = Buffer.alloc(0);
    write(STDOUT, bytes, (error, written) => {
      if (error?.code === 'EAGAIN') {
        this.refused = bytes;
        setTimeout(() => this.put(bytes), PAUSE_MS).unref();
      } else if (!error && written < bytes.length) {
        this.put(bytes.subarray(written));
      } else {
        this.isWriting = false;
        this.next();
      }
    });
  }

  /** An exit has no event loop to wait in. */
  private writeRest(): void {
    try {
      writeAll(Buffer.concat([this.refused, Buffer.from(this.waiting)]));
    } catch {
      // nobody is left who could be told
    }
  }
}

function writeAll(bytes: Buffer): void {
  let patience = PATIENCE;
  for (let at = 0; at < bytes.length;) {
    try {
      at += writeSync(STDOUT, bytes, at);
      patience = PATIENCE;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN' || --patience === 0) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}
