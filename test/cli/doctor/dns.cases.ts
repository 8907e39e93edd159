import { type DoctorCase, saidIn } from './case';

const DOMAIN = 'plum.example.org';

function ofDomain(
  one: Pick<DoctorCase, 'title' | 'check' | 'message' | 'spoil'> & Partial<DoctorCase>,
): DoctorCase {
  return {
    args: ({ dns }) => ['--check-dns', '--dns-server', dns.address],
    ...one,
    spoil: (at) => {
      at.app.set({ email: { from_address: `noreply@${DOMAIN}` } });
      return one.spoil(at);
    },
  };
}

/** What DNS says of the domain of the sender. */
export const DNS_CASES: readonly DoctorCase[] = [
  ofDomain({
    title: 'a domain that takes no mail',
    check: 'mx',
    spoil: ({ dns }) => dns.add(`${DOMAIN}. A 192.0.2.1`),
    message: /^plum\.example\.org has no MX record/,
    mend: ({ dns }, cure) => {
      const [start] = saidIn(cure, /^add the record: (.*) \(your mail server\)\.$/);
      dns.add(`${start} mail.${DOMAIN}.`);
    },
  }),
  ofDomain({
    title: 'a domain that says that it takes no mail (RFC 7505)',
    check: 'mx',
    spoil: ({ dns }) => dns.add(`${DOMAIN}. MX 0 .`),
    message: /^plum\.example\.org says that it takes no mail/,
    mend: ({ dns }, cure) => {
      const [start] = saidIn(cure, /^replace it by the record: (.*) \(your mail server\)\.$/);
      dns.removeLast();
      dns.add(`${start} mail.${DOMAIN}.`);
    },
  }),
  ofDomain({
    title: 'no SPF record',
    check: 'spf',
    spoil: ({ dns }) => dns.add(`${DOMAIN}. TXT "v=spf10 is none"`),
    message: /^plum\.example\.org has no SPF record/,
  }),
  ofDomain({
    title: 'two SPF records',
    check: 'spf',
    spoil: ({ dns }) => {
      dns.add(`${DOMAIN}. TXT "v=spf1 mx -all"`);
      dns.add(`${DOMAIN}. TXT "v=spf1 include:other.example -all"`);
    },
    message: /^plum\.example\.org has 2 SPF records/,
    mend: ({ dns }, cure) => {
      saidIn(cure, /^join them into one record$/);
      dns.removeLast();
    },
  }),
  ofDomain({
    title: 'no DMARC record, not even of the domain above',
    check: 'dmarc',
    spoil: ({ dns }) => dns.add(`_dmarc.${DOMAIN}. TXT "something else"`),
    message: /^plum\.example\.org has no DMARC record/,
  }),
  ofDomain({
    title: 'a DNS server that fails',
    check: 'mx',
    spoil: ({ dns }) => {
      dns.add(`${DOMAIN}. MX 10 mail.${DOMAIN}.`);
      dns.mode = 'fail';
    },
    message: /^plum\.example\.org could not be looked up \(ESERVFAIL\)/,
    mend: ({ dns }, cure) => {
      saidIn(cure, /^check the DNS server/);
      dns.mode = 'answer';
    },
  }),
];
