import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { checks as allChecks } from '../../src/verify/checks/index.ts';
import { manuals } from '../../src/verify/manual.ts';
import { faults, impossible } from './verify-faults.ts';
import { bootApplied, type World } from './support.ts';

let world: World;
const inventory = join(import.meta.dirname, 'verify.yaml');

beforeAll(async () => {
  world = await bootApplied(inventory);
});
afterAll(async () => {
  await world.close();
});

interface Document {
  readonly ok: boolean;
  readonly findings: readonly { check: string; where: string; status: string; seen: string }[];
}

/** What verify finds with these statuses, as `CHECK at WHERE`. */
async function found(
  args: readonly string[],
  statuses: readonly string[],
): Promise<{ code: number; names: string[]; text: string }> {
  const { code, stdout, stderr } = await world.lvsctl(['verify', '--json', ...args]);
  const { findings } = JSON.parse(stdout) as Document;
  const bad = findings.filter(({ status }) => statuses.includes(status));
  const names = [...new Set(bad.map(({ check, where }) => `${check} at ${where}`))].sort();
  return { code, names, text: `${stderr}${bad.map((one) => JSON.stringify(one)).join('\n')}` };
}

/** All is well in the end: keepalived and HAProxy take a moment to see that a fault is gone. */
async function healthy(): Promise<void> {
  for (let left = 8; ; left -= 1) {
    const { code, names, text } = await found([], ['failed', 'unknown']);
    if (code === 0 && names.length === 0) return;
    if (left === 0) throw new Error(`exit code ${code}: ${text}`);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
  }
}

/** Runs lines on their hosts: those of a host one after the other. */
async function onHosts(lines: readonly (readonly [host: string, line: string])[]): Promise<void> {
  const hosts = [...new Set(lines.map(([host]) => host))];
  await Promise.all(
    hosts.map(async (host) => {
      const its = lines.filter(([where]) => where === host).map(([, line]) => `{ ${line}\n}`);
      await world.on(host, its.join(' && '));
    }),
  );
}

/** What is found of hosts before any check is made. */
const before = new Set(manuals.map(({ name }) => name).filter((name) => !allChecks.some((one) => one.name === name)));

test('every check has a fault that can be planted, or a reason why it has none', () => {
  const tried = faults.flat().flatMap(({ finds }) => finds.map((one) => one.split(' ')[0] ?? ''));
  const missing = manuals.map(({ name }) => name).filter((name) => !tried.includes(name) && !impossible.has(name));
  expect(missing).toEqual([]);
  expect([...impossible.keys()].filter((name) => tried.includes(name))).toEqual([]);
});

test('finds nothing wrong with a healthy cluster, three times', async () => {
  for (let run = 0; run < 3; run += 1) {
    const { code, names, text } = await found([], ['failed', 'unknown']);
    expect([code, names], text).toEqual([0, []]);
  }
});

test.each(faults.map((group, index) => [index + 1, group] as const))(
  'finds each fault of group %i, where it is',
  async (_number, group) => {
    const expected = [...new Set(group.flatMap(({ finds }) => finds))].sort();
    const checks = [...new Set(expected.map((one) => one.split(' ')[0] ?? ''))];
    // Those that come before all checks are made whatever is picked.
    const asked = checks.filter((name) => !before.has(name));
    await onHosts(group.flatMap(({ plant }) => plant));
    for (const { until = [] } of group) for (const [host, line] of until) await world.eventually(host, line, 60);
    const { code, names, text } = await found(['--strict', '--only', asked.join(',')], ['failed']);
    await onHosts([...group].reverse().flatMap(({ mend }) => mend));
    const byChance = group.flatMap(({ mayFind = [] }) => mayFind);
    expect(
      names.filter((one) => !byChance.includes(one)),
      text,
    ).toEqual(expected);
    expect(code).toBe(names.some((one) => one.startsWith('reachable')) ? 3 : 1);
  },
);

test('holds again once all are taken away', async () => {
  await healthy();
});

test('a certificate that ends soon is a warning', async () => {
  const [key, certificate] = [join(world.folder, 'short.key'), join(world.folder, 'short.crt')];
  const kind = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=proof -days 3';
  const files = ['-keyout', key, '-out', certificate];
  const made = await world.run(['openssl', ...kind.split(' '), ...files]);
  expect(made.code, made.stderr).toBe(0);
  const text = await readFile(inventory, 'utf8');
  const soon = join(world.folder, 'soon.yaml');
  await writeFile(
    soon,
    text.replace(/certificate: \S+,/, `certificate: ${certificate},`).replace(/key: \S+ \}/, `key: ${key} }`),
  );
  const args = ['-i', soon, '--only', 'certificates'];
  expect(await found(args, ['failed'])).toMatchObject({
    code: 0,
    names: ['certificates at web1', 'certificates at web2'],
  });
});

test('judges nothing where the cluster has nothing of the kind, and says so', async () => {
  const { code, stdout } = await world.lvsctl(['verify', '--only', 'certificates', '--limit', 'nas1']);
  expect([code, stdout]).toEqual([0, expect.stringContaining('Judged nothing.')]);
});
