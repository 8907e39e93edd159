import { readCookie, setCookie } from './cookies';

describe('cookies', () => {
  it('are matched byte for byte', () => {
    expect(readCookie('a=1; b=2', 'b')).toBe('2');
    expect(readCookie('B=2; bb=3; "b"=4', 'b')).toBeNull();
    expect(readCookie('b=', 'b')).toBe('');
    expect(readCookie(undefined, 'b')).toBeNull();
  });

  it('a header full of blanks costs no time', () => {
    const blanks = ' '.repeat(60_000);
    const began = performance.now();
    expect(readCookie(`a=${blanks}1; \t b=${blanks}2 \t`, 'b')).toBe(`${blanks}2`);
    expect(performance.now() - began).toBeLessThan(500);
  });

  it('one that comes twice refuses', () => {
    expect(() => readCookie('b=1; b=2', 'b')).toThrow('cannot be read');
  });

  it('are HttpOnly and Lax, and over https __Host- and Secure', () => {
    expect(setCookie('c', 'v', { secure: false, maxAge: 5 })).toBe(
      'c=v; Path=/; Max-Age=5; HttpOnly; SameSite=Lax',
    );
    expect(setCookie('c', 'v', { secure: true, maxAge: 0 })).toBe(
      '__Host-c=v; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
    );
  });
});
