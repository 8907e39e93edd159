import type { IncomingMessage } from 'node:http';
import type { BodyGate } from './body.gate';
import type { BodyRule } from './body.reader';
import type { ProblemAnswer } from './problem';

/** What the gate needs of Fastify's request, reply and instance. */
interface Request {
  readonly raw: IncomingMessage;
  body: unknown;
}
interface Reply {
  readonly sent: boolean;
  code(status: number): Reply;
  headers(values: Readonly<Record<string, string>>): Reply;
  send(body: string): unknown;
}
interface Instance {
  addHook(name: 'onRequest', hook: (request: Request, reply: Reply, done: () => void) => void): unknown;
}

/** What tells Fastify that a body is still to come. */
const BODY_HEADERS = ['content-type', 'content-length', 'transfer-encoding'];

/**
 * Puts the gate in front of Fastify's content type parsers, as a hook. Fastify parses whatever announces a body, so once ours is
 * read its announcement goes, and the handler finds the parsed body where it looks for it.
 */
export function installOnFastify(instance: Instance, gate: BodyGate): void {
  instance.addHook('onRequest', (request, reply, done) => {
    const rule = gate.ruleFor(request.raw.url);
    // Nothing but this look for the routes of the host.
    if (!rule || reply.sent) done();
    else void admit(gate, rule, request, reply, done);
  });
}

async function admit(
  gate: BodyGate,
  rule: BodyRule,
  request: Request,
  reply: Reply,
  done: () => void,
): Promise<void> {
  reply.headers({ 'cache-control': 'no-store' });
  const admission = await gate.admit(request.raw, rule);
  if (admission.kind === 'refused') return refuse(reply, admission.answer);
  if (admission.kind === 'read') request.body = admission.body;
  // Also when somebody else has read it: Fastify would wait for bytes that never come.
  for (const name of BODY_HEADERS) delete request.raw.headers[name];
  done();
}

function refuse(reply: Reply, { problem, headers }: ProblemAnswer): void {
  reply.code(problem.status).headers(headers).send(JSON.stringify(problem));
}
