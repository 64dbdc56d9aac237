import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** ms between two looks for connections that nobody uses any more */
const LOOK_MS = 25;
/** ms that an answer begun before the stop has left to end by itself: requests have drained long before */
const LAST_WORDS_MS = 1_000;

/**
 * Ends the connections of a server that closes. `server.close()` itself waits for all but the idle ones, and neither a connection that has
 * not carried a request yet (a browser opens some in reserve) nor one whose answer ends a moment later counts as idle: either would hold
 * the stop for as long as its client likes.
 */
export class OpenConnections {
  private readonly sockets = new Set<Socket>();

  constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      socket.once('close', () => this.sockets.delete(socket));
    });
  }

  /** Ends what is silent or idle, again and again while `closing` runs, and what is left after the last words. */
  async endWhile(closing: Promise<void>): Promise<void> {
    const look = setInterval(() => this.endUnused(), LOOK_MS);
    const over = setTimeout(() => this.server.closeAllConnections(), LAST_WORDS_MS);
    try {
      await closing;
    } finally {
      clearInterval(look);
      clearTimeout(over);
    }
  }

  private endUnused(): void {
    if (this.server.listening) return; // who connects now may still be answered
    this.server.closeIdleConnections();
    for (const socket of this.sockets) if (socket.bytesRead === 0) socket.destroy();
  }
}
