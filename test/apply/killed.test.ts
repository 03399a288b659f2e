import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keepLockScript } from '../../src/apply/lock.ts';
import { applyScript } from '../../src/apply/script.ts';
import { takeBackScript } from '../../src/apply/undo.ts';
import { Box } from '../support/box.ts';
import { makeService, makeShop, makeSite, wishesOf } from '../support/cluster.ts';
import { holder } from '../support/run.ts';

const nonce = 'f00dfacef00dfacef00dface';
const place = { holder, stage: 'base', position: 0 } as const;

/** Files that a run of lvsctl deals with: one is new, one is changed, one keeps its text and gets another mode, one goes. */
const old = `printf 'old text\\n' >/srv/app/changed; printf 'same\\n' >/srv/app/mode; chmod 0600 /srv/app/mode; printf 'goes\\n' >/srv/app/gone`;
const wished = [
  { kind: 'file', path: '/srv/app/new', content: 'new file\n', mode: '0644', owner: 'root', group: 'root' },
  {
    kind: 'file',
    path: '/srv/app/changed',
    content: 'new text\nof two lines\n',
    mode: '0640',
    owner: 'root',
    group: 'root',
  },
  { kind: 'file', path: '/srv/app/mode', content: 'same\n', mode: '0644', owner: 'root', group: 'root' },
  { kind: 'absent', path: '/srv/app/gone' },
] as const;

/** What each file may be: as it was, or as it is wished. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  new: ['-', 'new file\n 644'],
  changed: ['old text\n 644', 'new text\nof two lines\n 640'],
  mode: ['same\n 600', 'same\n 644'],
  gone: ['goes\n 644', '-'],
};

describe('a script that is killed after any of its commands', () => {
  let box: Box;
  let steps: Awaited<ReturnType<Box['steps']>>;
  beforeAll(async () => {
    box = await Box.open();
    box.must(`mkdir -p /srv/app; ${old}`);
    const files = wished.filter((one) => one.kind === 'file');
    const gone = `keep /srv/app/gone\nrm -f -- /srv/app/gone`;
    steps = [
      ...(await box.steps(files)),
      {
        resource: 'file /srv/app/gone',
        action: 'delete',
        summary: 'goes',
        impact: 'none',
        sh: gone,
        undo: 'put_back /srv/app/gone',
      },
    ];
    expect(steps).toHaveLength(4);
  });
  afterAll(() => box.close());

  const states = (): Record<string, string> =>
    Object.fromEntries(
      Object.keys(allowed).map((name) => [
        name,
        box.must(
          `cd /srv/app; if [ -e ${name} ]; then cat ${name}; stat -c ' %a' ${name} | tr -d '\\n'; else printf -; fi`,
        ),
      ]),
    );
  const begin = (): void => {
    box.must(`rm -rf /srv/app /var/lib/lvsctl /run/lvsctl; mkdir -p /srv/app; ${old}`);
  };
  /** Runs the stage and kills it, whichever of its shells is at work, before its command of that number. */
  const killedAt = (number: number): number => {
    const trap = `set -T; done_so_far=0; trap '[ $((done_so_far += 1)) -lt ${number} ] || { kill -9 $$ $BASHPID; }' DEBUG`;
    return box.run(`${trap}\n${applyScript(steps, nonce, place)}`, 'bash').code;
  };

  // Each command of the main shell is counted, and in each step's own shell those before it and its own.
  test('leaves each file as it was or as it is wished, never a third; what comes after finishes either way', () => {
    let number = 0;
    let code = -1;
    let killed = 0;
    const seen = new Set<string>();
    while (code !== 0) {
      number += number < 120 ? 3 : 7;
      expect(number).toBeLessThan(2000);
      begin();
      code = killedAt(number);
      if (code !== 0) killed += 1;
      const now = states();
      for (const [name, state] of Object.entries(now))
        expect(allowed[name], `${name} after ${number}`).toContain(state);
      seen.add(JSON.stringify(now));
      if (number % 2 === 0) {
        // The way back, as it is asked for over a fresh connection.
        box.run(takeBackScript(holder.run, nonce));
        expect(Object.values(states()), `taken back after ${number}`).toEqual(
          Object.values(allowed)
            .map(([first]) => first)
            .map((first, index) => (index === 3 ? 'goes\n 644' : first)),
        );
      }
      // The next run finds what is left and takes it away.
      const next = keepLockScript({ ...holder, run: 'bbbbbbbbbbbbbbbb' }, nonce).replace(
        'while [ -z "$over" ]; do',
        'while false; do',
      );
      box.run(next);
      expect(
        box.must('ls -A /srv/app | grep lvsctl || :; ls -A /var/lib/lvsctl | grep run- || :'),
        `left after ${number}`,
      ).toBe('');
    }
    expect(killed).toBeGreaterThan(20);
    // It was killed before, between and after the steps.
    expect(seen.size).toBeGreaterThanOrEqual(4);
  }, 120_000);
});

