import type { Resolver } from 'node:dns/promises';
import { domainToASCII } from 'node:url';
import { type Check, checkOfConfig } from '../check';
import { codeOf, isNone, resolverFor } from '../dns';
import { fail, type Finding, pass, skip } from '../../findings/finding';

/** Answers and bounces of our mails come back: the domain of the sender takes mail. */
export const mx = ofDomain('mx', async (dns, domain) => {
  const servers = await orNone(dns.resolveMx(domain));
  const record = `the record: ${domain}. MX 10 (your mail server).`;
  if (servers.length === 0)
    return fail(`${domain} has no MX record: answers and bounces are lost`, `add ${record}`);
  // RFC 7505: "the domain takes no mail".
  if (servers.every(({ exchange }) => exchange === ''))
    return fail(`${domain} says that it takes no mail`, `replace it by ${record}`);
  return pass(`${domain}: ${servers.map(({ exchange }) => exchange).join(', ')}`);
});

/** Receivers know who may send for the domain (RFC 7208). */
export const spf = ofDomain('spf', async (dns, domain) => {
  const records = (await textsAt(dns, domain)).filter((text) => /^v=spf1( |$)/i.test(text));
  if (records.length === 0) {
    return fail(
      `${domain} has no SPF record: receivers may take our mails for forged`,
      `add the record: ${domain}. TXT "v=spf1 mx -all" (and what else sends for it)`,
    );
  }
  if (records.length > 1) {
    return fail(
      `${domain} has ${records.length} SPF records, which is as good as none`,
      'join them into one record',
    );
  }
  return pass(`${domain}: ${records[0]}`);
});

/** Receivers know what to do with forged mails (RFC 7489). */
export const dmarc = ofDomain('dmarc', async (dns, domain) => {
  for (const one of withParents(domain)) {
    const records = (await textsAt(dns, `_dmarc.${one}`)).filter((text) => /^v=DMARC1 *(;|$)/.test(text));
    if (records.length === 1) return pass(`${one}: ${records[0]}`);
    if (records.length > 1)
      return fail(`_dmarc.${one} has several records, which is as good as none`, 'keep one of them');
  }
  return fail(
    `${domain} has no DMARC record: big receivers refuse mails without one`,
    `add the record: _dmarc.${domain}. TXT "v=DMARC1; p=none"`,
  );
});

/** A check of the domain of `email.from_address`, for those who have asked for it. */
function ofDomain(name: string, look: (dns: Resolver, domain: string) => Promise<Finding>): Check {
  return checkOfConfig(name, async ({ email }, { options: { checkDns, dnsServer } }) => {
    if (!checkDns) return skip('is looked up with --check-dns');
    const domain = domainToASCII(email.fromAddress.slice(email.fromAddress.lastIndexOf('@') + 1));
    const dns = resolverFor(dnsServer);
    try {
      return await look(dns, domain);
    } catch (error) {
      return fail(
        `${domain} could not be looked up (${codeOf(error)})`,
        'check the DNS server of this machine',
      );
    }
  });
}

/** The texts at a name, each joined of its parts. */
async function textsAt(dns: Resolver, name: string): Promise<string[]> {
  return (await orNone(dns.resolveTxt(name))).map((parts) => parts.join(''));
}

/** An empty list where the answer is that there is no such name or record. */
async function orNone<T>(answer: Promise<T[]>): Promise<T[]> {
  try {
    return await answer;
  } catch (error) {
    if (isNone(error)) return [];
    throw error;
  }
}

/** `a.b.example.org` → itself, `b.example.org`, `example.org`: a policy of a domain above counts as well. */
function withParents(domain: string): string[] {
  const labels = domain.split('.');
  return labels.slice(0, Math.max(labels.length - 1, 1)).map((_, i) => labels.slice(i).join('.'));
}
