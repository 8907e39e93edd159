import { createServer, type Server } from 'node:net';
import { Pool } from 'pg';
import { PgSql } from './pg.sql';

/** A message of PostgreSQL's protocol: type, length, content. */
function message(type: string, content: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(content.length + 4);
  return Buffer.concat([Buffer.from(type), length, content]);
}

const WELCOME = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]);
const FAREWELL = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection\0\0'));

describe('a server that answers oddly', () => {
  let server: Server;
  let pool: Pool;
  const sql = async (answer: Buffer): Promise<PgSql> => {
    server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.write(answer));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as { port: number };
    pool = new Pool({ host: '127.0.0.1', port, user: 'a', database: 'a', connectionTimeoutMillis: 300 });
    pool.on('error', () => {});
    return new PgSql(pool, 300);
  };
  afterEach(async () => {
    server.close();
    await pool.end();
  });

  it('hangs up in the moment in which the connection is ready: 503, and the process lives', async () => {
    const odd = await sql(Buffer.concat([WELCOME, FAREWELL]));
    await expect(odd.rows('SELECT 1')).rejects.toMatchObject({ code: 'service.unavailable' });
  });

  it('never answers a statement: 503 in time, the connection is thrown away and nobody listens to it any more', async () => {
    const silent = await sql(WELCOME);
    const begin = Date.now();
    await expect(silent.transaction([{ text: 'SELECT 1', params: [] }])).rejects.toMatchObject({
      code: 'service.unavailable',
    });
    expect(Date.now() - begin).toBeLessThan(2000);
    expect(pool.totalCount).toBe(0);
  });

  it('never welcomes anybody: 503 in time', async () => {
    const mute = await sql(Buffer.alloc(0));
    await expect(mute.rows('SELECT 1')).rejects.toMatchObject({ code: 'service.unavailable' });
  });
});
