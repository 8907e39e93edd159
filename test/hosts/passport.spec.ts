import type { IncomingHttpHeaders } from 'node:http';
import { Controller, Get, Injectable, Post, Req, UseGuards } from '@nestjs/common';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import {
  AccountError,
  type Authentication,
  CurrentSession,
  CurrentUser,
  RegStackModule,
  type RegStackUser,
} from '@regstack/nestjs';
import passport, { Strategy } from 'passport';
import { PASSWORD } from '../support/demo';
import { Host, replacements, SETTINGS } from '../support/host';
import { send, type Sent } from '../support/send';

/** A key in a header, as a host that composes strategies may have. */
class HeaderStrategy extends Strategy {
  override readonly name = 'header';

  override authenticate(request: { readonly headers: IncomingHttpHeaders }): void {
    if (request.headers['x-api-key'] === 'open sesame') this.success({ email: 'a robot' });
    else this.fail(401);
  }
}

@Injectable()
class ApiKeyStrategy extends PassportStrategy(HeaderStrategy, 'api-key') {
  validate(): boolean {
    return true;
  }
}

@Controller('composed')
class ComposedController {
  @Get('users')
  @UseGuards(AuthGuard('regstack'))
  users(
    @CurrentUser() user: RegStackUser,
    @CurrentSession() { sessionId, user: holder }: Authentication,
    @Req() request: { user: RegStackUser },
  ) {
    return {
      current: user.email,
      passport: request.user.email,
      session: typeof sessionId,
      holder: holder.email,
    };
  }

  @Post('users')
  @UseGuards(AuthGuard('regstack'))
  change(@CurrentUser() user: RegStackUser) {
    return { current: user.email };
  }

  @Get('both')
  @UseGuards(AuthGuard(['regstack', 'api-key']))
  both(@Req() request: { user: { email: string } }) {
    return { caller: request.user.email };
  }

  @Get('team')
  @UseGuards(AuthGuard('regstack-team'))
  team(@CurrentUser() user: RegStackUser) {
    return { caller: user.email };
  }
}

describe('passport: the same sessions as a strategy, for hosts that compose them', () => {
  const { mail, store, providers } = replacements();
  const start = (...modules: ReturnType<typeof RegStackModule.forRoot>[]): Promise<Host> =>
    Host.start({ imports: modules, controllers: [ComposedController], providers: [ApiKeyStrategy] });
  const registered = (name: string): boolean => name in (Reflect.get(passport, '_strategies') as object);
  let host: Host;
  afterEach(() => host.stop());

  it('AuthGuard(regstack): the user of a live session, where passport and where we put it; nobody else', async () => {
    host = await start(RegStackModule.forRoot({ ...SETTINGS, passport: true, providers }));
    const token = await host.member(mail, 'passport@example.org');
    expect((await host.call('GET', '/composed/users', undefined, token)).json).toEqual({
      current: 'passport@example.org',
      passport: 'passport@example.org',
      session: 'string',
      holder: 'passport@example.org',
    });
    expect((await host.call('GET', '/composed/users')).status).toBe(401);
    expect((await host.call('GET', '/composed/users', undefined, `${token}x`)).status).toBe(401);
    await host.call('POST', '/api/auth/logout', undefined, token);
    expect((await host.call('GET', '/composed/users', undefined, token)).status).toBe(401);
  });

  it('beside another strategy: either lets in, neither refuses', async () => {
    host = await start(RegStackModule.forRoot({ ...SETTINGS, passport: true, providers }));
    const token = await host.member(mail, 'both@example.org');
    const call = async (headers: Record<string, string>): Promise<unknown> => {
      const response = await fetch(`${host.url}/composed/both`, { headers });
      return response.ok ? response.json() : response.status;
    };
    expect(await call({ authorization: `Bearer ${token}` })).toEqual({ caller: 'both@example.org' });
    expect(await call({ 'x-api-key': 'open sesame' })).toEqual({ caller: 'a robot' });
    expect(await call({ 'x-api-key': 'wrong' })).toBe(401);
  });

  it('R62: a session that comes by cookie: from an own page only, and refused as the guard refuses it', async () => {
    host = await start(RegStackModule.forRoot({ ...SETTINGS, passport: true, providers }));
    await host.member(mail, 'cookie@example.org');
    const body = { email: 'cookie@example.org', password: PASSWORD };
    const { headers } = await host.call('POST', '/api/auth/login?transport=cookie', body);
    const session = headers.getSetCookie().find((one) => one.startsWith('regstack-session='))!;
    const cookie = session.split(';', 1)[0]!;
    const ask = (method: string, more: Record<string, string>): Promise<Sent> =>
      send(host, method, '/composed/users', { cookie, ...more });
    const elsewhere = { 'sec-fetch-site': 'cross-site' };
    expect((await ask('GET', elsewhere)).json).toMatchObject({
      current: 'cookie@example.org',
      passport: 'cookie@example.org',
    });
    expect((await ask('POST', { 'sec-fetch-site': 'same-origin' })).status).toBe(201);
    const others: Record<string, string>[] = [elsewhere, {}, { origin: 'null' }];
    for (const from of others)
      expect((await ask('POST', from)).json).toMatchObject({ status: 403, code: 'request.cross_site' });
    expect((await ask('GET', { cookie: `${cookie}; ${cookie}` })).json.code).toBe('request.malformed');
    expect((await ask('GET', { authorization: 'Bearer no-token' })).status).toBe(401);
    expect((await send(host, 'POST', '/composed/users')).status).toBe(401);
  });

  it('R63: a database that does not answer is 503, never a pass and never the next strategy', async () => {
    host = await start(RegStackModule.forRoot({ ...SETTINGS, passport: true, providers }));
    const token = await host.member(mail, 'outage@example.org');
    const broken = jest.spyOn(store.sessions, 'authenticate');
    broken.mockRejectedValue(new AccountError('service.unavailable', { retryAfterSeconds: 1 }));
    const { status, json } = await host.call('GET', '/composed/both', undefined, token);
    expect([status, json.code]).toEqual([503, 'service.unavailable']);
    broken.mockRestore();
  });

  it('of two apps with one name in a process the later one has the strategy, also when the earlier one closes', async () => {
    const earlier = await start(RegStackModule.forRoot({ ...SETTINGS, passport: true, providers }));
    host = await start(RegStackModule.forRoot({ ...SETTINGS, passport: true, providers }));
    await earlier.stop();
    const token = await host.member(mail, 'later@example.org');
    expect((await host.call('GET', '/composed/users', undefined, token)).status).toBe(200);
  });

  it('each instance has a strategy of its own name, which leaves the registry with the app', async () => {
    const other = { name: 'team', isGlobal: false, apiPrefix: '/team/auth', uiPrefix: '/team/account' };
    host = await start(
      RegStackModule.forRoot({ ...SETTINGS, passport: true, providers }),
      RegStackModule.forRoot({ ...SETTINGS, ...other, passport: true, providers }),
    );
    const token = await host.member(mail, 'team@example.org', '/team/auth');
    expect((await host.call('GET', '/composed/team', undefined, token)).json).toEqual({
      caller: 'team@example.org',
    });
    expect((await host.call('GET', '/composed/users', undefined, token)).status).toBe(401);
    expect(['regstack', 'regstack-team'].map(registered)).toEqual([true, true]);
    await host.stop();
    expect(['regstack', 'regstack-team'].map(registered)).toEqual([false, false]);
    host = await start(RegStackModule.forRoot({ ...SETTINGS, providers }));
    expect(registered('regstack')).toBe(false);
  });
});
