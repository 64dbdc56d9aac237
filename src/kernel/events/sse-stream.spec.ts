import { EventEmitter } from 'node:events';
import { SseStream, sseText, type SseResponse } from './sse-stream.js';

class FakeResponse extends EventEmitter {
  readonly written: string[] = [];
  headers: Record<string, string> = {};
  ended: boolean = false;
  destroyed: boolean = false;
  full: boolean = false;

  writeHead(_status: number, headers: Record<string, string>): this {
    this.headers = headers;
    return this;
  }

  write(text: string): boolean {
    this.written.push(text);
    return !this.full;
  }

  end(): this {
    this.ended = true;
    return this;
  }

  flushHeaders(): void {}
}

const newStream = (options = {}) => {
  const response = new FakeResponse();
  return { response, sut: new SseStream(response as unknown as SseResponse, { 'X-Request-Id': 'r1' }, options) };
};

describe('sseText', () => {
  it('should put each part on a line of its own and let no value break out', () => {
    expect(sseText({ id: '1', event: 'alert\ndata: forged', data: { text: 'a\nb' } })).toBe(
      'id: 1\nevent: alert data: forged\ndata: {"text":"a\\nb"}\n\n',
    );
    expect(sseText({ data: null })).toBe('data: null\n\n');
  });
});

describe('SseStream', () => {
  it('should open with the headers of a stream and those of the request', () => {
    const { response, sut } = newStream();
    expect(response.headers).toMatchObject({
      'X-Request-Id': 'r1',
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-store',
    });
    expect(response.written).toEqual(['retry: 2000\n\n']);
    sut.close();
  });

  it('should wait for a client that does not read, and go on when it does', async () => {
    const { response, sut } = newStream();
    response.full = true;
    let sent: boolean | undefined;
    const sending = sut.send({ data: 1 }).then((value) => (sent = value));
    await Promise.resolve();
    expect(sent).toBeUndefined();
    response.emit('drain');
    await sending;
    expect(sent).toBe(true);
    sut.close();
  });

  it('should cut off a client that reads nothing for too long', async () => {
    const { response, sut } = newStream({ patience: 20 });
    response.full = true;
    await expect(sut.send({ data: 1 })).resolves.toBe(false);
    expect(response.ended).toBe(true);
    expect(sut.closed.aborted).toBe(true);
  });

  it('should send a comment as heartbeat and end at its age', async () => {
    const { response, sut } = newStream({ heartbeat: 5, maxAge: 60 });
    await new Promise<void>((resolve) => sut.closed.addEventListener('abort', () => resolve()));
    expect(response.written).toContain(': \n\n');
    expect(response.ended).toBe(true);
  });

  it('should end when the client leaves and send nothing more', async () => {
    const { response, sut } = newStream();
    response.emit('close');
    expect(sut.closed.aborted).toBe(true);
    await expect(sut.send({ data: 1 })).resolves.toBe(false);
    expect(response.written).toHaveLength(1);
  });
});
