import { RecentTokens } from './recent-tokens';

describe('RecentTokens', () => {
  it('keeps a thousand, and forgets the oldest for one more', () => {
    const recent = new RecentTokens<number>();
    for (let n = 0; n < 1000; n++) recent.keep(`token-${n}`, n);
    expect([recent.find('token-0'), recent.find('token-999'), recent.find('other')]).toEqual([
      0,
      999,
      undefined,
    ]);
    recent.keep('token-1000', 1000);
    expect([recent.find('token-0'), recent.find('token-1'), recent.find('token-1000')]).toEqual([
      undefined,
      1,
      1000,
    ]);
  });
});