/** A director that gets another scheduler and a real server that gets another page: files, checks of the whole, reloads. */
describe.each(['lb1', 'web1'])('a whole stage of %s that is killed', (name) => {
  const web = ['web1', 'web2', 'web3'];
  const hostOf = (cluster: ReturnType<typeof makeShop>) => {
    const found = wishesOf(cluster).find(({ host }) => host.name === name);
    if (!found) throw new Error(`there is no ${name}`);
    return found;
  };
  const before = hostOf(makeShop());
  const after = hostOf(
    makeShop({
      services: [makeService(web, { scheduler: 'wlc' })],
      sites: [makeSite(web, { root: '/var/www/other' })],
    }),
  );
  const paths = [...before.resources, ...after.resources].flatMap(({ resource }) =>
    resource.kind === 'file' ? [resource.path] : [],
  );
  const kept = '/etc/keepalived /etc/nginx /etc/sysctl.d /etc/modules-load.d /etc/systemd/system /var/lib/lvsctl';
  let box: Box;
  let steps: Awaited<ReturnType<Box['steps']>>;

  /** How each file is: content and mode. */
  const files = (): Map<string, string> =>
    new Map(
      paths.map((path) => [
        path,
        box.must(`if [ -e ${path} ]; then stat -c '%a %U' ${path}; cat ${path}; else printf none; fi`),
      ]),
    );
  const asBefore = (): void => {
    box.must(`rm -rf ${kept} /run/lvsctl; cp -a /run/box/before/. /`);
  };

  beforeAll(async () => {
    box = await Box.open();
    box.must(`ip address add 10.77.0.${name === 'lb1' ? 11 : 1}/24 dev eth0`);
    const first = box.do(await box.steps(before));
    if (first.code !== 0) throw new Error(first.output);
    box.must(
      `mkdir /run/box/before; for one in ${kept}; do [ ! -e $one ] || cp -a --parents $one /run/box/before; done`,
    );
    steps = await box.steps(after);
    expect(steps.length).toBeGreaterThan(1);
  });
  afterAll(() => box.close());

  test('leaves every file as it was or as it is wished', () => {
    const old = files();
    expect(box.do(steps).code).toBe(0);
    const wished = files();
    expect(wished).not.toEqual(old);
    let killed = 0;
    const seen = new Set<string>();
    for (let number = 3, code = -1; code !== 0; number += 7) {
      expect(number).toBeLessThan(5000);
      asBefore();
      const trap = `set -T; so_far=0; trap '[ $((so_far += 1)) -lt ${number} ] || { kill -9 $$ $BASHPID; }' DEBUG`;
      code = box.run(`${trap}\n${applyScript(steps, nonce, place)}`, 'bash').code;
      if (code !== 0) killed += 1;
      const now = files();
      for (const [path, is] of now) expect([old.get(path), wished.get(path)], `${path} after ${number}`).toContain(is);
      seen.add(JSON.stringify([...now]));
      // The way back brings all of it back, wherever it was cut.
      box.run(takeBackScript(holder.run, nonce));
      expect(files(), `taken back after ${number}`).toEqual(old);
    }
    expect(killed).toBeGreaterThan(10);
    expect(seen.size).toBeGreaterThanOrEqual(2);
  }, 240_000);
});
