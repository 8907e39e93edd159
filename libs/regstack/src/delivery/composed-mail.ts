import { domainToASCII } from 'node:url';
import type { RegStackConfig } from '../config/regstack.config';
import type { Mail } from '../ports/mailer';

/** The sender as it is on the wire: servers take a domain in ASCII only, and the setting may have it in any script. */
export function senderAddress({ email: { fromAddress } }: RegStackConfig): string {
  const at = fromAddress.lastIndexOf('@') + 1;
  return fromAddress.slice(0, at) + domainToASCII(fromAddress.slice(at));
}

/** A mail as nodemailer takes it, whichever way it leaves. Its `Message-ID` is the same at every attempt. */
export function composed({ id, to, subject, text, html }: Mail, config: RegStackConfig) {
  const from = senderAddress(config);
  return {
    // Objects, not strings: an address is never parsed out of a header by the library (CVE-2025-13033).
    from: { name: config.email.fromName ?? config.appName, address: from },
    to: { name: '', address: to },
    envelope: { from, to: [to] },
    messageId: `<${id}@${from.slice(from.lastIndexOf('@') + 1)}>`,
    subject,
    text,
    html,
    headers: { 'Auto-Submitted': 'auto-generated' },
  };
}
