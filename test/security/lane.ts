import { connect, type Socket } from 'node:net';
import { readAnswer, type WireAnswer } from './answer';
import type { Draft } from './draft';

/** A request as a lane sends it. */
export interface Sendable {
  readonly bytes: Buffer;
  readonly draft: Pick<Draft, 'method' | 'isCut'>;
}

/** What became of a request. */
export interface Exchange {
  readonly answer: WireAnswer | null;
  /** All that came, answer or not. */
  readonly received: Buffer;
  /** From the last byte that we sent to the answer, or to the end of the connection. */
  readonly ms: number;
  /** Why there is no answer, or why it is none. */
  readonly trouble: string | null;
}

/** Longer than any answer may take: how late it was is still worth knowing. */
const PATIENCE_MS = 15_000;
/** A server that waits for the rest of a request has said nothing by then. */
const SILENCE_MS = 40;

/** One connection after another, kept open while the server keeps it open. Writes bytes as they are. */
export class Lane {
  private kept: Socket | null = null;

  constructor(private readonly port: number) {}

  /** Sends a request and waits for what comes. Never rejects. */
  async send(request: Sendable): Promise<Exchange> {
    const { kept } = this;
    this.kept = null;
    const isFresh = kept === null || kept.destroyed || request.draft.isCut;
    if (isFresh) kept?.destroy();
    const exchange = await this.exchange(request, isFresh ? this.open() : kept);
    // A server may end an idle connection at the moment in which we use it again: only that is tried once more.
    const raced = !isFresh && exchange.received.length === 0 && exchange.trouble !== null;
    return raced ? this.exchange(request, this.open()) : exchange;
  }

  close(): void {
    this.kept?.destroy();
  }

  private open(): Socket {
    // An error of an idle connection is no news.
    return connect({ port: this.port, host: '127.0.0.1', noDelay: true }).on('error', () => {});
  }

  private exchange({ bytes, draft }: Sendable, socket: Socket): Promise<Exchange> {
    return new Promise((resolve) => {
      const chunks: Buffer[] = [];
      let sentAt = performance.now();
      const settle = (trouble: string | null, answer: WireAnswer | null = null): void => {
        for (const timer of [tooLate, silence]) clearTimeout(timer);
        for (const [name, listener] of Object.entries(listeners)) socket.off(name, listener);
        // Where a request was cut, its rest may be taken for a second one: such a connection is used once.
        if (trouble === null && answer && staysOpen(answer) && !draft.isCut) this.kept = socket;
        else socket.destroy();
        resolve({ answer, trouble, received: Buffer.concat(chunks), ms: performance.now() - sentAt });
      };
      const look = (ending: string | null): void => {
        const received = Buffer.concat(chunks);
        try {
          const found = readAnswer(received, { toHead: draft.method === 'HEAD', isEnd: ending !== null });
          const isMore = found !== null && found.used < received.length && !draft.isCut;
          if (found) settle(isMore ? 'more than one answer' : null, found.answer);
          else if (ending !== null) settle(ending);
        } catch (error) {
          settle((error as Error).message);
        }
      };
      const listeners: Record<string, (what: Buffer & { readonly code?: string }) => void> = {
        data: (chunk) => {
          chunks.push(chunk);
          look(null);
        },
        end: () => look('closed'),
        close: () => look('closed'),
        error: ({ code }) => look(code === 'ECONNREFUSED' ? 'nobody listens' : 'reset'),
      };
      const endOurSide = (): void => {
        sentAt = performance.now();
        socket.end();
      };
      const tooLate = setTimeout(() => settle('silent'), PATIENCE_MS);
      const silence = draft.isCut ? setTimeout(endOurSide, SILENCE_MS) : undefined;
      for (const [name, listener] of Object.entries(listeners)) socket.on(name, listener);
      socket.write(bytes, () => (sentAt = performance.now()));
    });
  }
}

const staysOpen = ({ headers }: WireAnswer): boolean => !/close/i.test(headers['connection'] ?? '');
