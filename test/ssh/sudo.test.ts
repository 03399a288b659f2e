import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connectHosts } from '../../src/ssh/session.ts';
import type { Connection } from '../../src/ssh/connection.ts';
import { startSshd, type Sshd } from './fake-sshd.ts';
import { connectTo, makeAsker, makeHost, makeWorld, must, mustFail, type World } from './world.ts';

const password = 'correct horse; touch /tmp/x';

/** Takes the options that lvsctl uses, asks as sudo does, and writes down its arguments and what it was given. */
const fakeSudo = `#!/bin/sh
printf '%s\\n' "$*" >>"$SUDO_DIR/argv"
silent= prompt=
while :; do
  case $1 in
    -S | -H) shift ;;
    -n) silent=1; shift ;;
    -p) prompt=$2; shift 2 ;;
    --) shift; break ;;
    *) echo "sudo: unexpected $1" >&2; exit 99 ;;
  esac
done
case $SUDO_MODE in
  nopasswd) exec env SUDO_RAN=1 "$@" ;;
  cached) [ -e "$SUDO_DIR/cached" ] && exec env SUDO_RAN=1 "$@" ;;
  denied) deny=1 ;;
esac
[ -n "$silent" ] && { echo "sudo: a password is required" >&2; exit 1; }
echo "We trust you have received the usual lecture." >&2
for try in 1 2 3; do
  printf '%s' "$prompt" >&2
  IFS= read -r given || { echo "sudo: no password was provided" >&2; exit 1; }
  printf '%s\\n' "$given" >>"$SUDO_DIR/given"
  if [ "$given" = "$(cat "$SUDO_DIR/password")" ]; then
    [ -n "$deny" ] && { echo "ops is not in the sudoers file." >&2; exit 1; }
    : >"$SUDO_DIR/cached"
    exec env SUDO_RAN=1 "$@"
  fi
  echo "Sorry, try again." >&2
done
echo "sudo: 3 incorrect password attempts" >&2
exit 1
`;

let world: World;
let sshds: Sshd[];

beforeEach(() => {
  world = makeWorld();
  sshds = [];
  mkdirSync(join(world.home, 'bin'));
  world.write('bin/sudo', fakeSudo, 0o755);
  world.write('password', password);
});
afterEach(async () => {
  for (const sshd of sshds) await sshd.stop();
  world.remove();
});

type Mode = 'nopasswd' | 'cached' | 'password' | 'denied';

async function start(mode: Mode, shell = '/bin/sh'): Promise<Sshd> {
  const env = { SUDO_DIR: world.home, SUDO_MODE: mode, PATH: `${world.home}/bin:${process.env['PATH'] ?? ''}` };
  const sshd = await startSshd({ authorized: [world.key], env, shell });
  sshds.push(sshd);
  world.trust(sshd);
  return sshd;
}

function written(file: string): string {
  return existsSync(join(world.home, file)) ? readFileSync(join(world.home, file), 'utf8') : '';
}

/** Everything of a run that the password must not be in: arguments of processes, output, messages. */
async function proveSecret(connection: Connection, sshd: Sshd): Promise<void> {
  const script = 'for f in /proc/[0-9]*/cmdline; do tr "\\0" " " <"$f"; echo; done 2>/dev/null; env; true';
  const finished = must(await connection.run(script, { deadline: 20 }));
  expect(finished.stdout.toString()).toContain('SUDO_RAN=1');
  for (const text of [finished.stdout.toString(), finished.stderr, sshd.commands.join('\n'), written('argv')])
    expect(text).not.toContain('correct horse');
}

