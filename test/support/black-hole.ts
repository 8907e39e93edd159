import { createServer, type Server, type Socket } from 'node:net';

/** A server that takes every connection and never says a word. */
export class BlackHole {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server) {}

  /** Listens on this port. */
  static async open(port: number): Promise<BlackHole> {
    const server = createServer();
    const hole = new BlackHole(server);
    server.on('connection', (socket) => {
      hole.sockets.add(socket.on('error', () => {}).resume());
      socket.once('close', () => hole.sockets.delete(socket));
    });
    await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
    return hole;
  }

  /** Connections that are open. */
  get taken(): number {
    return this.sockets.size;
  }

  /** Listens no more; who is connected goes on waiting, as behind a network that swallows everything. */
  async close(): Promise<void> {
    this.server.close();
    await new Promise(setImmediate);
  }

  /** Ends every connection. */
  end(): void {
    for (const socket of this.sockets) socket.destroy();
  }
}
