import { BY_THE_APP, originOf, USER_AGENT_MAX } from './origin';

const agentOf = (userAgent: string | undefined): string | null => originOf(null, userAgent, 'r').userAgent;

describe('originOf', () => {
  it('keeps what a request says of itself, and says its device in words of ours', () => {
    const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0';
    expect(originOf('203.0.113.7', firefox, 'request-1')).toEqual({
      ip: '203.0.113.7',
      userAgent: firefox,
      device: 'Firefox on Linux',
      requestId: 'request-1',
    });
  });

  it.each([undefined, '', '   ', '\r\n\t', '\u0000\u009f'])(
    'nothing that can be read is null: %j',
    (agent) => {
      expect(agentOf(agent)).toBeNull();
    },
  );

  it('is one line without anything that a terminal or a log could take for a command', () => {
    const controls = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code));
    for (const one of controls.filter((char) => char < ' ' || char >= '\u007f').concat('\u2028', '\u2029'))
      expect(agentOf(`a${one}b`)).toBe('a b');
    expect(agentOf('\u001b[31mred\r\nSet-Cookie: a=b')).toBe('[31mred  Set-Cookie: a=b');
  });

  it('is cut to whole characters, and half ones are replaced', () => {
    expect(agentOf('x'.repeat(1000))).toHaveLength(USER_AGENT_MAX);
    const faces = agentOf('😀'.repeat(1000))!;
    expect([Array.from(faces).length, faces.isWellFormed()]).toEqual([USER_AGENT_MAX, true]);
    expect(agentOf('a\ud83d')).toBe('a\ufffd');
  });

  it('the code of the host comes from nowhere', () => {
    expect(BY_THE_APP).toMatchObject({ actor: null, origin: { ip: null, userAgent: null, requestId: null } });
  });
});
