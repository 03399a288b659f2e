import { X509Certificate } from 'node:crypto';
import type { Cluster } from '../../inventory/cluster.ts';
import type { Check, Finding } from '../check.ts';
import { observed } from '../scope.ts';

/** Days before its end that a certificate is worth a warning: two weeks are time enough to get another one. */
const early = 14;

/**
 * The certificates of sites and listeners are valid, and stay so. They are those of the inventory, which as-planned compares with the
 * files; the time is that of the host that serves them.
 */
export const certificates: Check = {
  name: 'certificates',
  severity: 'critical',
  proves: 'no certificate that is served is over, not yet valid, or over within two weeks, which is a warning',
  why: 'A certificate ends on a day that nobody has in mind, and with it the service, on all hosts at once.',
  runs: 'each host that ends TLS: `date +%s`; the certificate is that of the inventory',
  reads: 'the last moment of the first certificate of the chain that ends',
  mend: 'put the new certificate into the inventory and `lvsctl apply`: nginx and HAProxy are reloaded',

  section: (round, where, { cluster }) =>
    round === 'before' && served(cluster).some(({ hosts }) => hosts.includes(where)) ? { sh: 'date +%s' } : undefined,

  judge: (evidence) =>
    served(evidence.cluster).flatMap(({ name, hosts, chain }) =>
      observed(evidence, hosts).flatMap((where) => {
        const answer = evidence.answer('before', where, 'certificates');
        return answer ? [judgeChain(where, name, chain, Number(answer.output.trim()) * 1000)] : [];
      }),
    ),
};

function served({ sites, haproxy }: Cluster): { name: string; hosts: readonly string[]; chain: string }[] {
  const listeners = haproxy?.listeners.map(({ name, tls }) => ({ name, tls, hosts: haproxy.hosts })) ?? [];
  return [...sites, ...listeners].flatMap(({ name, hosts, tls }) =>
    tls ? [{ name, hosts, chain: tls.certificate }] : [],
  );
}

function judgeChain(where: string, name: string, chain: string, now: number): Finding {
  const frame = {
    check: 'certificates',
    where,
    title: `the certificate of ${name} is valid`,
    expected: `valid now and ${early} days from now`,
    look: `openssl s_client -connect ${where}:443 </dev/null 2>/dev/null | openssl x509 -noout -dates`,
  } as const;
  const terms = readTerms(chain);
  if (terms === undefined || !(now > 0)) return { ...frame, status: 'unknown', seen: 'it could not be read' };
  const seen = `from ${day(terms.from)} to ${day(terms.to)}`;
  if (now < terms.from || now > terms.to) return { ...frame, status: 'failed', seen };
  const soon = terms.to - now < early * 86_400_000;
  return { ...frame, seen, ...(soon ? { status: 'failed', severity: 'warning' } : { status: 'ok' }) };
}

/** When the whole chain is valid, in milliseconds since 1970; undefined: there is none that can be read. */
function readTerms(chain: string): { from: number; to: number } | undefined {
  const pieces = chain.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  try {
    const all = pieces.map((piece) => new X509Certificate(piece));
    if (all.length === 0) return undefined;
    return {
      from: Math.max(...all.map(({ validFrom }) => Date.parse(validFrom))),
      to: Math.min(...all.map(({ validTo }) => Date.parse(validTo))),
    };
  } catch {
    return undefined;
  }
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
