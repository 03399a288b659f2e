import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { service, type ServiceResource, type ServiceState } from '../../src/resources/service.ts';
import { Box } from '../support/box.ts';
import { shells } from '../support/sh.ts';
import { changing, unchanging } from '../support/context.ts';
import { failing } from '../support/steps.ts';

const conf = '/etc/app/app.conf';
const wish: ServiceResource = {
  kind: 'service',
  unit: 'app.service',
  reloadOn: [`file ${conf}`],
  restartOn: ['file /etc/default/app'],
  configuration: [conf],
};
const running: ServiceState = { loaded: true, active: 'active', enabled: true, owed: [] };

describe('what is done with a service that is', () => {
  const cases: readonly [
    what: string,
    seen: Partial<ServiceState> | undefined,
    changed: readonly string[],
    steps: readonly string[],
  ][] = [
    ['as wished', {}, [], []],
    ['as wished, when something else changes', {}, ['file /etc/other'], []],
    ['not known yet', undefined, [], ['update enable at boot (none)', 'update start (none)']],
    [
      'not known yet, with its file to come',
      undefined,
      [`file ${conf}`],
      ['update enable at boot (none)', 'update start (none)'],
    ],
    ['stopped', { active: 'inactive' }, [], ['update start (none)']],
    ['failed', { active: 'failed' }, [], ['update start (it had failed) (none)']],
    ['about to stop', { active: 'deactivating' }, [], ['update start (none)']],
    ['disabled', { enabled: false }, [], ['update enable at boot (none)']],
    ['to get a new file', {}, [`file ${conf}`], [`run reload for ${conf} (reload)`]],
    [
      'to get a new file while it reloads',
      { active: 'reloading' },
      [`file ${conf}`],
      [`run reload for ${conf} (reload)`],
    ],
    [
      'disabled and to get a new file',
      { enabled: false },
      [`file ${conf}`],
      ['update enable at boot (none)', `run reload for ${conf} (reload)`],
    ],
    ['owed a reload', { owed: [conf] }, [], [`run reload owed for ${conf} (reload)`]],
    ['owed a reload and to get a new file', { owed: [conf] }, [`file ${conf}`], [`run reload for ${conf} (reload)`]],
    [
      'in need of a restart',
      {},
      ['file /etc/default/app', `file ${conf}`],
      [`run restart for /etc/default/app, ${conf} (interrupt)`],
    ],
  ];
  test.each(cases)('%s', (_what, seen, changed, expected) => {
    const state = seen && { ...running, ...seen };
    const steps = service.change(wish, state, changing(...changed));
    expect(steps.map(({ action, summary, impact }) => `${action} ${summary} (${impact})`)).toEqual(expected);
  });

  test('never restarted for a configuration that it reloads', () => {
    for (const seen of [running, { ...running, owed: [conf] }, { ...running, active: 'failed' }, undefined]) {
      for (const { sh, settle } of service.change(wish, seen, changing(`file ${conf}`))) {
        expect(`${sh}\n${settle ?? ''}`).not.toMatch(/systemctl (restart|stop|try-restart)/);
      }
    }
  });
});

describe('what systemd says', () => {
  const show = (more: Readonly<Record<string, string>> = {}): string =>
    Object.entries({
      LoadState: 'loaded',
      ActiveState: 'active',
      UnitFileState: 'enabled',
      ActiveEnterTimestamp: '@1000',
      ...more,
    })
      .map(([key, value]) => `${key}=${value}\n`)
      .join('');
  const stamp = 'changed 2000 /run/lvsctl/loaded/app.service\n';
  const cases: readonly [what: string, output: string, expected: ServiceState | undefined][] = [
    ['it runs', show(), running],
    [
      'there is no such unit',
      show({ LoadState: 'not-found', ActiveState: 'inactive', UnitFileState: '', ActiveEnterTimestamp: '' }),
      { loaded: false, active: 'inactive', enabled: false, owed: [] },
    ],
    [
      'it is enabled until the next boot only',
      show({ UnitFileState: 'enabled-runtime' }),
      { ...running, enabled: false },
    ],
    [
      'it is masked',
      show({ LoadState: 'masked', UnitFileState: 'masked' }),
      { ...running, loaded: false, enabled: false },
    ],
    ['its file is older than its start', `${show()}\nchanged 999 ${conf}\n`, running],
    ['its file is newer than its start', `${show()}\nchanged 1001 ${conf}\n`, { ...running, owed: [conf] }],
    [
      'its file is newer than its last reload',
      `${show()}\n${stamp}changed 2001 ${conf}\n`,
      { ...running, owed: [conf] },
    ],
    ['its file is older than its last reload', `${show()}\n${stamp}changed 1999 ${conf}\n`, running],
    [
      'it was started after the last reload that we did',
      `${show({ ActiveEnterTimestamp: '@3000' })}\n${stamp}changed 2500 ${conf}\n`,
      running,
    ],
    [
      'it never ran',
      `${show({ ActiveState: 'inactive', ActiveEnterTimestamp: '' })}\nchanged 5 ${conf}\n`,
      { ...running, active: 'inactive' },
    ],
    ['nothing at all', '', undefined],
  ];
  test.each(cases)('%s', (_what, output, expected) => {
    expect(service.read(output, [wish]).get('app.service')).toEqual(expected);
  });

  test('of several units is told apart', () => {
    const units = ['a.service', 'b.service', 'c.service'].map((unit) => ({ ...wish, unit }));
    const output = [show(), show({ ActiveState: 'failed' }), show({ UnitFileState: 'disabled' })].join('\n');
    const states = service.read(`${output}\n`, units);
    expect(units.map(({ unit }) => states.get(unit))).toEqual([
      running,
      { ...running, active: 'failed' },
      { ...running, enabled: false },
    ]);
  });
});

