import { addressOf, PASSWORD } from '../accounts';
import { Connection } from '../load/connection';
import { PATIENCE_MS } from './measure';
import type { PostOffice } from './post-office';

/** A number of Germany's mobiles. */
export const numberOf = (n: number): string => `+49151${String(10_000_000 + n)}`;

/** Makes the people that floods are aimed at, over HTTP. */
export class Victims {
  private readonly connection: Connection;

  constructor(
    url: string,
    private readonly office: PostOffice,
  ) {
    this.connection = new Connection(url, PATIENCE_MS);
  }

  /** Closes the connection. */
  close(): void {
    this.connection.close();
  }

  /** Somebody who has registered and not yet verified. */
  async registered(name: string): Promise<string> {
    const email = addressOf(name, 0);
    await this.post(201, '/register', { email, password: PASSWORD, full_name: 'A. Person' });
    return email;
  }

  /** Somebody with an account. */
  async verified(name: string): Promise<string> {
    const email = await this.registered(name);
    await this.post(200, '/verify', { token: await this.office.secretTo(email) });
    return email;
  }

  /** The same, signed in. */
  async signedIn(name: string): Promise<{ readonly email: string; readonly token: string }> {
    const email = await this.verified(name);
    const { access_token: token } = await this.post(200, '/login', { email, password: PASSWORD });
    return { email, token: token! };
  }

  /** Somebody whose sign-in waits for a code to this number. */
  async enrolled(name: string, phone_number: string): Promise<string> {
    const { email, token } = await this.signedIn(name);
    const start = { phone_number, current_password: PASSWORD };
    const { pending_token } = await this.post(202, '/phone/start', start, token);
    const code = await this.office.secretTo(phone_number);
    await this.post(200, '/phone/confirm', { pending_token, code }, token);
    return email;
  }

  private async post(
    status: number,
    path: string,
    body: object,
    token?: string,
  ): Promise<Readonly<Record<string, string>>> {
    const shot = {
      method: 'POST',
      path: `/api/auth${path}`,
      body,
      ...(token !== undefined && { token }),
    } as const;
    const answer = await this.connection.expect(status, shot);
    return JSON.parse(answer.body) as Record<string, string>;
  }
}
