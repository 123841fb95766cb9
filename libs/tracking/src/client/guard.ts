import type { Agent } from 'node:http';
import type { Duplex } from 'node:stream';

/** Why bytes were held back: what the guard threw. */
export class HeldBack extends Error {
  constructor(readonly reason: unknown) {
    super('nothing may be sent', { cause: reason });
  }
}

/**
 * Has `beforeSend` asked just before each piece of a request is handed to the operating system, and not only when the request is made:
 * a process may be frozen in between, for hours. Where it throws, the connection breaks with `HeldBack`.
 */
export function guardAgent<T extends Agent>(agent: T, beforeSend: () => void): T {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => {
    const socket = connect(options, callback);
    if (socket) guardSocket(socket, beforeSend);
    return socket;
  };
  return agent;
}

function guardSocket(socket: Duplex, beforeSend: () => void): void {
  const refusal = (): HeldBack | null => {
    try {
      beforeSend();
      return null;
    } catch (reason) {
      return new HeldBack(reason);
    }
  };
  const { _write: write, _writev: writev } = socket;
  socket._write = (chunk, encoding, done) => {
    const refused = refusal();
    if (refused) done(refused);
    else write.call(socket, chunk, encoding, done);
  };
  if (writev !== undefined) {
    socket._writev = (chunks, done) => {
      const refused = refusal();
      if (refused) done(refused);
      else writev.call(socket, chunks, done);
    };
  }
  // What was written before the connection stood goes out now, past `_write`.
  socket.once('connect', () => {
    const refused = refusal();
    if (refused) socket.destroy(refused);
  });
}
