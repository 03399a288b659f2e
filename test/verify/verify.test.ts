import { beforeAll, describe, expect, it } from 'vitest';
import type { Event } from '../../src/events.ts';
import type { Cluster } from '../../src/inventory/cluster.ts';
import type { Connect } from '../../src/observe/survey.ts';
import { err, ok } from '../../src/result.ts';
import type { Check, Finding } from '../../src/verify/check.ts';
import { checks } from '../../src/verify/checks/index.ts';
import { vipHolder } from '../../src/verify/checks/vip-holder.ts';
import type { Time } from '../../src/verify/time.ts';
import { verify, type VerifyInput } from '../../src/verify/verify.ts';
import { factsOutput, FakePlace, rounds, wishless, type Behave } from './fake-host.ts';
import { drCluster, nonce, World } from './world.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await drCluster();
});

/** A cluster of fake places that answer as `world` has it, each `behave` of its own where given. */
class Stage {
  readonly places = new Map<string, FakePlace>();
  readonly events: Event[] = [];
  readonly world: World;
  dials = 0;
  #clock = 0;

  constructor(behave: (where: string, standard: Behave) => Behave = (_where, standard) => standard) {
    this.world = new World(cluster);
    for (const where of [...cluster.hosts.map(({ name }) => name), 'operator']) {
      this.places.set(where, new FakePlace(where, behave(where, this.#standard(where))));
    }
  }

  /** Rounds are told apart by their order: an observation begins with the facts. */
  #standard(where: string): Behave {
    let round = where === 'operator' ? 0 : -1;
    return () => {
      let first = true;
      round = where === 'operator' ? 1 : (round + 1) % 3;
      return (section) => {
        if (first && section === 'facts') round = 0;
        first = false;
        const observation = this.world.observations.get(where);
        if (section === 'facts') return observation ? factsOutput(observation) : '';
        const check = section.replace('check-', '');
        // A place without a section in `during` goes from the observation to `after` at once.
        const answers = rounds.slice(round).map((one) => this.world.evidence().answer(one, where, check));
        return (answers.find((answer) => answer !== undefined)?.output ?? '').replaceAll(nonce, this.nonce(where));
      };
    };
  }

  /** The nonce of the verification, which the sections carry: the fakes answer with it as the commands would. */
  nonce(where: string): string {
    const script = this.place(where).scripts.at(-1) ?? '';
    return /(?:\\n|' ')([0-9a-f]{24})(?:' '4,| series| vip| once| mount| wrote| read)/.exec(script)?.[1] ?? '';
  }

  place(where: string): FakePlace {
    const place = this.places.get(where);
    if (!place) throw new Error(`there is no ${where}`);
    return place;
  }

  readonly connect: Connect = (hosts, onResult) => {
    this.dials += 1;
    for (const { name } of hosts) onResult(name, ok(this.place(name).connection()));
    return Promise.resolve();
  };

  readonly time: Time = {
    now: () => this.#clock,
    sleep: (seconds) => {
      this.#clock += seconds;
      return Promise.resolve();
    },
  };

  input(more: Partial<VerifyInput> = {}): VerifyInput {
    return {
      cluster,
      desired: wishless(cluster),
      connect: this.connect,
      listen: (event) => this.events.push(event),
      patience: 0,
      runLocal: this.place('operator').run,
      time: this.time,
      // What needs the states of resources is judged elsewhere: nothing is wished of these hosts.
      checks: checks.filter(({ name }) => !['nfs-mounted', 'real-server-arp'].includes(name)),
      ...more,
    };
  }
}

const troubles = (findings: readonly Finding[]): string[] =>
  findings.filter(({ status }) => status !== 'ok').map((one) => `${one.status} ${one.check} ${one.where}: ${one.seen}`);

describe('verify', () => {
  it('proves a cluster, with three scripts a host at most', async () => {
    const stage = new Stage();
    const report = await verify(stage.input());
    expect(troubles(report.findings)).toEqual([]);
    expect(report).toMatchObject({
      ok: true,
      attempts: 1,
      interrupted: false,
      cluster: 'shop',
      vantage: ['probe1', 'operator'],
    });
    expect(report.hosts).toEqual(cluster.hosts.map(({ name }) => name));
    const scripts = Object.fromEntries([...stage.places].map(([name, { scripts: list }]) => [name, list.length]));
    expect(scripts).toEqual({ lb1: 3, lb2: 3, web1: 2, web2: 2, web3: 2, nas1: 3, probe1: 2, operator: 1 });
    expect(stage.places.get('web1')?.closed).toBe(true);
    expect(stage.events.map(({ type }) => type)).toContain('connecting');
  });

  it('uses open connections, leaves them open, and makes no news of them', async () => {
    const stage = new Stage();
    const connections = new Map(cluster.hosts.map(({ name }) => [name, stage.place(name).connection()]));
    const { connect, ...rest } = stage.input({ connections });
    expect(connect).toBeDefined();
    expect((await verify(rest)).ok).toBe(true);
    expect(stage.dials).toBe(0);
    expect([...stage.places.values()].some(({ closed }) => closed)).toBe(false);
    expect(new Set(stage.events.map(({ type }) => type))).toEqual(new Set(['probing']));
  });

  it('says once of a host that it cannot be reached, and judges the rest', async () => {
    const stage = new Stage();
    stage.world.unreach('lb2');
    const connect: Connect = (hosts, onResult) =>
      stage.connect(hosts, (name, result) => {
        const failure = {
          reason: 'timeout',
          host: name,
          detail: 'no answer within 10 seconds',
          hint: 'is it up?',
        } as const;
        onResult(name, name === 'lb2' ? err(failure) : result);
      });
    const report = await verify(stage.input({ connect }));
    expect(troubles(report.findings)).toEqual([
      'failed reachable lb2: no answer within 10 seconds; is it up?',
      'unknown vip-holder shop: held by lb1; lb2 could not be asked',
    ]);
    expect(report.ok).toBe(false);
  });

  it('judges what --limit leaves, and does not call a part a failure', async () => {
    const stage = new Stage();
    const some = ['lb1', 'web1', 'probe1'];
    const report = await verify(
      stage.input({ desired: wishless(cluster).filter(({ host }) => some.includes(host.name)) }),
    );
    expect(troubles(report.findings)).toEqual([
      'unknown vip-holder shop: held by lb1; lb2 could not be asked',
      'unknown nfs-writable web1: written and read back; nas1 could not be asked',
    ]);
    expect(report.ok).toBe(true);
    expect(report.hosts).toEqual(some);
  });

  it('repeats the first round alone until it is in order, then all of them until they are', async () => {
    const stage = new Stage();
    const { world } = stage;
    const right = world.evidence().answer('before', 'lb2', 'ipvs-table')?.output ?? '';
    const requests = world.evidence().answer('during', 'operator', 'requests')?.output ?? '';
    world.answer('before', 'lb2', 'ipvs-table', right.replace(/^ {2}-> 10.77.0.14.*\n/m, ''));
    world.requests('operator', { web1: 30 });
    const input = stage.input({ patience: 10 });
    const report = await verify({
      ...input,
      time: {
        now: () => stage.time.now(),
        sleep: (seconds) => {
          if (stage.time.now() === 3) world.answer('before', 'lb2', 'ipvs-table', right);
          if (stage.time.now() === 5) world.answer('during', 'operator', 'requests', requests);
          return stage.time.sleep(seconds);
        },
      },
    });
    expect(troubles(report.findings)).toEqual([]);
    expect(report).toMatchObject({ ok: true, attempts: 7, seconds: 6 });
    // Four times the table was not in order, twice the requests were not, then all was.
    expect(stage.place('operator').scripts).toHaveLength(3);
    expect(stage.place('lb2').scripts).toHaveLength(7 + 2 * 3);
    // Once at first, and not while it was a director that was waited for; then twice more, as requests went wrong.
    expect(stage.place('web1').scripts.filter((script) => script.includes('check-real-server-listens'))).toHaveLength(
      3,
    );
    expect(stage.dials).toBe(1);
  });

  it('reports the last look when patience is over, with every round', async () => {
    const stage = new Stage();
    stage.world.answer('before', 'lb2', 'ipvs-table', 'no table');
    const report = await verify(stage.input({ patience: 3 }));
    expect(report).toMatchObject({ ok: false, attempts: 4 });
    expect(report.findings.map(({ check }) => check)).toContain('requests');
    expect(stage.place('operator').scripts).toHaveLength(1);
  });

  it('goes on without a host that is lost on the way, and connects to it anew', async () => {
    const lost = { reason: 'link-lost', host: 'probe1', detail: 'the connection broke off', hint: '' } as const;
    const stage = new Stage(
      (where, standard) => (script) => (where === 'probe1' && script === 2 ? lost : standard(script)),
    );
    const report = await verify(stage.input({ patience: 5 }));
    expect(report).toMatchObject({ ok: true, attempts: 2 });
    expect(stage.dials).toBe(2);
    const once = new Stage(
      (where, standard) => (script) => (where === 'probe1' && script === 2 ? lost : standard(script)),
    );
    expect(troubles((await verify(once.input())).findings)).toEqual([
      'failed reachable probe1: the connection broke off',
    ]);
  });

  it('takes away what it left when it is interrupted, and says that it was', async () => {
    const stop = new AbortController();
    const stage = new Stage();
    const listen = (event: Event): void => {
      if (event.type === 'observed') stop.abort();
    };
    const report = await verify(stage.input({ signal: stop.signal, listen, patience: 60 }));
    expect(report).toMatchObject({ ok: false, interrupted: true, attempts: 1 });
    expect(stage.place('operator').scripts).toHaveLength(0);
    expect(stage.place('web1').scripts.at(-1)).toContain("rm -f -- '/var/www/shared/.lvsctl-verify-");
  });

  it('fails for what is critical, and for warnings when it is strict', async () => {
    const ending = async (severity: Check['severity'], strict: boolean): Promise<boolean> => {
      const [planned] = checks;
      if (!planned) throw new Error('there are no checks');
      const failing: Check = {
        ...planned,
        severity,
        judge: (evidence) => [
          ...planned.judge(evidence),
          { check: 'x', where: 'lb1', status: 'failed', title: 't', expected: 'e', seen: 's', look: 'l' },
        ],
      };
      return (await verify(new Stage().input({ checks: [failing], strict }))).ok;
    };
    expect(await Promise.all([ending('critical', false), ending('warning', false), ending('info', true)])).toEqual([
      false,
      true,
      true,
    ]);
    expect(await ending('warning', true)).toBe(false);
  });

  it('reports the checks that are wanted only', async () => {
    const report = await verify(new Stage().input({ wanted: new Set(['vip-holder']) }));
    expect([...new Set(report.findings.map(({ check }) => check))]).toEqual(['vip-holder']);
    expect(report.sight.vips).toEqual([{ vip: '10.77.0.100', holders: ['lb1'] }]);
  });

  it('takes away what it left when patience ends in a bug', async () => {
    const stage = new Stage();
    const broken: Check = {
      name: 'broken',
      severity: 'info',
      proves: 'nothing',
      why: 'A bug.',
      runs: 'nowhere',
      reads: 'it cannot be read',
      mend: 'mend the bug',
      section: () => undefined,
      judge: () => {
        throw new Error('a bug');
      },
    };
    await expect(verify(stage.input({ checks: [...checks, broken] }))).rejects.toThrow('a bug');
    expect(stage.place('web1').scripts.at(-1)).toContain('rm -f --');
    expect(stage.place('web1').closed).toBe(true);
  });

  it('gives a round with many requests more time, within bounds', async () => {
    const stage = new Stage();
    await verify(stage.input());
    expect(stage.place('operator').deadlines).toEqual([90]);
    const many = new Stage();
    const busy = { ...cluster, verify: { ...cluster.verify, requests: 1000 } };
    await verify(many.input({ cluster: busy }));
    expect(many.place('operator').deadlines).toEqual([900]);
  });

  it('is ok where all that was judged is a warning, and not where nothing could be judged', async () => {
    const judging = async (status: Finding['status']): Promise<boolean> => {
      const one = { check: 'x', where: 'lb1', status, title: 't', expected: 'e', seen: 's', look: 'l' };
      const check: Check = { ...vipHolder, severity: 'warning', judge: () => [one] };
      return (await verify(new Stage().input({ checks: [check] }))).ok;
    };
    expect([await judging('failed'), await judging('unknown')]).toEqual([true, false]);
  });

  it('is ok where nothing that was picked is there to be judged, but not where no host was', async () => {
    const none: Check = { ...vipHolder, judge: () => [] };
    expect(await verify(new Stage().input({ checks: [none] }))).toMatchObject({ ok: true, findings: [] });
    expect(await verify(new Stage().input({ checks: [none], desired: [] }))).toMatchObject({ ok: false });
  });

  it('is not ok when there was nothing to prove', async () => {
    const stage = new Stage();
    expect(await verify(stage.input({ desired: [], checks: [] }))).toMatchObject({ ok: false, hosts: [] });
  });
});
