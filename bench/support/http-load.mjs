// A client that costs little: one keep-alive connection a lane, answers told apart by Content-Length. Its CPU is nobody's figure, but it
// shares the machine with those it measures.
import net from 'node:net';

/** One connection; a request at a time. */
export class HttpLane {
  constructor(base) {
    const { hostname, port } = new URL(base);
    this.host = `${hostname}:${port}`;
    this.socket = net.connect(Number(port), hostname).setNoDelay(true);
    this.received = Buffer.alloc(0);
    this.socket.on('data', (chunk) => this.take(chunk));
    this.socket.on('error', (error) => this.fail(error));
    this.socket.on('close', () => this.fail(new Error('the server closed the connection')));
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {{ headers?: Record<string, string>, body?: string }} options
   * @returns {Promise<{ status: number, body: Buffer }>}
   */
  send(method, path, { headers = {}, body } = {}) {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    if (body !== undefined) lines.push(`content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`);
    if (this.socket.destroyed) return Promise.reject(new Error('the connection is closed'));
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(`${method} ${path} HTTP/1.1\r\nhost: ${this.host}\r\n${lines.join('')}\r\n${body ?? ''}`);
    });
  }

  close() {
    this.socket.removeAllListeners('close');
    this.socket.destroy();
  }

  take(chunk) {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const end = this.received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.received.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? NaN);
    if (Number.isNaN(length)) return this.fail(new Error(`an answer without length: ${head}`));
    if (this.received.length < end + 4 + length) return;
    const body = this.received.subarray(end + 4, end + 4 + length);
    this.received = this.received.subarray(end + 4 + length);
    const { waiting } = this;
    this.waiting = undefined;
    // what nobody asked for (408 before a close) is no answer
    waiting?.resolve({ status: Number(head.slice(9, 12)), body });
  }

  fail(error) {
    this.waiting?.reject(error);
    this.waiting = undefined;
  }
}

/** Lanes to lend: `run` sends on a free one and checks the status, so that an error never counts as a fast answer. */
export class HttpLanes {
  constructor(base, count, expected) {
    this.expected = expected;
    this.free = Array.from({ length: count }, () => new HttpLane(base));
    this.all = [...this.free];
  }

  async send(method, path, options) {
    const lane = this.free.pop();
    const answer = await lane.send(method, path, options);
    this.free.push(lane);
    if (answer.status !== this.expected)
      throw new Error(`${method} ${path} answered ${answer.status}: ${answer.body.toString()}`);
    return answer;
  }

  close() {
    for (const lane of this.all) lane.close();
  }
}
