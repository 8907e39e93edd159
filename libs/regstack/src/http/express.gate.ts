import type { IncomingMessage, ServerResponse } from 'node:http';
import type { BodyGate } from './body.gate';
import type { BodyRule } from './body.reader';
import type { ProblemAnswer } from './problem';

type Request = IncomingMessage & { body?: unknown };
type Next = () => void;
type Middleware = (request: Request, response: ServerResponse, next: Next) => void;

/** Puts the gate in front of the parsers that Nest adds, as a middleware. A body that is there already is not parsed again. */
export function installOnExpress(adapter: { use(middleware: Middleware): unknown }, gate: BodyGate): void {
  adapter.use((request, response, next) => {
    const rule = gate.ruleFor(request.url);
    // Nothing but this look for the routes of the host.
    if (!rule || response.headersSent) next();
    else void admit(gate, rule, request, response, next);
  });
}

async function admit(
  gate: BodyGate,
  rule: BodyRule,
  request: Request,
  response: ServerResponse,
  next: Next,
): Promise<void> {
  response.setHeader('cache-control', 'no-store');
  const admission = await gate.admit(request, rule);
  if (admission.kind === 'refused') return refuse(response, admission.answer);
  if (admission.kind === 'read') request.body = admission.body;
  next();
}

/** A client that went away in the middle of its body hears nothing. */
function refuse(response: ServerResponse, { problem, headers }: ProblemAnswer): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(problem.status, headers);
  response.end(JSON.stringify(problem));
}
