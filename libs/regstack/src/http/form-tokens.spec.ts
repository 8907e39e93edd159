import type { HttpAdapterHost } from '@nestjs/core';
import { loadRegStackConfig } from '../config/load-config';
import type { RegStackOptions } from '../config/parse-config';
import { InstanceName } from '../services/instance-name';
import { KeyRing } from '../services/key-ring';
import type { Authentication } from '../services/session-authenticator';
import { AUTHENTICATION, type AuthenticatedRequest } from './authenticated-request';
import { FormCookie } from './form-cookie';
import { FormTokens } from './form-tokens';

const ONE = 'one secret of at least thirty-two bytes';
const OTHER = 'other secret of at least thirty-two bytes';

/** What a browser has and is told. */
interface Told {
  /** `Set-Cookie` headers of its answer. */
  readonly response: string[];
  readonly request: AuthenticatedRequest;
}

function tokensOf(options: RegStackOptions = {}, instance = 'default'): FormTokens {
  const config = loadRegStackConfig({ jwtSecret: ONE, ...options }, { env: {} });
  const [name, response] = [new InstanceName(instance), { appendHeader: append }];
  const adapterHost = { httpAdapter: response } as unknown as HttpAdapterHost;
  return new FormTokens(new KeyRing(config, name), new FormCookie(config, name, adapterHost));
}

const append = (response: string[], _name: string, cookie: string): void => void response.push(cookie);

function browser(cookie?: string, sessionId?: string): Told {
  const caller = sessionId === undefined ? null : ({ sessionId } as Authentication);
  const request = { headers: { cookie }, [AUTHENTICATION]: { by: {}, caller } };
  return { response: [], request: request as unknown as AuthenticatedRequest };
}

/** The `Cookie` header of a browser that was told this. */
const keptOf = ({ response }: Told): string => response.at(-1)!.split(';', 1)[0]!;

describe('tokens of forms', () => {
  const tokens = tokensOf();

  it('R62: a stranger is given a cookie, once, and a token that is good with it', () => {
    const first = browser();
    const token = tokens.issue(first);
    expect(first.response).toEqual([
      expect.stringMatching(/^regstack-form=[\w-]{43}; Path=\/; Max-Age=43200; HttpOnly; SameSite=Lax$/),
    ]);
    const next = browser(keptOf(first));
    expect(tokens.isGood(next.request, token)).toBe(true);
    expect([tokens.issue(next), next.response]).toEqual([token, []]);
    expect(token).not.toContain(keptOf(first).split('=')[1]);
  });

  it('over https the cookie is one of this host alone', () => {
    const first = browser();
    tokensOf({ baseUrl: 'https://app.example.org' }).issue(first);
    expect(first.response[0]).toMatch(/^__Host-regstack-form=.*; Secure$/);
  });

  it('R62: it is good for nobody else, and without the cookie for nobody at all', () => {
    const [first, other] = [browser(), browser()];
    const token = tokens.issue(first);
    tokens.issue(other);
    for (const cookie of [keptOf(other), undefined, '', 'regstack-form=', 'regstack-form=short'])
      expect(tokens.isGood(browser(cookie).request, token)).toBe(false);
  });

  it.each([undefined, null, '', 'x', 5, {}, [], ['x']])('%j is no token', (token) => {
    const first = browser();
    tokens.issue(first);
    expect(tokens.isGood(browser(keptOf(first)).request, token)).toBe(false);
  });

  it('who is signed in has one of their session, whatever cookie comes with it', () => {
    const signedIn = browser(undefined, 'session-1');
    const token = tokens.issue(signedIn);
    expect(signedIn.response).toEqual([]);
    expect(tokens.isGood(browser('regstack-form=x', 'session-1').request, token)).toBe(true);
    expect(tokens.isGood(browser(undefined, 'session-2').request, token)).toBe(false);
    expect(tokens.isGood(browser().request, token)).toBe(false);
  });

  it('R62: a form from before the sign-in is worth nothing after it, nor the other way round', () => {
    const before = browser();
    const token = tokens.issue(before);
    const cookie = keptOf(before);
    expect(tokens.isGood(browser(cookie, 'session-1').request, token)).toBe(false);
    const after = tokens.issue(browser(cookie, 'session-1'));
    expect(tokens.isGood(browser(cookie).request, after)).toBe(false);
    const rotated = browser(cookie);
    tokens.rotate(rotated.response);
    expect(rotated.response).toEqual(['regstack-form=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax']);
  });

  it('a stranger cannot pass for a session by what is in the cookie', () => {
    const id = 's'.repeat(43);
    const token = tokens.issue(browser(undefined, id));
    expect(tokens.isGood(browser(`regstack-form=${id}`).request, token)).toBe(false);
  });

  it('a cookie that comes twice was planted, and refuses', () => {
    const first = browser();
    const token = tokens.issue(first);
    const twice = browser(`${keptOf(first)}; ${keptOf(first)}`);
    expect(() => tokens.isGood(twice.request, token)).toThrow('cannot be read');
  });

  it('one under a former secret is still good, and none is made under it', () => {
    const first = browser();
    const token = tokens.issue(first);
    const request = browser(keptOf(first)).request;
    const moved = tokensOf({ jwtSecret: OTHER, jwtPreviousSecrets: [ONE] });
    expect(moved.isGood(request, token)).toBe(true);
    expect(tokensOf({ jwtSecret: OTHER }).isGood(request, token)).toBe(false);
    expect(moved.issue(browser(keptOf(first)))).not.toBe(token);
  });

  it('another instance has its own cookie and its own tokens', () => {
    const [staff, first] = [tokensOf({}, 'staff'), browser()];
    const token = tokens.issue(first);
    const theirs = browser(`regstack-staff-form=${keptOf(first).split('=')[1]}`);
    expect(staff.isGood(theirs.request, token)).toBe(false);
    expect(staff.issue(browser(undefined, 'session-1'))).not.toBe(
      tokens.issue(browser(undefined, 'session-1')),
    );
  });
});
