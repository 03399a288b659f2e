import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { debian } from '../../src/platform/debian.ts';
import { kernelModule } from '../../src/resources/kernel-module.ts';
import { Box } from '../support/box.ts';
import { shells } from '../support/sh.ts';
import { failing } from '../support/steps.ts';

let box: Box;
beforeAll(async () => {
  box = await Box.open();
});
beforeEach(() => {
  box.must('rm -rf /sys/module/* /srv/modules; mkdir /sys/module/ip_vs');
});
afterAll(() => box.close());

const module = (name: string) => ({ kind: 'kernel-module', module: name }) as const;

describe.each(shells)('in %s, a kernel module', (shell) => {
  test('that is loaded needs nothing, one that is not is loaded, and taken out again when a later step fails', async () => {
    const wishes = [module('ip_vs'), module('ip_vs_wrr'), module('nf-conntrack')];
    const steps = await box.steps(wishes, shell);
    expect(steps.map(({ resource }) => resource)).toEqual(['kernel-module ip_vs_wrr', 'kernel-module nf-conntrack']);
    expect(box.do([...steps, failing], shell).code).toBe(1);
    expect(box.must('ls /sys/module')).toBe('ip_vs\n');
    expect(box.do(steps, shell)).toMatchObject({ code: 0, output: '' });
    expect(await box.steps(wishes, shell)).toEqual([]);
  });

  test('that is built into the kernel is there', () => {
    const modules = ['ip_vs_wrr', 'vs_wrr', 'ip_vs_wr'].map(module);
    box.must(
      'mkdir -p "/srv/modules/$(uname -r)"; ' +
        'echo kernel/net/netfilter/ipvs/ip_vs_wrr.ko >"/srv/modules/$(uname -r)/modules.builtin"',
    );
    const probe = kernelModule.probe(modules, debian).replace('/lib/modules', '/srv/modules');
    const seen = kernelModule.read(box.run(probe, shell).stdout, modules);
    expect([...seen.values()]).toEqual(['loaded', 'absent', 'absent']);
  });

  test('that the running kernel does not have is told from one that is not loaded', () => {
    const modules = ['ip_vs_wrr', 'ip_vs_twos', 'nf-conntrack', 'sctp'].map(module);
    box.must(
      'folder="/srv/modules/$(uname -r)"; mkdir -p "$folder"; : >"$folder/modules.builtin"; ' +
        "printf '%s\\n' 'kernel/net/netfilter/ipvs/ip_vs_wrr.ko.xz: kernel/net/netfilter/ipvs/ip_vs.ko.xz' 'kernel/net/netfilter/ipvs/ip_vs_rr.ko:' 'kernel/nf-conntrack.ko:' >\"$folder/modules.dep\"",
    );
    const probe = kernelModule.probe(modules, debian).replace('/lib/modules', '/srv/modules');
    const seen = kernelModule.read(box.run(probe, shell).stdout, modules);
    expect([...seen.values()]).toEqual(['absent', { similar: ['ip_vs_rr', 'ip_vs_wrr'] }, 'absent', { similar: [] }]);
  });

  test('that does not exist is a failure with the reason', async () => {
    const done = box.do(await box.steps([module('missing_one')], shell), shell);
    expect(done.code).toBe(1);
    expect(done.output).toContain('Module missing_one not found');
  });
});
