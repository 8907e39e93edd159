import type { AppOptions } from '../app/app-options';

/** Options of `doctor`. */
export interface DoctorOptions extends AppOptions {
  /** Look up what DNS says of the domain that mails come from. */
  readonly checkDns?: boolean;
  /** Address of a DNS server, `127.0.0.1:53`. Default: those of this machine. */
  readonly dnsServer?: string;
  /** Address that a mail is sent to. Default: none is sent. */
  readonly sendTestEmail?: string;
  /** Answer JSON. */
  readonly json?: boolean;
}
