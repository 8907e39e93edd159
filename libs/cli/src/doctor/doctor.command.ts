import { isIP, isIPv4 } from 'node:net';
import { Command, Help, Option } from 'nest-commander';
import { AppCommand } from '../app/app.command';
import { emailOption } from '../email-option';
import { EXIT, Refusal } from '../refusal';
import { Terminal } from '../terminal';
import type { DoctorOptions } from './doctor.options';
import { Examination } from './examination';
import { tellResults } from '../findings/report';

@Command({
  name: 'doctor',
  description:
    'Looks for what is wrong with an app: its configuration, secrets, files, database, keys, clock, and senders. Changes nothing, but that a SQLite file that is not there is made, empty; and sends nothing unless it is asked to; prints the cure under each failure. The exit code is the number of failures, 99 at most.',
})
export class DoctorCommand extends AppCommand {
  constructor(
    private readonly examination: Examination,
    private readonly terminal: Terminal,
  ) {
    super();
  }

  @Option({
    flags: '--check-dns',
    description: 'look up MX, SPF and DMARC of the domain of email.from_address',
  })
  checkDns(): boolean {
    return true;
  }

  @Option({
    flags: '--dns-server <address>',
    description: 'ask this DNS server, 192.0.2.1 or 192.0.2.1:5353 (default: those of this machine)',
  })
  dnsServer(address: string): string {
    const [, host = '', port = '53'] = /^(.*?)(?::(\d{1,5}))?$/.exec(address) ?? [];
    const isAddress = isIPv4(host) ? Number(port) < 65_536 : isIP(address) === 6;
    if (isAddress) return address;
    throw new Refusal(
      '--dns-server: must be an IP address, with a port or without: 192.0.2.1:5353',
      EXIT.usage,
    );
  }

  @Option({
    flags: '--send-test-email <to>',
    description: 'send one mail to this address, at once and past the outbox',
  })
  sendTestEmail(to: string): string {
    return emailOption('--send-test-email', to, 'you@example.org');
  }

  @Option({ flags: '--json', description: 'print the results as JSON: { failures, results }' })
  json(): boolean {
    return true;
  }

  @Help('after')
  examples(): string {
    return `
Examples:
  $ regstack doctor
  $ regstack doctor --check-dns --send-test-email you@example.org
  $ regstack doctor --module ./dist/app.module.js --json`;
  }

  override async run(_: string[], options: DoctorOptions): Promise<void> {
    const results = await this.examination.examine(options);
    tellResults(this.terminal, results, options.json);
  }
}
