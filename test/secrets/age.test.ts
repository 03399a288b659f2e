import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { decryptText, encryptText, newIdentity, recipientsOf } from '../../src/secrets/age.ts';
import { identityFile, readIdentities } from '../../src/secrets/identity.ts';
import { sharedFolder } from './folder.ts';

const folder = sharedFolder();
let mine: Awaited<ReturnType<typeof newIdentity>>;
let other: Awaited<ReturnType<typeof newIdentity>>;

beforeAll(async () => {
  mine = await newIdentity();
  other = await newIdentity();
});

async function encrypted(text: string, ...recipients: string[]): Promise<string> {
  const done = await encryptText(text, recipients);
  if (!done.ok) throw new Error(done.error.message);
  return done.value;
}

describe('age', () => {
  test('what is encrypted for several, each can open, and others cannot', async () => {
    const third = await newIdentity();
    const text = await encrypted('pässword', mine.recipient, other.recipient);
    expect(text).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n[^]+\n-----END AGE ENCRYPTED FILE-----\n$/);
    expect(await decryptText(text, [mine.identity])).toEqual({ ok: true, value: 'pässword' });
    expect(await decryptText(text, [third.identity, other.identity])).toEqual({ ok: true, value: 'pässword' });
    expect(await decryptText(text, [third.identity])).toMatchObject({
      error: { message: expect.stringContaining('encrypted for others') as unknown },
    });
  });

  test('of the same text no two encryptions are alike', async () => {
    expect(await encrypted('a', mine.recipient)).not.toBe(await encrypted('a', mine.recipient));
  });

  test('a recipient is that of its identity', async () => {
    expect(await recipientsOf([mine.identity, other.identity])).toEqual([mine.recipient, other.recipient]);
  });

  test.each(['age1qqqq', 'ssh-ed25519 AAAA', 'AGE-SECRET-KEY-1QQ', ''])('%j is no recipient', async (recipient) => {
    expect((await encryptText('a', [recipient])).ok).toBe(false);
  });

  test('whatever is changed in it, it is refused and nothing is thrown', async () => {
    const text = await encrypted('a secret of some length, over more than a line of the armour', mine.recipient);
    await fc.assert(
      fc.asyncProperty(fc.nat(text.length - 1), fc.nat(3), fc.string({ maxLength: 3 }), async (at, cut, insert) => {
        const changed = text.slice(0, at) + insert + text.slice(at + cut);
        fc.pre(changed.trim() !== text.trim());
        const opened = await decryptText(changed, [mine.identity]);
        expect(opened.ok ? opened.value : '').not.toMatch(
          /^(?!a secret of some length, over more than a line of the armour$)./,
        );
      }),
      { numRuns: 60 },
    );
  });
});

describe('the identity file', () => {
  const write = (name: string, text: string, mode = 0o600): { LVSCTL_AGE_IDENTITY: string } => {
    const file = join(folder.path, name);
    writeFileSync(file, text, { mode });
    chmodSync(file, mode);
    return { LVSCTL_AGE_IDENTITY: file };
  };

  test('is ~/.config/lvsctl/age.txt unless named', () => {
    expect(identityFile({ HOME: '/home/a' })).toBe('/home/a/.config/lvsctl/age.txt');
    expect(identityFile({ HOME: '/home/a', LVSCTL_AGE_IDENTITY: '/k' })).toBe('/k');
  });

  test('has an identity a line, and comments', () => {
    const env = write(
      'two',
      `# created: 2026\n# public key: ${mine.recipient}\n${mine.identity}\n\n  ${other.identity}\r\n`,
    );
    expect(readIdentities(env)).toEqual({ ok: true, value: [mine.identity, other.identity] });
  });

  test.each([0o640, 0o604, 0o620, 0o644, 0o660, 0o666, 0o700 + 0o1])('of mode %o is refused', (mode) => {
    const found = readIdentities(write('open', mine.identity, mode));
    expect(found).toMatchObject({ error: { message: expect.stringContaining('others may read') as unknown } });
  });

  test('with anything else in it is refused without being quoted', () => {
    for (const text of ['', '# nothing\n', `${mine.identity}\nhunter2\n`, mine.identity.slice(1)]) {
      const found = readIdentities(write('strange', text));
      expect(found.ok ? 'read' : found.error.message).toMatch(/holds (no identity|something else)/);
      expect(JSON.stringify(found)).not.toMatch(/hunter2|GE-SECRET-KEY-1[0-9A-Z]{9}/);
    }
  });

  test('that is not there, or is a folder, is said', () => {
    expect(readIdentities({ LVSCTL_AGE_IDENTITY: join(folder.path, 'none') })).toMatchObject({
      error: { hint: expect.stringContaining('lvsctl secret keygen') as unknown },
    });
    mkdirSync(join(folder.path, 'folder'), { mode: 0o700 });
    expect(readIdentities({ LVSCTL_AGE_IDENTITY: join(folder.path, 'folder') }).ok).toBe(false);
  });
});
