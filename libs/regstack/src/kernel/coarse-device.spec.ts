import { coarseDevice } from './coarse-device';

const MAC = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const WINDOWS = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)';

describe('coarseDevice', () => {
  it.each([
    [`${MAC} Version/18.0 Safari/605.1.15`, 'Safari on a Mac'],
    [`${WINDOWS} Chrome/140.0.0.0 Safari/537.36`, 'Chrome on Windows'],
    [`${WINDOWS} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`, 'Edge on Windows'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0', 'Firefox on Linux'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) CriOS/140.0 Safari/604.1',
      'Chrome on an iPhone',
    ],
    ['Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36', 'Chrome on Android'],
    ['curl/8.5.0', 'an unknown device'],
    ['', 'an unknown device'],
    [undefined, 'an unknown device'],
  ])('%s', (userAgent, device) => {
    expect(coarseDevice(userAgent)).toBe(device);
  });

  it('W45: nothing that a stranger writes comes through', () => {
    const attack = 'Win $1000 at http://evil.example/ <b>\r\nBcc: x@evil.example Firefox/1 Windows';
    expect(coarseDevice(attack)).toBe('Firefox on Windows');
    expect(coarseDevice('A'.repeat(100_000))).toBe('an unknown device');
  });
});
