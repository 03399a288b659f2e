import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { file, sha256, type FileResource, type FileState } from '../../src/resources/file.ts';
import type { Step } from '../../src/resources/resource.ts';
import { quote } from '../../src/ssh/quote.ts';
import { Box } from '../support/box.ts';
import { shells, type Shell } from '../support/sh.ts';
import { failing } from '../support/steps.ts';
import { unchanging } from '../support/context.ts';

const path = '/srv/app/site.conf';

function wish(more: Partial<FileResource> = {}): FileResource {
  return { kind: 'file', path, content: 'one\ntwo\n', mode: '0644', owner: 'root', group: 'root', ...more };
}

let box: Box;
beforeAll(async () => {
  box = await Box.open();
});
beforeEach(() => {
  box.must('rm -rf /srv/app; mkdir /srv/app');
});
afterAll(() => box.close());

/** What may be at the path before, and what is planned then. */
const befores: readonly [what: string, sh: string, action: Step['action'] | undefined, summary: string][] = [
  ['nothing', ':', 'create', '0644 root:root, 2 lines'],
  ['the very file', `printf 'one\\ntwo\\n' >${path}`, undefined, ''],
  ['other text', `echo other >${path}`, 'update', 'content'],
  ['an empty file', `: >${path}`, 'update', 'content'],
  ['text without its last line end', `printf 'one\\ntwo' >${path}`, 'update', 'content'],
  ['other bytes', `printf '\\000\\377' >${path}`, 'update', 'content (was not text)'],
  ['far too much', `head -c 300000 /dev/zero | tr '\\000' x >${path}`, 'update', 'content (was not text)'],
  ['another mode', `printf 'one\\ntwo\\n' >${path}; chmod 0600 ${path}`, 'update', 'mode 0600 → 0644'],
  ['a set-user-id bit', `printf 'one\\ntwo\\n' >${path}; chmod 4644 ${path}`, 'update', 'mode 4644 → 0644'],
  [
    'another owner',
    `printf 'one\\ntwo\\n' >${path}; chown daemon:mail ${path}`,
    'update',
    'owner daemon:mail → root:root',
  ],
  [
    'an owner without a name',
    `printf 'one\\ntwo\\n' >${path}; chown 4711:4711 ${path}`,
    'update',
    'owner UNKNOWN:UNKNOWN → root:root',
  ],
  [
    'a symbolic link to the same text',
    `printf 'one\\ntwo\\n' >/srv/app/real; ln -s real ${path}`,
    'create',
    '0644 root:root, 2 lines, replaces a symbolic link',
  ],
  [
    'a symbolic link to nothing',
    `ln -s nothing ${path}`,
    'create',
    '0644 root:root, 2 lines, replaces a symbolic link',
  ],
  [
    'a symbolic link to a folder',
    `mkdir /srv/app/folder; ln -s folder ${path}`,
    'create',
    '0644 root:root, 2 lines, replaces a symbolic link',
  ],
  ['an empty folder', `mkdir ${path}; chmod 0750 ${path}`, 'create', '0644 root:root, 2 lines, replaces a directory'],
  ['a pipe', `mkfifo ${path}`, 'create', '0644 root:root, 2 lines, replaces a fifo'],
];

/** All of `befores` at once, each in a folder of its own: what is planned, undone, done, and planned after that. */
async function tryAll(shell: Shell, content: string | undefined) {
  const wishes = befores.map((_, index) => wish({ path: `/srv/app/${index}/site.conf`, content }));
  const folders = befores.map(
    ([, sh], index) => `mkdir /srv/app/${index}; ${sh.replaceAll('/srv/app', `/srv/app/${index}`)}`,
  );
  box.must(`rm -rf /srv/app; mkdir /srv/app\n${folders.join('\n')}`);
  const perFolder = (): string[] => {
    const all = box.snapshot('/srv/app').split('\n');
    return befores.map((_, index) => all.filter((line) => line.includes(`/srv/app/${index}/`)).join('\n'));
  };
  const before = perFolder();
  const steps = await box.steps(wishes, shell);
  const failed = box.do([...steps, failing], shell);
  const undone = perFolder();
  const done = box.do(steps, shell);
  const after = perFolder();
  const again = await box.steps(wishes, shell);
  const of = (list: readonly Step[], index: number): Step[] =>
    list.filter((step) => step.resource.includes(`/${index}/`));
  const cases = befores.map((_, index) => ({
    before: before[index],
    steps: of(steps, index),
    undone: undone[index],
    after: after[index],
    again: of(again, index),
  }));
  return { cases, failed, done };
}

