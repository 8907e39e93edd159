import type { IncomingMessage, ServerResponse } from 'node:http';
import { Injectable, Logger } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { RegStackConfig } from '../config/regstack.config';
import { AccountError } from '../kernel/errors';
import { MountPaths } from '../services/mount-paths';
import { parseForm } from './form-body';
import { problemOf } from './problem';
import { parseStrictJson } from './strict-json';

/** Marks a request whose body a gate has read: two instances may share a prefix. */
const READ = Symbol('regstack.body-read');

/** Largest body on our routes, bytes. */
const MAX_BODY = 16 * 1024;

/** How much of a larger one is read before the connection is closed, bytes. */
const MAX_DRAINED = 1024 * 1024;

/** A client that has not sent its body by then is not going to, ms. */
const BODY_MS = 10_000;

const WITHOUT_BODY = ['GET', 'HEAD', 'OPTIONS'];

type Request = IncomingMessage & { body?: unknown; [READ]?: boolean };
type Next = (error?: unknown) => void;

/** How the bodies under one of our prefixes are read. */
interface BodyRule {
  readonly mediaType: string;
  readonly parse: (bytes: Uint8Array) => unknown;
}

const JSON_BODY: BodyRule = { mediaType: 'application/json', parse: parseStrictJson };
const FORM_BODY: BodyRule = { mediaType: 'application/x-www-form-urlencoded', parse: parseForm };

/**
 * Reads the bodies of our own routes, before any parser of the host does: so they are bounded, strict and answered by us, and the
 * host's routes and parser stay as they are. Also marks every answer under our prefixes `no-store`.
 */
@Injectable()
export class BodyGate {
  private readonly logger = new Logger('RegStack');
  private warned = false;
  /** Made at the first request: the host sets its prefix after we are made, and requests come after that. */
  private rules: readonly (readonly [RegExp, BodyRule])[] | undefined;

  constructor(
    adapterHost: HttpAdapterHost,
    private readonly config: RegStackConfig,
    private readonly paths: MountPaths,
  ) {
    // Nest adds its parsers at `app.init()`, after this constructor; a testing module gets its adapter only later.
    const install = (): unknown =>
      adapterHost.httpAdapter.use((request: Request, response: ServerResponse, next: Next) => {
        void this.handle(request, response, next);
      });
    if (adapterHost.httpAdapter) install();
    else adapterHost.init$.subscribe(install);
  }

  private async handle(request: Request, response: ServerResponse, next: Next): Promise<void> {
    const rule = this.ruleFor(request);
    if (!rule || response.headersSent) return next();
    response.setHeader('cache-control', 'no-store');
    if (request[READ] || this.wasReadByHost(request)) return next();
    request[READ] = true;
    try {
      request.body = await read(request, rule);
    } catch (error) {
      return refuse(response, error);
    }
    next();
  }

  /**
   * At least as tolerant as any router: case, an absolute target (RFC 9112 section 3.2.2), backslashes and fragments hide no path
   * of ours. To take a path of the host for ours by such tricks only means to read its body strictly.
   */
  private ruleFor({ url = '' }: Request): BodyRule | null {
    const path = url
      .replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#\\]*/i, '')
      .split(/[?#]/, 1)[0]!
      .replaceAll('\\', '/')
      .toLowerCase();
    this.rules ??= [
      [this.paths.pattern(this.config.apiPrefix), JSON_BODY],
      [this.paths.pattern(this.config.uiPrefix), FORM_BODY],
    ];
    return this.rules.find(([pattern]) => pattern.test(path))?.[1] ?? null;
  }

  /** A parser that the host put on its own Express instance before Nest cannot be preceded; shapes are still checked. */
  private wasReadByHost(request: Request): boolean {
    if (!request.readableEnded) return false;
    if (!this.warned) {
      this.logger.warn(
        'A body parser of the app runs before RegStack on its routes: bodies are as large and as lax as it allows',
      );
    }
    this.warned = true;
    return true;
  }
}

/** The parsed body; undefined for a method that has none, whose bytes are read past without a look. */
async function read(request: Request, rule: BodyRule): Promise<unknown> {
  const { 'transfer-encoding': encoding, 'content-length': length } = request.headers;
  const hasBytes = encoding !== undefined || Number(length ?? 0) > 0;
  if (WITHOUT_BODY.includes(request.method!))
    return hasBytes ? bytesOf(request).then(() => undefined) : undefined;
  if (hasBytes) checkType(request, rule);
  return rule.parse(await bytesOf(request));
}

/** The whole body. One that is too large is read on for a while without being kept: a client in the middle of sending would not hear the answer. */
function bytesOf(request: Request): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = new AccountError('request.too_large');
    const tooSlow = setTimeout(() => reject(new AccountError('request.malformed')), BODY_MS).unref();
    let chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY) chunks.push(chunk);
      else chunks = [];
      if (size > MAX_DRAINED) reject(tooLarge);
    });
    request.once('end', () => (size > MAX_BODY ? reject(tooLarge) : resolve(Buffer.concat(chunks))));
    request.once('close', () => {
      clearTimeout(tooSlow);
      reject(new AccountError('request.malformed'));
    });
    request.once('error', reject);
  });
}

function checkType({ headers }: Request, { mediaType }: BodyRule): void {
  const [type, ...parameters] = (headers['content-type'] ?? '')
    .toLowerCase()
    .split(';')
    .map((part) => part.trim());
  const plain = headers['content-encoding'] === undefined || headers['content-encoding'] === 'identity';
  const utf8 = parameters.every(
    (parameter) => !parameter.startsWith('charset=') || /^charset="?utf-8"?$/.test(parameter),
  );
  if (type !== mediaType || !plain || !utf8) throw new AccountError('request.unsupported_media_type');
}

function refuse(response: ServerResponse, error: unknown): void {
  // A client that went away in the middle of its body hears nothing.
  const { problem, headers } = problemOf(
    error instanceof AccountError ? error : new AccountError('request.malformed'),
  );
  if (response.headersSent || response.destroyed) return;
  response.writeHead(problem.status, { ...headers, connection: 'close' });
  response.end(JSON.stringify(problem));
}
