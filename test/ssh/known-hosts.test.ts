import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fingerprint, KnownHosts, knownHostsLine, parseKnownHosts } from '../../src/ssh/known-hosts.ts';
import { makeKey, type KeyPair } from './fake-sshd.ts';
import { makeWorld, type World } from './world.ts';

const ed = makeKey();
const other = makeKey();
const ec = makeKey('ecdsa');
const rsa = makeKey('rsa');
const file = '/home/ops/.ssh/known_hosts';

let world: World;
beforeAll(() => {
  world = makeWorld();
});
afterAll(() => {
  world.remove();
});

function judge(text: string, name: string | string[], key: KeyPair): string {
  const known = new KnownHosts(parseKnownHosts(text, file));
  const judgement = known.judge(typeof name === 'string' ? [name] : name, key.type, key.blob);
  return 'entry' in judgement ? `${judgement.verdict} ${judgement.entry.line}` : judgement.verdict;
}

function hashed(name: string): string {
  const salt = Buffer.alloc(20, 7);
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

describe('a key is judged', () => {
  const address = '10.77.0.11';
  test.each([
    ['an empty file', '', ed, 'unknown'],
    ['its line', `${address} ${ed.public}\n`, ed, 'known 1'],
    ['without a comment, with CRLF and tabs', `# x\r\n\r\n${address}\t${ed.public}\r\n`, ed, 'known 3'],
    ['several names', `lb1,${address},lb1.example.org ${ed.public}`, ed, 'known 1'],
    ['capitals', `LB1,${address} ${ed.public}`, ed, 'known 1'],
    ['a pattern', `10.77.0.* ${ed.public}`, ed, 'known 1'],
    ['a pattern that excludes it', `10.77.0.*,!${address} ${ed.public}`, ed, 'unknown'],
    ['a hashed name', `${hashed('x')} ${other.public}\n${hashed(address)} ${ed.public}`, ed, 'known 2'],
    ['another key under a hashed name', `${hashed(address)} ${other.public}`, ed, 'changed 1'],
    ['another port', `[${address}]:2222 ${ed.public}`, ed, 'unknown'],
    ['another key of the type', `${address} ${other.public}`, ed, 'changed 1'],
    ['two keys of the type', `${address} ${other.public}\n${address} ${ed.public}`, ed, 'known 2'],
    ['a key of another type', `${address} ${rsa.public}`, ed, 'other-type 1'],
    ['keys of both types, one wrong', `${address} ${rsa.public}\n${address} ${other.public}`, ed, 'changed 2'],
    ['a revoked key', `@revoked * ${ed.public}`, ed, 'revoked 1'],
    ['a key known and revoked', `${address} ${ed.public}\n@revoked * ${ed.public}`, ed, 'revoked 2'],
    ['a key revoked for others', `@revoked web* ${ed.public}\n${address} ${ed.public}`, ed, 'known 2'],
    ['another key revoked', `@revoked * ${other.public}\n${address} ${ed.public}`, ed, 'known 2'],
    ['a certificate authority', `@cert-authority * ${ed.public}`, ed, 'unknown'],
    ['an unknown marker', `@something ${address} ${ed.public}`, ed, 'unknown'],
    ['a type that is not the key’s', `${address} ssh-rsa ${ed.blob.toString('base64')}`, ed, 'unknown'],
    [
      'garbage around it',
      `?\n@\n|1|x|y ssh-rsa\n${address}\n${address} 1024 35 123\n${address} ${ed.public}`,
      ed,
      'known 6',
    ],
  ])('%s', (_name, text, key, verdict) => {
    expect(judge(text, address, key)).toBe(verdict);
  });

  test('the first of its names that is known decides', () => {
    const text = `10.0.0.1 ${ed.public}\nlb1 ${other.public}\n`;
    expect(judge(text, ['10.0.0.1', 'lb1'], ed)).toBe('known 1');
    expect(judge(text, ['10.0.0.1', 'lb1'], other)).toBe('changed 1');
    expect(judge(text, ['10.0.0.2', 'lb1'], other)).toBe('known 2');
    expect(judge(text, ['10.0.0.2', 'lb1'], ed)).toBe('changed 2');
    expect(judge(text, ['10.0.0.2', 'lb2'], ed)).toBe('unknown');
  });

  test('the types that are known are told', () => {
    const known = new KnownHosts(parseKnownHosts(`a ${rsa.public}\na ${ec.public}\n`, file));
    expect(known.judge(['a'], ed.type, ed.blob)).toMatchObject({ types: ['ssh-rsa', 'ecdsa-sha2-nistp256'] });
  });

  test('a key that was added is known', () => {
    const known = new KnownHosts();
    expect(known.judge(['a'], ed.type, ed.blob).verdict).toBe('unknown');
    for (const key of parseKnownHosts(knownHostsLine('a', ed.type, ed.blob), file)) known.add(key);
    expect(known.judge(['a'], ed.type, ed.blob).verdict).toBe('known');
    expect(known.judge(['a'], other.type, other.blob).verdict).toBe('changed');
  });
});

describe('as OpenSSH does it', () => {
  test('ssh-keygen -H hashes what is recognised here, and -l prints this fingerprint', () => {
    const path = world.write('hashed', `10.77.0.11 ${ed.public}\n[10.77.0.12]:2222 ${ec.public}\n`);
    expect(spawnSync('ssh-keygen', ['-H', '-f', path]).status).toBe(0);
    const text = spawnSync('cat', [path]).stdout.toString();
    expect(text).not.toContain('10.77');
    expect(judge(text, '10.77.0.11', ed)).toBe('known 1');
    expect(judge(text, '[10.77.0.12]:2222', ec)).toBe('known 2');
    const listed = spawnSync('ssh-keygen', ['-l', '-f', path]).stdout.toString();
    expect(listed).toContain(fingerprint(ed.blob));
    expect(listed).toContain(fingerprint(ec.blob));
  });
});

describe('hostile input', () => {
  const word = fc.oneof(
    fc.constantFrom(
      '@revoked',
      '@cert-authority',
      '#',
      '*',
      '!*',
      '|1|',
      '|1|AAAA|AAAA',
      'host',
      '[h]:22',
      ',',
      ed.type,
    ),
    fc.constantFrom(ed.blob.toString('base64'), 'AAAA', '====', '\u0000', '\r', '\t', ' ', '\n'),
    fc.string({ unit: 'binary', maxLength: 20 }),
  );

  test('nothing in a file makes it crash or hang', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 60 }), fc.constantFrom('', ' ', '\n'), (parts, glue) => {
        const known = new KnownHosts(parseKnownHosts(parts.join(glue), file));
        expect(['unknown', 'known', 'changed', 'revoked', 'other-type']).toContain(
          known.judge(['host', '[h]:22'], ed.type, ed.blob).verdict,
        );
      }),
      { numRuns: 500 },
    );
  });

  test('any key blob', () => {
    const known = new KnownHosts(parseKnownHosts(`a ${ed.public}`, file));
    fc.assert(
      fc.property(fc.uint8Array(), fc.string(), (blob, type) => {
        expect(known.judge(['a'], type, Buffer.from(blob)).verdict).not.toBe('known');
      }),
    );
  });
});

test('ten thousand lines and a thousand hosts are quick', () => {
  const keys = Array.from({ length: 10 }, () => makeKey());
  const lines = Array.from({ length: 10_000 }, (_, index) => {
    const name = `10.${index >> 8}.${index & 255}.1`;
    const key = keys[index % 10]?.public ?? '';
    return index % 2 === 0 ? `${name} ${key}` : `host${index},${name} ${key}`;
  });
  const started = performance.now();
  const known = new KnownHosts(parseKnownHosts(lines.join('\n'), file));
  for (let index = 0; index < 1000; index++) {
    const key = keys[index % 10];
    if (key === undefined) continue;
    expect(known.judge([`10.${index >> 8}.${index & 255}.1`], key.type, key.blob).verdict).toBe('known');
  }
  expect(performance.now() - started).toBeLessThan(60_000);
});
