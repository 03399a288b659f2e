import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kinds } from '../../src/resources/index.ts';
import type { Resource } from '../../src/resources/index.ts';
import { changing, unchanging } from '../support/context.ts';
import { wishedState } from '../support/wished.ts';

const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const path = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`);
const mode = fc.constantFrom('0644', '0640', '0600', '0755', '1777');
const family = fc.constantFrom(4 as const, 6 as const);
const words = fc.uniqueArray(word, { minLength: 1, maxLength: 4 });
const address = fc.oneof(fc.ipV4(), fc.constantFrom('fd00::1', '2001:db8::1:2'));

/** A resource of each kind, and states that the kind's `read` may give for a host on which it is not as wished. */
const kindsOfDrift: Record<Resource['kind'], fc.Arbitrary<{ resource: Resource; drift: unknown }>> = {
  address: fc
    .record({
      address,
      prefix: fc.integer({ min: 0, max: 32 }),
      other: fc.integer({ min: 33, max: 128 }),
      absent: fc.boolean(),
    })
    .map(({ address: one, prefix, other, absent }) => ({
      resource: { kind: 'address', interface: 'lo', address: one, prefix },
      drift: absent ? 'absent' : { prefix: other },
    })),
  directory: fc
    .record({
      path,
      mode,
      drift: fc.constantFrom(
        { state: 'absent' },
        { state: 'other', type: 'fifo' },
        { state: 'directory', mode: '4711' },
      ),
    })
    .map(({ drift, ...rest }) => ({ resource: { kind: 'directory', ...rest }, drift })),
  export: fc.record({ path, client: fc.ipV4(), options: words, keep: fc.nat() }).map(({ keep, ...rest }) => ({
    resource: { kind: 'export', ...rest },
    drift: keep % 2 === 0 ? 'absent' : rest.options.filter((_, index) => index !== keep % rest.options.length),
  })),
  file: fc
    .record({
      path,
      mode,
      content: fc.option(fc.string(), { nil: undefined }),
      drift: fc.constantFrom(
        { state: 'other', type: 'symbolic link' },
        { state: 'other', type: 'directory' },
        { state: 'file', mode: '4711', owner: 'root', group: 'root', content: undefined },
        { state: 'file', mode: '0644', owner: 'daemon', group: 'root', content: undefined },
        { state: 'file', mode: '0644', owner: 'root', group: 'mail', content: undefined },
        { state: 'file', mode: '0644', owner: 'root', group: 'root', content: 'unreadable' },
        { state: 'file', mode: '0644', owner: 'root', group: 'root', content: 'other' },
      ),
    })
    .map(({ drift, ...rest }) => ({ resource: { kind: 'file', owner: 'root', group: 'root', ...rest }, drift })),
  'firewall-opening': fc
    .record({
      value: fc.constantFrom('80/tcp', '30000-30100/udp'),
      drift: fc.constantFrom({ now: true, atBoot: false }, { now: false, atBoot: true }, { now: false, atBoot: false }),
    })
    .map(({ value, drift }) => ({ resource: { kind: 'firewall-opening', type: 'port', value }, drift })),
  'kernel-module': word.map((module) => ({ resource: { kind: 'kernel-module', module }, drift: 'absent' })),
  'masked-unit': word.map((unit) => ({
    resource: { kind: 'masked-unit', unit },
    drift: { masked: false, active: true },
  })),
  link: fc
    .record({ interface: word, type: fc.constantFrom('dummy' as const, 'brought' as const), absent: fc.boolean() })
    .map(({ absent, ...rest }) => ({
      resource: { kind: 'link', ...rest },
      drift: absent ? 'absent' : { up: false, type: rest.type === 'dummy' ? 'dummy' : 'gre' },
    })),
  'receive-port': fc.record({ family, port: fc.integer({ min: 1, max: 65_535 }) }).map((rest) => ({
    resource: { kind: 'receive-port', ...rest },
    drift: 'absent',
  })),
  route: fc
    .record({ family, table: fc.option(fc.nat(), { nil: undefined }), gateway: address, other: fc.boolean() })
    .map(({ other, ...rest }) => ({
      resource: { kind: 'route', destination: 'default', interface: 'eth1', ...rest },
      drift: other ? [{ line: 'default dev eth0', gateway: undefined, interface: 'eth0', metric: 0 }] : [],
    })),
  'routing-rule': fc.record({ family, from: address, table: fc.nat() }).map((rest) => ({
    resource: { kind: 'routing-rule', ...rest },
    drift: 'absent',
  })),
  'segment-size': fc
    .record({ family, most: fc.integer({ min: 536, max: 1_460 }), none: fc.boolean() })
    .map(({ none, ...rest }) => ({
      resource: { kind: 'segment-size', ...rest },
      drift: [{ line: 'default dev eth0', most: none ? undefined : rest.most + 1 }],
    })),
  mount: fc
    .record({
      source: word,
      path,
      options: words,
      which: fc.constantFrom('nothing', 'source', 'fstab', 'not in fstab'),
    })
    .map(({ which, ...rest }) => {
      const resource = { kind: 'mount', type: 'nfs', ...rest } as const;
      const wished = wishedState(resource) as Readonly<Record<string, unknown>>;
      const drifts = {
        nothing: { mounted: undefined, fstab: undefined },
        source: { ...wished, mounted: { source: 'other:/x', type: 'nfs', options: 'rw' } },
        fstab: { ...wished, fstab: `other:/x ${rest.path} nfs ro 0 0` },
        'not in fstab': { ...wished, fstab: undefined },
      };
      return { resource, drift: drifts[which] };
    }),
  package: fc.record({ present: words, unwanted: fc.boolean() }).map(({ present, unwanted }) => ({
    resource: { kind: 'package', present, absent: ['zzz'], later: [] },
    drift: unwanted
      ? { installed: new Map([...present, 'zzz'].map((name) => [name, '1'])), candidates: new Map() }
      : { installed: new Map(present.slice(1).map((name) => [name, '1'])), candidates: new Map() },
  })),
  'packet-marks': path.map((script) => ({
    resource: { kind: 'packet-marks', script, unit: 'x.service' },
    drift: 'changed',
  })),
  'selinux-boolean': word.map((boolean) => ({ resource: { kind: 'selinux-boolean', boolean }, drift: 'off' })),
  service: fc
    .record({
      unit: word,
      file: path,
      drift: fc.constantFrom({ active: 'failed' }, { active: 'inactive' }, { enabled: false }, { owed: ['/x'] }),
    })
    .map(({ unit, file, drift }) => ({
      resource: {
        kind: 'service',
        unit: `${unit}.service`,
        reloadOn: [`file ${file}`],
        restartOn: [],
        configuration: [file],
      },
      drift: { loaded: true, active: 'active', enabled: true, owed: [], ...drift },
    })),
  sysctl: fc
    .record({
      key: fc.constantFrom('net.ipv4.ip_forward', 'net.ipv4.conf.eth0.arp_ignore'),
      value: fc.nat({ max: 9 }),
      by: fc.integer({ min: 1, max: 9 }),
    })
    .map(({ key, value, by }) => ({
      resource: { kind: 'sysctl', key, value: String(value) },
      drift: { own: String(value + by), effective: String(value + by) },
    })),
};

describe.each(Object.entries(kindsOfDrift))('%s', (kind, arbitrary) => {
  const its = kinds[kind as Resource['kind']];

  test('as wished needs nothing, whatever else changes that it does not look at', () => {
    fc.assert(
      fc.property(arbitrary, ({ resource }) => {
        expect(its.change(resource, wishedState(resource), unchanging)).toEqual([]);
        expect(its.change(resource, wishedState(resource), changing('file /unrelated'))).toEqual([]);
      }),
    );
  });

  test('not as wished is changed, with words, and nothing it changes by the way is without an undo', () => {
    fc.assert(
      fc.property(arbitrary, ({ resource, drift }) => {
        const steps = its.change(resource, drift, unchanging);
        expect(steps.length).toBeGreaterThan(0);
        for (const step of steps) {
          expect(step.summary).not.toBe('');
          expect(step.summary).not.toMatch(/undefined|null|NaN|\[object/);
          expect(step.sh).not.toMatch(/undefined|\[object/);
          if (step.undo === undefined) expect(step.settle !== undefined || kind === 'package').toBe(true);
        }
      }),
    );
  });

  test('that could not be read is planned all the same', () => {
    fc.assert(
      fc.property(arbitrary, ({ resource }) => {
        const gone = resource.kind === 'file' && resource.content === undefined;
        expect(its.change(resource, undefined, unchanging).length > 0).toBe(!gone);
      }),
    );
  });

  test('decides the same each time, and its probe is the same for equal resources', () => {
    fc.assert(
      fc.property(arbitrary, ({ resource, drift }) => {
        expect(its.change(resource, drift, unchanging)).toEqual(its.change(resource, drift, unchanging));
        expect(its.probe([resource], unchanging.platform)).toBe(
          its.probe([structuredClone(resource)], unchanging.platform),
        );
        expect(its.name(resource)).toBe(its.name(structuredClone(resource)));
      }),
    );
  });
});
