import { readAnswer } from './answer';

const read = (text: string, more: { toHead?: boolean; isEnd?: boolean } = {}) =>
  readAnswer(Buffer.from(text), { toHead: false, isEnd: false, ...more });

describe('G01: answers are read off the wire', () => {
  it('by length, and what follows is left', () => {
    const found = read('HTTP/1.1 200 OK\r\nA: b\r\nContent-Length: 2\r\n\r\nokHTTP');
    expect(found).toEqual({
      answer: { status: 200, headers: { a: 'b', 'content-length': '2' }, body: 'ok' },
      used: 46,
    });
  });

  it('in chunks, after an interim answer', () => {
    const found = read(
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    );
    expect(found?.answer).toMatchObject({ status: 200, body: 'ok' });
  });

  it('to the end of the connection, and to a HEAD without a body', () => {
    expect(read('HTTP/1.1 400 Bad Request\r\n\r\n')).toBeNull();
    expect(read('HTTP/1.1 400 Bad Request\r\n\r\nbad', { isEnd: true })?.answer.body).toBe('bad');
    expect(read('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n', { toHead: true })?.answer.body).toBe('');
  });

  it('not before they are whole, and only when they are HTTP', () => {
    expect(read('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nok')).toBeNull();
    expect(() => read('SSH-2.0\r\n\r\n')).toThrow('no HTTP');
    expect(() => read('HTTP/1.1 200 OK\r\nbroken\r\n\r\n')).toThrow('header');
  });
});