describe('sudo that wants no password', () => {
  test.each(['with', 'without'])('%s a terminal: nobody is asked', async (terminal) => {
    const sshd = await start('nopasswd');
    const asker = makeAsker({ sudoPassword: password });
    const context = world.context(terminal === 'with' ? { asker } : {});
    const connection = await connectTo(world, sshd, { become: 'sudo', context });
    const finished = must(await connection.run('echo "$SUDO_RAN"; cat; echo err >&2', { deadline: 10 }));
    expect(finished).toMatchObject({ code: 0, stdout: Buffer.from('1\n'), stderr: 'err\n' });
    expect(connection.channels).toBe(1);
    expect(asker.asked).toEqual([]);
    connection.close();
  });
});

describe('sudo that wants a password', () => {
  test.each(['/bin/sh', '/bin/bash'])('gets it from the operator, over one channel (%s)', async (shell) => {
    const sshd = await start('password', shell);
    const asker = makeAsker({ sudoPassword: password });
    const connection = await connectTo(world, sshd, { become: 'sudo', context: world.context({ asker }) });
    const finished = must(await connection.run('echo "$SUDO_RAN"; echo err >&2', { deadline: 10 }));
    expect(finished).toMatchObject({ code: 0, stdout: Buffer.from('1\n'), stderr: 'err\n' });
    expect(connection.channels).toBe(1);
    await proveSecret(connection, sshd);
    expect(asker.asked).toEqual(['sudo web1']);
    expect(written('given')).toBe(`${password}\n${password}\n`);
    connection.close();
  });

  test('and that remembers it never sees it again: it is not given to sh', async () => {
    const sshd = await start('cached');
    const asker = makeAsker({ sudoPassword: password });
    const connection = await connectTo(world, sshd, { become: 'sudo', context: world.context({ asker }) });
    must(await connection.run('true', { deadline: 10 }));
    sshd.stdin.length = 0;
    const finished = must(await connection.run('echo "$SUDO_RAN"', { deadline: 10 }));
    expect(finished).toMatchObject({ code: 0, stdout: Buffer.from('1\n'), stderr: '' });
    expect(Buffer.concat(sshd.stdin).toString()).not.toContain('correct horse');
    expect(written('given')).toBe(`${password}\n`);
    connection.close();
  });

  test('on many hosts is answered once', async () => {
    const fleet = await Promise.all([start('password'), start('password'), start('nopasswd'), start('password')]);
    const asker = makeAsker({ sudoPassword: password });
    const hosts = fleet.map((sshd, index) => makeHost(`web${index}`, { port: sshd.port }, { become: 'sudo' }));
    const results = await connectHosts(hosts, world.context({ asker }));
    const connections = hosts.map((host) => must(results.get(host.name)));
    const runs = await Promise.all(connections.map((each) => each.run('echo ran', { deadline: 20 })));
    for (const run of runs) expect(must(run).stdout.toString()).toBe('ran\n');
    expect(asker.asked).toHaveLength(1);
    for (const connection of connections) connection.close();
  });

  test('does not cost the script its deadline while the operator types', async () => {
    const sshd = await start('password');
    const asker = makeAsker({ sudoPassword: password });
    const slow: typeof asker = {
      ...asker,
      sudoPassword: async (host) => {
        await new Promise((resolve) => setTimeout(resolve, 3500));
        return asker.sudoPassword(host);
      },
    };
    const connection = await connectTo(world, sshd, { become: 'sudo', context: world.context({ asker: slow }) });
    must(await connection.run('true', { deadline: 2 }));
    connection.close();
  });
});

