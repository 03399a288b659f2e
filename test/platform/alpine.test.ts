import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { alpine } from '../../src/platform/alpine.ts';
import { desiredHost, type DesiredHost } from '../../src/roles/index.ts';
import { createRender } from '../../src/templates/render.ts';
import { Box } from '../support/box.ts';
import { loadDr } from '../support/dr.ts';

const cluster = await loadDr();
let box: Box;
beforeEach(async () => {
  box = await Box.open('alpine');
});
afterEach(() => box.close());

function wish(name: string): DesiredHost {
  const host = cluster.hosts.find((one) => one.name === name);
  if (!host) throw new Error(`there is no ${name}`);
  return desiredHost(cluster, { ...host, platform: 'alpine' }, alpine, createRender(undefined));
}

describe('with BusyBox and OpenRC', () => {
  test.each(['lb1', 'web1', 'nas1'])(
    '%s is brought to what the inventory wants, and then needs nothing more',
    async (name) => {
      const done = box.do(await box.steps(wish(name), 'ash'), 'ash');
      expect(done.output).not.toMatch(/not found|syntax|unrecognized|invalid option|there is no/);
      expect(done, done.output).toMatchObject({ code: 0 });
      expect((await box.steps(wish(name), 'ash')).map(({ resource }) => resource)).toEqual([]);
    },
  );

  test('a service that crashed is started again, and one that runs is reloaded for its file', async () => {
    box.do(await box.steps(wish('web1'), 'ash'), 'ash');
    box.did();
    box.must('mkdir -p /run/box/crashed; : >/run/box/crashed/nginx');
    expect(box.do(await box.steps(wish('web1'), 'ash'), 'ash')).toMatchObject({ code: 0 });
    expect(box.did()).toContain('started nginx');
    box.must('echo "# x" >>/etc/nginx/http.d/www.conf');
    expect(box.do(await box.steps(wish('web1'), 'ash'), 'ash')).toMatchObject({ code: 0 });
    expect(box.did().filter((line) => line.endsWith(' nginx'))).toEqual(['reloaded nginx']);
  });

  test('a package that there is not is found out before anything is changed', async () => {
    box.must('echo keepalived >/run/box/unknown');
    const steps = await box.steps(wish('lb1'), 'ash');
    const done = box.do(steps.slice(0, 1), 'ash');
    expect(done.code).toBe(1);
    expect(done.output).toContain('keepalived (no such package)');
  });

  test('what fails is undone', async () => {
    box.must('mkdir -p /etc/keepalived; echo old >/etc/keepalived/keepalived.conf; : >/run/box/keepalived-refuses');
    const before = box.snapshot('/etc/keepalived');
    const steps = (await box.steps(wish('lb1'), 'ash')).filter(({ resource }) => resource.includes('keepalived.conf'));
    const failing = [
      ...steps,
      { ...steps[0], resource: 'x', action: 'run', summary: 'x', impact: 'none', sh: 'false', undo: ':' } as const,
    ];
    expect(box.do(failing, 'ash').code).toBe(1);
    expect(box.snapshot('/etc/keepalived')).toBe(before);
  });
});
