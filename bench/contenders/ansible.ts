import type { Contender, Outcome } from '../contender.ts';
import { toggle } from './toggle.ts';

/** The tuned playbook, on blank hosts. */
export const deployment: Contender = {
  name: 'ansible-playbook',
  field: 'Ansible',
  runs: 5,
  command: playbook(),
  objection: (outcome) => recapObjection(outcome),
};

/** The same on hosts on which there is nothing to do. */
export const noChange: Contender = { ...deployment, objection: changeObjection };

/** The same without the facts that it gathers of every host first. */
export const noChangeWithoutFacts: Contender = {
  ...noChange,
  name: 'ansible-playbook, facts not gathered',
  command: playbook(['-e', 'facts=false']),
};

/** The same by Mitogen, which carries Ansible's modules in one connection and keeps an interpreter on every host. */
export const noChangeByMitogen: Contender = {
  ...noChange,
  name: 'ansible-playbook with Mitogen',
  command: playbook([], {
    ANSIBLE_STRATEGY: 'mitogen_linear',
    ANSIBLE_STRATEGY_PLUGINS: '/usr/lib/python3/dist-packages/ansible_mitogen/plugins/strategy',
  }),
};

/** The same with another number in a line of keepalived.conf each time. */
export const change: Contender = {
  ...deployment,
  async command(site) {
    const script = `${toggle('delay_loop ', '2', '3')} templates/keepalived.conf.j2 && exec ansible-playbook site.yaml`;
    return { argv: (await site.box()).command(['sh', '-c', script]) };
  },
  objection(outcome) {
    const objection = recapObjection(outcome);
    if (objection !== undefined) return objection;
    return recaps(outcome.output).some(({ changed }) => changed > 0) ? undefined : 'nothing was changed';
  },
};

function playbook(
  words: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Contender['command'] {
  return async (site) => ({
    argv: (await site.box()).command(['ansible-playbook', 'site.yaml', ...words], environment),
  });
}

/** What the end of a playbook's output says of a host. */
interface Recap {
  readonly host: string;
  readonly changed: number;
  readonly unreachable: number;
  readonly failed: number;
}

/** The recap, a host a line: `d1 : ok=7 changed=6 unreachable=0 failed=0 …`. */
function recaps(output: string): Recap[] {
  const lines = output.slice(output.lastIndexOf('\nPLAY RECAP ')).matchAll(/^(\S+) +: (ok=\d.*)$/gm);
  return [...lines].map(([, host = '', counts = '']) => {
    const count = (name: string): number => Number(new RegExp(`\\b${name}=(\\d+)`).exec(counts)?.[1] ?? NaN);
    return { host, changed: count('changed'), unreachable: count('unreachable'), failed: count('failed') };
  });
}

function recapObjection({ code, output }: Outcome): string | undefined {
  if (code !== 0) return `exit code ${code}`;
  const hosts = recaps(output);
  if (hosts.length === 0) return 'no recap';
  const bad = hosts.filter(({ unreachable, failed }) => unreachable + failed !== 0);
  return bad.length === 0 ? undefined : `failed on ${bad.map(({ host }) => host).join(', ')}`;
}

function changeObjection(outcome: Outcome): string | undefined {
  const objection = recapObjection(outcome);
  if (objection !== undefined) return objection;
  const changed = recaps(outcome.output).filter((recap) => recap.changed !== 0);
  return changed.length === 0 ? undefined : `something was changed on ${changed.map(({ host }) => host).join(', ')}`;
}