describe.each(shells)('in %s, on a host', (shell) => {
  let box: Box;
  beforeAll(async () => {
    box = await Box.open();
  });
  beforeEach(() => {
    box.must(
      `rm -rf /etc/app /run/lvsctl /run/box/units; mkdir -p /etc/app /run/box/units/app.service; echo x >${conf}; touch -d @5000 ${conf}
      cd /run/box/units/app.service; echo active >active; echo enabled >enabled; echo 6000 >since`,
    );
    box.did();
  });
  afterAll(() => box.close());

  const units = '/run/box/units/app.service';
  test.each([
    ['runs', ':', []],
    ['stopped', `echo inactive >${units}/active`, ['started app.service']],
    ['failed', `echo failed >${units}/active`, ['started app.service']],
    ['has a newer configuration', `touch -d @7000 ${conf}`, ['reloaded app.service']],
    ['has a configuration from the future', `touch -d @4000000000 ${conf}`, ['reloaded app.service']],
    ['is disabled', `echo disabled >${units}/enabled`, []],
  ])('a service that %s is brought to run, once', async (_what, sh, expected) => {
    box.must(sh);
    expect(box.do(await box.steps([wish], shell), shell)).toMatchObject({ code: 0, output: '' });
    expect(box.did()).toEqual(expected);
    expect(await box.steps([wish], shell)).toEqual([]);
  });

  test('a service that was reloaded, and reloaded again with what was put back', async () => {
    const wishes = [
      { kind: 'file', path: conf, content: 'new\n', mode: '0644', owner: 'root', group: 'root' } as const,
      wish,
    ];
    box.must(`printf '#!/bin/sh\\ncat ${conf} >>/run/box/loads\\n' >/run/box/check; chmod +x /run/box/check`);
    const steps = await box.steps([...wishes.slice(0, 1), { ...wish, ready: '/run/box/check' }], shell);
    expect(box.do([...steps, failing], shell).code).toBe(1);
    expect(box.must('cat /run/box/loads; rm /run/box/loads')).toBe('new\nx\n');
    expect(box.did()).toEqual(['reloaded app.service', 'reloaded app.service']);
    expect((await box.steps([wish], shell)).map(({ summary }) => summary)).toEqual([]);
  });

  test('a service that does not start shows its journal, and is not left half started', async () => {
    box.must(`echo inactive >${units}/active; : >${units}/broken`);
    const done = box.do(await box.steps([wish], shell), shell);
    expect(done.code).toBe(1);
    expect(done.output).toContain('the journal of');
    expect(box.must(`cat ${units}/active`)).toBe('inactive\n');
  });

  test('a service that ends after its restart shows its journal', async () => {
    box.must(`: >${units}/broken`);
    const wishes = [
      { kind: 'file', path: conf, content: 'new\n', mode: '0644', owner: 'root', group: 'root' } as const,
    ];
    const done = box.do(
      await box.steps([...wishes, { ...wish, reloadOn: [], restartOn: [`file ${conf}`] }], shell),
      shell,
    );
    expect(done.code).toBe(1);
    expect(done.output).toContain('the journal of');
  });

  test('a service whose unit has nothing that a boot starts it for is a failure that says so', async () => {
    box.must(`echo static >${units}/enabled`);
    const done = box.do(await box.steps([wish], shell), shell);
    expect(done.code).toBe(1);
    expect(done.output).toBe(
      'app.service is static and cannot be enabled: an [Install] section says what starts it at boot',
    );
  });

  test('a service that does not do its work is a failure', async () => {
    box.must(`echo inactive >${units}/active`);
    const steps = await box.steps([{ ...wish, ready: 'echo "no answer yet"; false' }], shell);
    const done = box.do(
      steps.map((step) => ({ ...step, sh: step.sh.replace('patiently 30', 'patiently 1') })),
      shell,
    );
    expect(done).toMatchObject({ code: 1, output: 'no answer yet' });
  });
});

test('without systemd nothing is known, and everything is planned', () => {
  expect(service.change(wish, service.read('\n', [wish]).get('app.service'), unchanging)).toHaveLength(2);
});
