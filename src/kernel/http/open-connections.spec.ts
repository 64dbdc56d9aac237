import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { OpenConnections } from './open-connections.js';

// Each of these clients waits longer than the test may run: without the help, the server would still be open when it times out.
describe('OpenConnections', () => {
  let server: Server;
  let sut: OpenConnections;
  let clients: Socket[];

  const open = async (): Promise<Socket> => {
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    clients.push(client);
    client.on('error', () => undefined);
    const accepted = once(server, 'connection');
    await once(client, 'connect');
    await accepted;
    return client;
  };

  const close = (): Promise<void> => sut.endWhile(new Promise<void>((resolve) => server.close(() => resolve())));

  beforeEach(async () => {
    clients = [];
    server = createServer({ keepAliveTimeout: 600_000 });
    sut = new OpenConnections(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });

  afterEach(() => {
    for (const client of clients) client.destroy();
    server.closeAllConnections();
  });

  it('should end a connection that has not carried a request yet', async () => {
    const client = await open();
    const ended = once(client, 'close');
    await close();
    await ended;
  });

  it('should let an answer that already runs come to its end, and not keep its connection', async () => {
    server.once('request', (_request, response) => {
      response.write('first ');
      setTimeout(() => response.end('last'), 100);
    });
    const client = await open();
    let text = '';
    client.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const ended = once(client, 'close');
    await once(client, 'data');
    await close();
    await ended;
    expect(text).toMatch(/first [\s\S]*last/);
  });

  it('should cut off a request that never becomes whole', async () => {
    const client = await open();
    client.write('GET / HTTP/1.1\r\nHost');
    const ended = once(client, 'close');
    await close();
    await ended;
  });
});