describe.each(shells)('in %s, a file where there was', (shell) => {
  let wished: Awaited<ReturnType<typeof tryAll>>;
  let unwanted: Awaited<ReturnType<typeof tryAll>>;
  beforeAll(async () => {
    wished = await tryAll(shell, 'one\ntwo\n');
    unwanted = await tryAll(shell, undefined);
  }, 60_000);

  test.each(befores.map(([what, , action, summary], index) => ({ what, action, summary, index })))(
    '$what',
    ({ action, summary, index }) => {
      const one = wished.cases[index];
      expect(one?.steps.map((step) => [step.action, step.summary])).toEqual(
        action === undefined ? [] : [[action, summary]],
      );
      expect(one?.undone).toBe(one?.before);
      expect(one?.again).toEqual([]);
      expect(one?.after).toMatch(/site\.conf f 644 root:root /);
      expect(one?.after).toContain(`${sha256('one\ntwo\n')}  /srv/app/${index}/site.conf`);
      expect(one?.after).not.toContain('.lvsctl.');
    },
  );

  test.each(befores.map(([what], index) => ({ what, index })))('$what, which must not be there', ({ index }) => {
    const one = unwanted.cases[index];
    expect(one?.steps.map((step) => step.action)).toEqual(
      one?.before?.includes('site.conf') === true ? ['delete'] : [],
    );
    expect(one?.undone).toBe(one?.before);
    expect(one?.again).toEqual([]);
    expect(one?.after).not.toMatch(/site\.conf|\.lvsctl\./);
  });

  test('is dealt with without a word, and nothing of the run is left', () => {
    for (const { failed, done } of [wished, unwanted]) {
      expect(failed).toMatchObject({ code: 1, output: '' });
      expect(done).toMatchObject({ code: 0, output: '' });
    }
    expect(box.must('ls -A /var/lib/lvsctl')).toBe('manifest\n');
  });

  test.each([wish(), wish({ content: undefined })])(
    'a folder with something in it stays for a person to move',
    async (one) => {
      box.must(`mkdir ${path}; echo precious >${path}/data`);
      const before = box.snapshot('/srv/app');
      const done = box.do(await box.steps([one], shell), shell);
      expect(done.code).toBe(1);
      expect(done.output).toContain(`${path} is a folder that is not empty`);
      expect(box.snapshot('/srv/app')).toBe(before);
    },
  );
});