describe('sudo-refused', () => {
  test('a wrong password is sent once, on one host, and is in no message', async () => {
    const fleet = await Promise.all([start('password'), start('password'), start('password')]);
    const asker = makeAsker({ sudoPassword: 'wrong horse' });
    const hosts = fleet.map((sshd, index) =>
      makeHost(`web${index}`, { port: sshd.port, user: 'ops' }, { become: 'sudo' }),
    );
    const results = await connectHosts(hosts, world.context({ asker }));
    const connections = hosts.map((host) => must(results.get(host.name)));
    const runs = await Promise.all(connections.map((each) => each.run('echo ran', { deadline: 20 })));
    const failures = runs.map((run) => mustFail(run));
    expect(failures.map((failure) => failure.reason)).toEqual(['sudo-refused', 'sudo-refused', 'sudo-refused']);
    expect(failures.filter((failure) => failure.detail === 'sudo refused the password of ops')).toHaveLength(1);
    expect(failures.filter((failure) => failure.detail.includes('it was not tried here'))).toHaveLength(2);
    expect(JSON.stringify(failures)).not.toContain('wrong horse');
    expect(written('given')).toBe('wrong horse\n');
    expect(asker.asked).toHaveLength(1);
    const sent = Buffer.concat(fleet.flatMap((sshd) => sshd.stdin)).toString();
    expect(sent).toBe('wrong horse\n');
    for (const connection of connections) connection.close();
  });

  test('no terminal', async () => {
    const sshd = await start('password');
    const connection = await connectTo(world, sshd, { become: 'sudo' });
    const failure = mustFail(await connection.run('echo ran', { deadline: 10 }));
    expect(failure).toMatchObject({ reason: 'sudo-refused', host: 'web1' });
    expect(failure.detail).toContain('“sudo: a password is required”');
    expect(failure.hint).toContain('terminal');
    connection.close();
  });

  test('the operator does not say', async () => {
    const sshd = await start('password');
    const connection = await connectTo(world, sshd, { become: 'sudo', context: world.context({ asker: makeAsker() }) });
    const failure = mustFail(await connection.run('echo ran', { deadline: 10 }));
    expect(failure).toMatchObject({ reason: 'sudo-refused', detail: expect.stringContaining('not given') as string });
    expect(Buffer.concat(sshd.stdin)).toHaveLength(0);
    connection.close();
  });

  test('a user who may not use it, which says nothing about the password', async () => {
    const denied = await start('denied');
    const fine = await start('password');
    const context = world.context({ asker: makeAsker({ sudoPassword: password }) });
    const first = await connectTo(world, denied, { become: 'sudo', context });
    const failure = mustFail(await first.run('echo ran', { deadline: 10 }));
    expect(failure).toMatchObject({ reason: 'sudo-refused' });
    expect(failure.detail).toContain('ops is not in the sudoers file.');
    const second = await connectTo(world, fine, { become: 'sudo', context });
    expect(must(await second.run('echo ran', { deadline: 10 })).stdout.toString()).toBe('ran\n');
    first.close();
    second.close();
  });

  test('no sudo at all', async () => {
    rmSync(join(world.home, 'bin/sudo'));
    const sshd = await startSshd({ authorized: [world.key], env: { PATH: '/usr/bin:/bin' }, shell: '/bin/sh' });
    sshds.push(sshd);
    world.trust(sshd);
    const context = world.context({ asker: makeAsker({ sudoPassword: password }) });
    const connection = await connectTo(world, sshd, { become: 'sudo', context });
    const result = await connection.run('echo ran', { deadline: 10 });
    if (result.ok) expect(existsSync('/usr/bin/sudo')).toBe(true);
    else
      expect(result.error).toMatchObject({ reason: 'sudo-refused', detail: expect.stringContaining('sudo') as string });
    connection.close();
  });

  test('a host that goes away while the operator types leaves the turn to the next', async () => {
    const gone = await start('password');
    const fine = await start('password');
    const asker = makeAsker({ sudoPassword: password });
    const context = world.context({
      asker: {
        ...asker,
        sudoPassword: (host) => {
          gone.cut();
          return asker.sudoPassword(host);
        },
      },
    });
    const first = await connectTo(world, gone, { become: 'sudo', context });
    const second = await connectTo(world, fine, { become: 'sudo', context, name: 'web2' });
    expect(mustFail(await first.run('echo ran', { deadline: 10 })).reason).toBe('link-lost');
    expect(must(await second.run('echo ran', { deadline: 10 })).code).toBe(0);
    second.close();
  });
});
