import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { Config } from '../config/config.js';
import { LoadShedder } from './load-shedder.js';

const config = (max: number): Config => Object.assign(new Config(), { MAX_IN_FLIGHT: max });

describe('LoadShedder', () => {
  let server: Server;
  let sut: LoadShedder;
  let waiting: ServerResponse[];
  let clients: Socket[];

  beforeEach(async () => {
    sut = new LoadShedder(config(100));
    waiting = [];
    clients = [];
    server = createServer((request, response) => {
      sut.enter(response, request.url === '/upload');
      waiting.push(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    jest.restoreAllMocks();
    sut.onApplicationShutdown();
    for (const client of clients) client.destroy();
    server.close();
  });

  const send = async (text: string): Promise<Socket> => {
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    clients.push(client);
    client.on('error', () => undefined);
    await once(client, 'connect');
    client.write(text);
    return client;
  };
  const until = async (isSo: () => boolean): Promise<void> => {
    while (!isSo()) await delay(1);
  };
  const GET = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
  const half = (path: string): string => `POST ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf`;

  it('should count a request until it is answered', async () => {
    await send(GET + GET);
    await until(() => sut.running === 2);
    for (const response of waiting) response.end();
    await until(() => sut.running === 0);
  });

  it('should free the places of pipelined requests whose client left', async () => {
    const client = await send(GET.repeat(20));
    await until(() => sut.running === 20);
    client.destroy();
    await until(() => sut.running === 0);
  });

  it('should give away the place of an answer that is finished and waits behind another', async () => {
    await send(GET.repeat(100));
    await until(() => waiting.length === 100);
    for (const response of waiting.slice(1)) response.end();
    await send(GET);
    await until(() => waiting.length === 101);
    expect(sut.running).toBe(2);
  });

  it('should cut off a slow body that waits behind an answer without a word', async () => {
    const client = await send(GET + half('/'));
    await until(() => sut.running === 2);
    let heard = '';
    client.setEncoding('utf8').on('data', (text: string) => (heard += text));
    jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 60_000);
    await once(client, 'close');
    expect(heard).toBe('');
    await until(() => sut.running === 0);
  });

  it('should refuse above its limit and once it stops', async () => {
    const socket = { once: () => undefined };
    const response = () => ({ req: { socket }, once: () => undefined }) as unknown as ServerResponse;
    const small = new LoadShedder(config(1));
    small.enter(response());
    expect(() => small.enter(response())).toThrow(expect.objectContaining({ code: 'http.overloaded' }));
    small.stop();
    expect(() => small.enter(response())).toThrow(expect.objectContaining({ code: 'http.unavailable' }));
    small.onApplicationShutdown();
  });

  it('should cut off a client that does not send its body, but not an upload nor a request that is worked on', async () => {
    const slow = await send(half('/'));
    await send(half('/upload'));
    await send(GET);
    await until(() => sut.running === 3);
    const answer = once(slow.setEncoding('utf8'), 'data');
    const now = performance.now();
    jest.spyOn(performance, 'now').mockReturnValue(now + 60_000);
    expect(String(await answer)).toContain('408 Request Timeout');
    await until(() => sut.running === 2);
    const left = waiting.filter(({ req }) => !req.destroyed).map(({ req }) => `${req.method} ${req.url}`);
    expect(left.toSorted()).toEqual(['GET /', 'POST /upload']);
  });
});
