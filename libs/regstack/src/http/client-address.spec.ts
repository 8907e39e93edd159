import * as fc from 'fast-check';
import { addressPrefix, clientAddress } from './client-address';

const PEER = '192.0.2.1';

describe('clientAddress', () => {
  it('R19: without a trusted proxy the header is ignored, whatever it says', () => {
    const header = fc.oneof(fc.string(), fc.ipV4(), fc.ipV6());
    fc.assert(fc.property(header, (text) => expect(clientAddress(PEER, text, 0)).toBe(PEER)));
  });

  it('R19: what a client writes itself changes nothing, however many proxies are trusted', () => {
    const words = fc.array(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), { maxLength: 5 });
    const appended = fc.array(fc.ipV4(), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(words, appended, (own, [client, ...proxies]) => {
        const header = [...own, client, ...proxies].join(', ');
        expect(clientAddress(PEER, header, proxies.length + 1)).toBe(client);
      }),
    );
  });

  it.each([
    ['one proxy: the last entry', '198.51.100.1, 198.51.100.2', 1, '198.51.100.2'],
    ['two proxies: the last but one', '198.51.100.1, 198.51.100.2', 2, '198.51.100.1'],
    ['fewer entries than proxies: the leftmost', '198.51.100.1,198.51.100.2', 9, '198.51.100.1'],
    ['no header: the peer', undefined, 2, PEER],
    ['a port', '198.51.100.1:8080', 1, '198.51.100.1'],
    ['brackets', '[2001:db8::1]', 1, '2001:db8::1'],
    ['brackets and a port', '[2001:db8::1]:8080', 1, '2001:db8::1'],
    ['IPv6 bare', '2001:db8::1', 1, '2001:db8::1'],
    ['IPv4 in IPv6', '::ffff:198.51.100.1', 1, '::ffff:198.51.100.1'],
    ['tabs and spaces', '\t198.51.100.1 ', 1, '198.51.100.1'],
  ])('R19: %s', (_, header, proxies, address) => {
    expect(clientAddress(PEER, header, proxies)).toBe(address);
  });

  it.each([
    '',
    ' ',
    'unknown',
    '_hidden',
    'unix:',
    '127.1',
    '0x7f000001',
    '010.0.0.1',
    '1.2.3.4.5',
    '[1.2.3.4',
    '::1]:80',
    '1.2.3.4:port',
    '"1.2.3.4"',
    '1.2.3.4;',
    'localhost',
  ])('R19: an entry that cannot be read (%j) falls back to the peer, not to the entry beside it', (entry) => {
    expect(clientAddress(PEER, `198.51.100.1, ${entry}`, 1)).toBe(PEER);
    expect(clientAddress(PEER, `198.51.100.1, ${entry}, 198.51.100.2`, 2)).toBe(PEER);
  });

  it('a socket without a peer has the address that its proxy tells, or none', () => {
    expect(clientAddress(undefined, '198.51.100.1', 1)).toBe('198.51.100.1');
    expect(clientAddress(undefined, '198.51.100.1', 0)).toBeUndefined();
  });
});

describe('addressPrefix', () => {
  it('R18: 20 spellings of one IPv6 address are one key', () => {
    const spellings = [
      '2001:db8::1:0:0:1',
      '2001:DB8::1:0:0:1',
      '2001:Db8::1:0:0:1',
      '2001:0db8::1:0:0:1',
      '2001:0DB8::0001:0:0:1',
      '2001:db8:0:0:1:0:0:1',
      '2001:db8:0:0:1::1',
      '2001:db8::1:0:0:0001',
      '2001:0db8:0000:0000:0001:0000:0000:0001',
      '2001:0DB8:0000:0000:0001:0000:0000:0001',
      '2001:db8:0000:0:1:0:0:1',
      '2001:db8:00:00:1:00:00:1',
      '2001:db8:0:0:1:0:0.0.0.1',
      '2001:db8::1:0:0.0.0.1',
      '2001:db8:0:0:1::0.0.0.1',
      '2001:0db8:0000:0000:0001:0000:0.0.0.1',
      '2001:db8::1:0:0:1%eth0',
      '2001:db8:0:0:1::1%1',
      '2001:db8:0:0:01:0:0:01',
      '2001:DB8:0::1:0:0:1',
    ];
    expect(new Set(spellings).size).toBe(20);
    expect(new Set(spellings.map(addressPrefix))).toEqual(new Set(['2001:db8::/64']));
  });

  it('R18: 1,000 addresses of one /64 are one key, and those of the next are another', () => {
    const hosts = Array.from({ length: 1000 }, (_, n) => `${n.toString(16)}:${n % 7}:0:${n % 11}`);
    const prefixes = (network: string) => new Set(hosts.map((host) => addressPrefix(`${network}:${host}`)));
    expect([...prefixes('2001:db8:1:2')]).toEqual(['2001:db8:1:2::/64']);
    expect([...prefixes('2001:db8:1:3')]).toEqual(['2001:db8:1:3::/64']);
  });

  it.each(['198.51.100.1', '::ffff:198.51.100.1', '::FFFF:c633:6401', '0:0:0:0:0:ffff:c633:6401'])(
    'R18: %s is the one IPv4 address',
    (spelling) => expect(addressPrefix(spelling)).toBe('198.51.100.1/32'),
  );

  it('the deprecated way of IPv4 in IPv6 has one key too', () => {
    expect(addressPrefix('::198.51.100.1')).toBe(addressPrefix('::c633:6401'));
  });

  it('R18: every address has a key, equal for its spellings; IPv4 addresses have one each', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const prefix = addressPrefix(address);
        expect(prefix).toMatch(/^[0-9a-f:.]+\/(64|32)$/);
        expect(addressPrefix(address.toUpperCase())).toBe(prefix);
        expect(addressPrefix(new URL(`http://[${address}]`).hostname.slice(1, -1))).toBe(prefix);
      }),
    );
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), (one, other) => {
        expect(addressPrefix(one)).toBe(`${one}/32`);
        expect(addressPrefix(`::ffff:${other}`)).toBe(addressPrefix(other));
      }),
    );
  });

  it('what is no address is one key, never its own text', () => {
    const words = fc.string().filter((text) => !/[.:]/.test(text));
    fc.assert(fc.property(words, (text) => expect(addressPrefix(text)).toBe('unknown')));
    expect([undefined, '', '1.2.3', '::g'].map(addressPrefix)).toEqual(Array(4).fill('unknown'));
  });
});
