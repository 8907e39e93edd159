import { addressOf, PASSWORD } from '../accounts';
import type { Shot } from '../load/connection';
import { numberOf, type Victims } from './victim';

/** One request that is made again and again, at the expense of one mailbox or number. */
export interface FloodKind {
  readonly name: string;
  readonly shot: Shot;
  /** Of every answer. */
  readonly status: number;
  /** Whose messages are counted: an address or a number. */
  readonly recipient: string;
  /** Messages of another kind that came there before. */
  readonly others: number;
}

const post = (path: string, body: object, token?: string): Shot => ({
  method: 'POST',
  path: `/api/auth${path}`,
  body,
  ...(token !== undefined && { token }),
});

/** Each kind with a victim of its own. */
export async function floodKinds(victims: Victims): Promise<readonly FloodKind[]> {
  const nobody = addressOf('register', 0);
  const waiting = await victims.registered('resend');
  const member = await victims.verified('forgot');
  const { token } = await victims.signedIn('phone');
  const [newNumber, number] = [numberOf(1), numberOf(2)];
  const enrolled = await victims.enrolled('mfa', number);
  const person = { email: nobody, password: PASSWORD, full_name: 'A. Person' };
  const phone = { phone_number: newNumber, current_password: PASSWORD };
  const credentials = { email: enrolled, password: PASSWORD };
  return [
    { name: 'register', status: 201, shot: post('/register', person), recipient: nobody, others: 0 },
    {
      name: 'resend-verification',
      status: 202,
      shot: post('/resend-verification', { email: waiting }),
      recipient: waiting,
      others: 0,
    },
    {
      name: 'forgot-password',
      status: 202,
      shot: post('/forgot-password', { email: member }),
      recipient: member,
      // The one that verified the address.
      others: 1,
    },
    {
      name: 'phone/start',
      status: 202,
      shot: post('/phone/start', phone, token),
      recipient: newNumber,
      others: 0,
    },
    {
      name: 'login, second factor by SMS',
      status: 200,
      shot: post('/login', credentials),
      recipient: number,
      others: 0,
    },
  ];
}
