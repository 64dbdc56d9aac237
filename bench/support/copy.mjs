// COPY ... FROM STDIN over the driver's own protocol, at the pace at which the server takes it.
import { once } from 'node:events';

/** A query that feeds COPY. The driver calls its handlers. */
class CopyIn {
  constructor(sql, chunks) {
    this.sql = sql;
    this.chunks = chunks;
    this.done = new Promise((resolve, reject) => Object.assign(this, { resolve, reject }));
  }

  submit(connection) {
    connection.query(this.sql);
  }

  async handleCopyInResponse(connection) {
    try {
      for await (const chunk of this.chunks) {
        connection.sendCopyFromChunk(Buffer.from(chunk));
        if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain');
      }
      connection.endCopyFrom();
    } catch (error) {
      connection.sendCopyFail(error.message);
    }
  }

  handleCommandComplete({ text }) {
    this.rows = Number(/\d+$/.exec(text)?.[0] ?? 0);
  }

  // the driver forgets a query that has failed: this is the last that it hears
  handleError(error) {
    this.reject(error);
  }

  handleReadyForQuery() {
    this.resolve(this.rows);
  }
}

/**
 * @param {import('pg').Client} client
 * @param {string} target table with its columns: `sales (id, tenant_id)`
 * @param {Iterable<string> | AsyncIterable<string>} chunks lines of the text format, any number in a chunk
 * @returns {Promise<number>} rows
 */
export function copyIn(client, target, chunks) {
  const copy = new CopyIn(`COPY ${target} FROM STDIN`, chunks);
  client.query(copy);
  return copy.done;
}

/** Joins lines to chunks of some kilobytes. */
export function* inChunks(lines, size = 65_536) {
  let chunk = '';
  for (const line of lines) {
    chunk += line;
    if (chunk.length < size) continue;
    yield chunk;
    chunk = '';
  }
  if (chunk !== '') yield chunk;
}