describe('a file', () => {
  test('goes through the script whatever its text is', async () => {
    const awkward = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc
        .array(
          fc.constantFrom(
            "'",
            '"',
            '`',
            '$(id)',
            '${HOME}',
            '\\',
            '\\n',
            '%s',
            '%%',
            '\r\n',
            '\n',
            '-n',
            '#',
            '!',
            '*',
            '€',
            '😀',
            '\t',
            ' ',
            'EOF',
            '\u0001',
            '\u007f',
          ),
        )
        .map((parts) => parts.join('')),
    );
    const texts = fc.array(
      awkward.map((text) => text.replaceAll('\0', '')),
      { minLength: 20, maxLength: 20 },
    );
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom(...shells), async (list, shell) => {
        box.must('rm -rf /srv/app; mkdir /srv/app');
        const wishes = list.map((content, index) => wish({ path: `/srv/app/${index}`, content }));
        expect(box.do(await box.steps(wishes, shell), shell)).toMatchObject({ code: 0, output: '' });
        const sums = list.map((content, index) => `${sha256(content)}  /srv/app/${index}`);
        expect(box.must('cd /srv/app; sha256sum $(ls | sort -n | sed "s,^,/srv/app/,")').trim().split('\n')).toEqual(
          sums,
        );
        expect(await box.steps(wishes, shell)).toEqual([]);
      }),
      { numRuns: 4, endOnFailure: true },
    );
  });

  test('may have any name', async () => {
    const names = ["it's", 'a b', '$(id)', '`id`', '-rf', '*', 'é', '"q"', '#', '%s', ';x'];
    const wishes = names.map((name) => wish({ path: `/srv/app/${name}` }));
    expect(box.do(await box.steps(wishes))).toMatchObject({ code: 0, output: '' });
    expect(box.must('ls -A /srv/app | wc -l').trim()).toBe(String(names.length));
    expect(await box.steps(wishes)).toEqual([]);
  });

  test.each(['é text\n', '', 'x', '\n\n', 'a\r\nb', '\ttab'])(
    'that differs is shown from what it was: %j',
    async (was) => {
      box.must(`printf '%s' ${quote(was)} >${path}`);
      const [step] = await box.steps([wish({ content: 'new' })]);
      for (const line of was.split('\n').filter(Boolean)) expect(step?.diff).toContain(`-${line}`);
      expect(step?.diff).toContain('+new');
    },
  );

  test('that its checker refuses is not put in place', async () => {
    box.must(`echo old >${path}`);
    const before = box.snapshot('/srv/app');
    const validate = 'grep -q two "$new" && { echo "no two here: ${new%/*}"; false; }';
    const done = box.do(await box.steps([wish({ validate })]));
    expect(done).toMatchObject({ code: 1, output: 'no two here: /srv/app' });
    expect(box.snapshot('/srv/app')).toBe(before);
  });

  test('is swapped before what has to follow, and that is done again after it was put back', async () => {
    box.must(`echo old >${path}`);
    const then = `cat ${path} >>/run/box/then`;
    box.do([...(await box.steps([wish({ then })])), failing]);
    expect(box.must('cat /run/box/then; rm /run/box/then')).toBe('one\ntwo\nold\n');
    box.do([...(await box.steps([wish({ content: undefined, then: 'echo gone >>/run/box/then' })])), failing]);
    expect(box.must('cat /run/box/then')).toBe('gone\ngone\n');
  });

  test('may belong to others, and with a mode of its own', async () => {
    const one = wish({ owner: 'daemon', group: 'mail', mode: '0460' });
    expect(box.do(await box.steps([one]))).toMatchObject({ code: 0, output: '' });
    expect(box.must(`stat -c '%a %U:%G' ${path}`)).toBe('460 daemon:mail\n');
    expect(await box.steps([one])).toEqual([]);
  });

  test('is readable by nobody else before it has its mode', async () => {
    const validate = 'stat -c %a "$new"; false';
    expect(box.do(await box.steps([wish({ validate })])).output).toBe('600');
  });

  test('whose folder is missing is a failure that leaves nothing', async () => {
    const done = box.do(await box.steps([wish({ path: '/srv/app/no/such/file' })]));
    expect(done.code).toBe(1);
    expect(done.output).toContain('/srv/app/no/such');
    expect(box.snapshot('/srv/app')).toBe('');
  });
});

describe('what a diff shows of a secret', () => {
  const seen = (content: string): FileState => ({ state: 'file', mode: '0644', owner: 'root', group: 'root', content });
  test('is neither the new nor the old one, and that something changed is told all the same', () => {
    const [step] = file.change(
      wish({ content: 'auth_pass new-one\n', mask: 'auth_pass' }),
      seen('auth_pass old-one\n'),
      unchanging,
    );
    expect(step).toMatchObject({ action: 'update', summary: 'content (a secret)' });
    expect(step).not.toHaveProperty('diff');
    const [other] = file.change(
      wish({ content: 'auth_pass new-one\nx\n', mask: 'auth_pass' }),
      seen('auth_pass old-one\n'),
      unchanging,
    );
    expect(other?.diff).toContain(' auth_pass ********\n+x');
    expect(JSON.stringify([step?.summary, other?.summary, other?.diff])).not.toMatch(/new-one|old-one/);
  });
});

describe('a file that a package may bring', () => {
  const bringing = { ...unchanging, changed: (ref: string) => ref === 'package all' };
  test('is taken away after the package came, and only then', () => {
    const one = wish({ content: undefined, broughtBy: 'package all' });
    expect(file.change(one, { state: 'absent' }, bringing)).toMatchObject([{ action: 'delete' }]);
    expect(file.change(one, { state: 'absent' }, unchanging)).toEqual([]);
    expect(file.change(wish({ content: undefined }), { state: 'absent' }, bringing)).toEqual([]);
  });
});
