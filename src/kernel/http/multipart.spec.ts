import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import multipart from '@fastify/multipart';
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import { readMultipart, type UploadedFile } from './multipart.js';

// A stream's error without a listener would be uncaught: it ends the process, and fails the test that runs.
describe('readMultipart, when the client leaves in the middle of a file', () => {
  let server: FastifyInstance;
  let store: (file: UploadedFile) => Promise<unknown>;
  let discarded: unknown[];
  let before: (request: FastifyRequest) => Promise<void>;
  let outcome: Promise<unknown>;

  beforeEach(async () => {
    let settle: (end: unknown) => void;
    outcome = new Promise((resolve) => (settle = resolve));
    discarded = [];
    before = async () => undefined;
    server = fastify();
    server.decorateRequest('multipartDigest', null);
    await server.register(multipart);
    server.post('/', async (request) => {
      await before(request);
      const files = {
        store: (file: UploadedFile) => store(file),
        discard: async (stored: unknown) => void discarded.push(stored),
      };
      await readMultipart(request, files).then(settle, settle);
      return {};
    });
    await server.listen({ port: 0, host: '127.0.0.1' });
  });
  afterEach(() => server.close());

  /** Sends the beginning of a file; leaves when `seen` resolves. */
  const sendHalf = async (seen: Promise<unknown>, more = ''): Promise<void> => {
    const client = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
    client.on('error', () => undefined);
    await once(client, 'connect');
    client.write(
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n' +
        '--b\r\nContent-Disposition: form-data; name="file"; filename="stock.csv"\r\n\r\nsku;' +
        more,
    );
    await seen;
    client.destroy();
  };

  const readAll = async ({ content }: UploadedFile): Promise<number> => {
    let size = 0;
    for await (const chunk of content as AsyncIterable<Buffer>) size += chunk.length;
    return size;
  };

  it('should tell a store that reads', async () => {
    const reading = new Promise<void>((begin) => {
      store = (file) => {
        begin();
        return readAll(file);
      };
    });
    await sendHalf(reading);
    expect(await outcome).toMatchObject({ code: 'http.bad_request' });
  });

  it('should tell a store that has not begun to read', async () => {
    const asked = new Promise<void>((begin) => {
      store = async (file) => {
        begin();
        while (!file.content.destroyed) await delay(1);
        return readAll(file);
      };
    });
    await sendHalf(asked);
    expect(await outcome).toMatchObject({ code: 'http.bad_request' });
  });

  it('should refuse to read a client that has left before', async () => {
    const arrived = new Promise<void>((come) => {
      before = async ({ raw }) => {
        come();
        while (!raw.destroyed) await delay(1);
      };
    });
    store = readAll;
    await sendHalf(arrived);
    expect(await outcome).toMatchObject({ code: 'http.bad_request' });
  });

  it('should forget the files before the one that broke off', async () => {
    const second = new Promise<void>((begin) => {
      store = async (file) => {
        if (file.name === 'two.csv') begin();
        return `${file.name}: ${await readAll(file)} bytes`;
      };
    });
    await sendHalf(second, '\r\n--b\r\nContent-Disposition: form-data; name="more"; filename="two.csv"\r\n\r\nsku;');
    expect(await outcome).toMatchObject({ code: 'http.bad_request' });
    expect(discarded).toEqual(['stock.csv: 4 bytes']);
  });

  it('should outlive a store that refuses', async () => {
    const asked = new Promise<void>((begin) => {
      store = async () => {
        begin();
        throw new Error('no room');
      };
    });
    await sendHalf(asked);
    expect(await outcome).toMatchObject({ message: 'no room' });
    // the next request on the same server is served: nothing has ended meanwhile
    store = readAll;
    const form = new FormData();
    form.set('file', new Blob(['sku;']), 'stock.csv');
    expect((await fetch(server.listeningOrigin, { method: 'POST', body: form })).status).toBe(200);
  });

  it('should read what a refused client still sends', async () => {
    store = async () => {
      throw new Error('no room');
    };
    const client = connect((server.server.address() as AddressInfo).port, '127.0.0.1');
    const file = 'x'.repeat(5_000_000);
    const body = `--b\r\nContent-Disposition: form-data; name="file"; filename="stock.csv"\r\n\r\n${file}\r\n--b--\r\n`;
    const head = `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: ${body.length}\r\n\r\n`;
    await new Promise<void>((sent, fail) => client.once('error', fail).write(head + body, () => sent()));
    expect(await outcome).toMatchObject({ message: 'no room' });
    client.destroy();
  });
});
