import type { IncomingMessage } from 'node:http';
import {
  Body,
  Catch,
  Controller,
  type ExceptionFilter,
  Injectable,
  Post,
  ValidationPipe,
  VersioningType,
} from '@nestjs/common';
import { type AbstractHttpAdapter, HttpAdapterHost, NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { RegStackModule } from '@regstack/nestjs';
import { IsInt } from 'class-validator';
import express from 'express';
import type { FastifyInstance } from 'fastify';
import { ADAPTER } from '../support/adapter';
import { PASSWORD } from '../support/demo';
import { Host, HostController, replacements, SETTINGS } from '../support/host';

/** What the replies of both adapters have in common. */
interface Reply {
  status(code: number): Reply;
  send(body: unknown): unknown;
}

class Order {
  @IsInt() amount!: number;
}

@Controller('shop')
class ShopController {
  @Post()
  order(@Body() order: Order) {
    return { received: order };
  }
}

describe('a guest behaves', () => {
  const { mail, providers } = replacements();
  const module = () => RegStackModule.forRoot({ ...SETTINGS, providers });
  let host: Host;
  afterEach(() => host.stop());

  it('setGlobalPrefix: routes and mailed links are below it, pages find each other', async () => {
    host = await Host.start({ imports: [module()] }, (app) => app.setGlobalPrefix('v1'));
    const token = await host.member(mail, 'prefix@example.org', '/v1/api/auth');
    expect((await host.call('GET', '/v1/orders', undefined, token)).status).toBe(200);
    expect((await mail.to('prefix@example.org')).text).toContain('/v1/account/verify?token=');
    const opened = await host.call('GET', `/v1/account/verify?token=${'A'.repeat(43)}`);
    expect(opened.headers.get('location')).toBe('/v1/account/verify');
    const duplicate = await fetch(`${host.url}/v1/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"email":"a","email":"b"}',
    });
    expect(((await duplicate.json()) as { code: string }).code).toBe('request.duplicate_key');
  });

  it('setGlobalPrefix with our routes excluded: they stay where the settings say', async () => {
    host = await Host.start({ imports: [module()] }, (app) =>
      app.setGlobalPrefix('v1', { exclude: ['account/verify', 'api/auth/{*rest}'] }),
    );
    await host.member(mail, 'excluded@example.org');
    expect((await mail.to('excluded@example.org')).text).toMatch(/:3000\/account\/verify\?token=/);
  });

  it('URI versioning: our routes have no version', async () => {
    host = await Host.start({ imports: [module()] }, (app) =>
      app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
    );
    const token = await host.member(mail, 'version@example.org');
    expect((await host.call('GET', '/v1/orders', undefined, token)).status).toBe(200);
  });

  it('pipes of the host do not change our answers, and ours do not touch its routes', async () => {
    const strip = new ValidationPipe({
      whitelist: true,
      transform: true,
      transformOptions: { enableImplicitConversion: true },
    });
    host = await Host.start({ imports: [module()], controllers: [HostController, ShopController] }, (app) =>
      app.useGlobalPipes(strip),
    );
    const unknown = await host.call('POST', '/api/auth/register', {
      email: 'a@example.org',
      password: PASSWORD,
      is_superuser: true,
    });
    expect([unknown.status, unknown.json.code]).toEqual([422, 'request.invalid']);
    const number = await host.call('POST', '/api/auth/login', {
      email: 'a@example.org',
      password: 123456789012,
    });
    expect([number.status, number.json.errors]).toEqual([
      422,
      [{ field: 'password', message: 'must be text' }],
    ]);
    const order = await host.call('POST', '/shop', { amount: 5, note: 'stripped' });
    expect(order.json).toEqual({ received: { amount: 5 } });
  });

  it('cookies that the host sets before us stay, beside ours', async () => {
    host = await Host.start({ imports: [module()] }, (app) => {
      const { httpAdapter } = app.get(HttpAdapterHost);
      if (ADAPTER === 'fastify') {
        httpAdapter.getInstance<FastifyInstance>().addHook('onRequest', async (_, reply) => {
          void reply.header('set-cookie', 'theirs=1');
        });
        return;
      }
      httpAdapter.use(
        (_: unknown, response: { setHeader(name: string, value: string): void }, next: () => void) => {
          response.setHeader('set-cookie', 'theirs=1');
          next();
        },
      );
    });
    const names = async (path: string): Promise<string[]> => {
      const { headers } = await host.call('GET', path);
      return headers.getSetCookie().map((one) => one.split('=', 1)[0]!);
    };
    expect(await names(`/account/verify?token=${'A'.repeat(43)}`)).toEqual([
      'theirs',
      'regstack-step-verify',
    ]);
    expect(await names('/account/verify')).toEqual(['theirs']);
  });

  it('without a pipe of its own a host’s route gets its body as it is: no pipe of ours is global', async () => {
    host = await Host.start({ imports: [module()], controllers: [HostController, ShopController] });
    const order = await host.call('POST', '/shop', { amount: 'text', more: { deep: true } });
    expect(order.json).toEqual({ received: { amount: 'text', more: { deep: true } } });
  });

  it('a filter of the host sees its own errors and not ours', async () => {
    const seen: unknown[] = [];
    @Catch()
    @Injectable()
    class Filter implements ExceptionFilter {
      catch(error: Error, context: { switchToHttp(): { getResponse(): Reply } }): void {
        seen.push(error.message);
        context.switchToHttp().getResponse().status(418).send({ teapot: true });
      }
    }
    host = await Host.start({ imports: [module()] }, (app) => app.useGlobalFilters(new Filter()));
    expect((await host.call('POST', '/api/auth/login', {})).status).toBe(422);
    expect(seen).toEqual([]);
    expect((await host.call('GET', '/orders')).status).toBe(418);
    expect(seen).toHaveLength(1);
  });

  it('the guard on a host’s route answers 401 with our body and header', async () => {
    host = await Host.start({ imports: [module()] });
    const { status, headers, json } = await host.call('GET', '/orders');
    expect([status, headers.get('www-authenticate'), headers.get('content-type')]).toEqual([
      401,
      'Bearer',
      'application/problem+json; charset=utf-8',
    ]);
    expect(json).toEqual({
      type: 'about:blank',
      title: 'Unauthorized',
      status: 401,
      detail: 'Sign in to continue.',
      code: 'session.required',
      request_id: expect.any(String),
    });
  });

  it('Swagger shows our JSON routes in the host’s document, and no page', async () => {
    let paths: string[] = [];
    host = await Host.start({ imports: [module()] }, (app) => {
      const prepare = async (): Promise<void> => {
        await app.init();
        paths = Object.keys(SwaggerModule.createDocument(app, new DocumentBuilder().build()).paths);
      };
      return prepare();
    });
    await new Promise((next) => setImmediate(next));
    const admin =
      'audit outbox outbox/{id}/retry pending-registrations pending-registrations/{id}/promote stats';
    const users = 'users users/{id} users/{id}/resend-verification users/{id}/revoke-sessions';
    const below = (path: string, names: string): string[] =>
      names.split(' ').map((name) => `${path}/${name}`);
    expect(paths.toSorted()).toEqual([
      ...[
        'account',
        'account/delete',
        ...below('admin', `${admin} ${users}`),
        ...['change-email', 'change-password', 'confirm-email-change', 'forgot-password'],
        ...below('health', 'live ready'),
        ...['login', 'login/mfa-confirm', 'login/mfa-resend', 'logout', 'me'],
        ...below('mfa', 'challenge recovery-codes totp totp/confirm totp/delete totp/start'),
        ...['phone', ...below('phone', 'confirm delete start'), 'reauthenticate'],
        ...['register', 'resend-verification', 'reset-password'],
        ...['sessions', 'sessions/revoke-others', 'sessions/{id}', 'undo-email-change', 'verify'],
      ].map((path) => `/api/auth/${path}`),
      '/orders',
      '/plain',
    ]);
  });

  it.each<[string, string]>([
    ['tenants/:tenant', '/tenants/one'],
    ['//a//b/', '//a//b'],
    // Fastify's router has no optional groups.
    ...(ADAPTER === 'express' ? [['x{/:lang}', '/x/en'] as [string, string]] : []),
  ])('setGlobalPrefix(%j): the gate stands before our routes', async (prefix, path) => {
    const opened = await Host.start({ imports: [module()] }, (app) => app.setGlobalPrefix(prefix));
    host = opened;
    const response = await fetch(`${opened.url}${path}/api/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"email":"a","email":"b","password":"c"}',
    });
    expect(((await response.json()) as { code: string }).code).toBe('request.duplicate_key');
  });

  const signInTo = async (
    url: string,
    body = JSON.stringify({ email: 'nobody@example.org', password: PASSWORD }),
  ) => {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${url}/api/auth/login`, { method: 'POST', headers, body });
    return [response.status, ((await response.json()) as { code: string }).code];
  };

  /** An app whose own instance was prepared before Nest had it; answers what a sign-in is told. */
  const signInBehind = async (adapter: AbstractHttpAdapter): Promise<unknown> => {
    class App {}
    const dynamic = { module: App, imports: [module()], controllers: [HostController] };
    const app = await NestFactory.create(dynamic, adapter, { logger: false });
    await app.listen(0, '127.0.0.1');
    const answer = await signInTo(await app.getUrl());
    await app.close();
    host = await Host.start({ imports: [module()] });
    return answer;
  };
  const fastifyWith = (hook: (raw: IncomingMessage) => Promise<void>): AbstractHttpAdapter => {
    const adapter = new FastifyAdapter();
    const instance = adapter.getInstance() as unknown as FastifyInstance;
    instance.addHook('onRequest', async ({ raw }) => hook(raw));
    return adapter;
  };

  it('an encoding that something of the host has set on the stream changes nothing', async () => {
    const onExpress = express().use((request, _response, next) => {
      request.setEncoding('utf8');
      next();
    });
    const onFastify = fastifyWith(async (raw) => void raw.setEncoding('utf8'));
    const adapter = ADAPTER === 'fastify' ? onFastify : new ExpressAdapter(onExpress);
    expect(await signInBehind(adapter)).toEqual([401, 'login.invalid_credentials']);
  });

  if (ADAPTER === 'express')
    it('a host whose own Express parses bodies before Nest still signs in; malformed bodies are then its own', async () => {
      const adapter = new ExpressAdapter(express().use(express.json()));
      expect(await signInBehind(adapter)).toEqual([401, 'login.invalid_credentials']);
    });

  if (ADAPTER === 'fastify')
    it('content type parsers and hooks of the host do not change our answers', async () => {
      const hooked: unknown[] = [];
      host = await Host.start({ imports: [module()] }, (app) => {
        const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
        fastify.removeAllContentTypeParsers();
        fastify.addContentTypeParser('*', (_request, _payload, done) =>
          done(new Error('no body is welcome')),
        );
        fastify.addHook('preValidation', async ({ body }) => void hooked.push(body));
      });
      expect(await signInTo(host.url)).toEqual([401, 'login.invalid_credentials']);
      expect(await signInTo(host.url, '{"email":"a","email":"b"}')).toEqual([400, 'request.duplicate_key']);
      // What a decision record says: hooks that Fastify runs after ours see the parsed body.
      expect(hooked).toEqual([{ email: 'nobody@example.org', password: PASSWORD }]);
    });

  if (ADAPTER === 'fastify')
    it('a hook of the host that reads the body first leaves no request hanging: the shape is refused', async () => {
      const adapter = fastifyWith(async (raw) => {
        for await (const _ of raw);
      });
      expect(await signInBehind(adapter)).toEqual([422, 'request.invalid']);
    });
});
