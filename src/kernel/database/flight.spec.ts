import type { PoolClient } from 'pg';
import { fly, PoisonedConnectionError } from './flight.js';

const SETTINGS = { searchPath: 's, ext', tenantId: 't', actor: '{}', timeout: '1000', role: 'r' };

interface Sent {
  handleError(error: Error, connection: object): void;
  handleCommandComplete(message: object, connection: object): void;
}

/** A flight that was sent, and what its caller gets. */
function sent(begin: boolean): { flight: Sent; outcome: Promise<unknown> } {
  const flights: Sent[] = [];
  const client = { query: (flight: Sent) => flights.push(flight) } as unknown as PoolClient;
  const outcome = fly(client, SETTINGS, { text: 'INSERT' }, { begin, prepared: true }).catch((error: unknown) => error);
  return { flight: flights[0]!, outcome };
}

const lost = () => new Error('Connection terminated unexpectedly');
const refused = () => Object.assign(new Error('role "r" does not exist'), { code: '22023', severity: 'ERROR' });

describe('a flight', () => {
  it('should say that it may be sent again when the server refused its settings', async () => {
    const { flight, outcome } = sent(false);
    flight.handleError(refused(), {});
    expect(await outcome).toBeInstanceOf(PoisonedConnectionError);
  });

  it('should not say so of a lost connection: the statement may be committed', async () => {
    const { flight, outcome } = sent(false);
    const error = lost();
    flight.handleError(error, {});
    expect(await outcome).toBe(error);
  });

  it('should say so of a connection that is lost before the transaction had begun', async () => {
    const { flight, outcome } = sent(true);
    flight.handleError(lost(), {});
    expect(await outcome).toBeInstanceOf(PoisonedConnectionError);
  });
});
