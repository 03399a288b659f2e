import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { plainPageOf } from '../../inventory/check-of.ts';
import type { Cluster, VirtualService } from '../../inventory/cluster.ts';
import { down, environment, execIn, labSpec, LabFailure, up, type Lab } from '../../lab/index.ts';
import { exit, Output, type Terminal } from '../context.ts';
import { readInventory } from '../inventory.ts';

/** What the demo works with. */
interface Stage {
  readonly out: Output;
  readonly lab: Lab;
  readonly cluster: Cluster;
  /** Runs lvsctl as a person would, its output going to the terminal. */
  readonly lvsctl: (...args: string[]) => Promise<number>;
}

/** `lvsctl lab demo`: from nothing to a proven cluster, a failure that nobody notices, and back to nothing. */
export async function demo(
  terminal: Terminal,
  flags: { readonly inventory?: string; readonly keep: boolean },
): Promise<number> {
  const out = new Output(terminal, { color: true });
  const read = await readInventory(terminal, flags.inventory, out);
  if (!read) return exit.failed;
  const { cluster } = read;
  const folder = await mkdtemp(join(tmpdir(), 'lvsctl-demo-'));
  const stop = new AbortController();
  const interrupt = (): void => {
    stop.abort();
  };
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  let keep = false;
  try {
    title(out, `Boot ${cluster.hosts.length} blank hosts, each a Linux kernel of its own`);
    const onProgress = (text: string): void => {
      out.line(text);
    };
    const lab = await up(labSpec(cluster), {
      folder,
      image: 'blank',
      inventory: cluster.inventory.file,
      signal: stop.signal,
      onProgress,
    });
    const lvsctl = (...args: string[]): Promise<number> => execIn(lab, ['lvsctl', ...args]);
    const code = await play({ out, lab, cluster, lvsctl });
    keep = flags.keep && code === exit.ok;
    if (keep)
      out.line(
        `The lab stays up: lvsctl lab status --folder ${folder}, and in the end lvsctl lab down --folder ${folder}`,
      );
    return stop.signal.aborted ? exit.interrupted : code;
  } catch (error) {
    if (!(error instanceof LabFailure)) throw error;
    out.error(error.message);
    if (error.hint !== '') out.error(`try: ${error.hint}`);
    return stop.signal.aborted ? exit.interrupted : exit.failed;
  } finally {
    if (!keep) {
      await down(folder);
      await rm(folder, { recursive: true, force: true });
    }
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

async function play(stage: Stage): Promise<number> {
  const { out, cluster, lvsctl } = stage;
  title(out, 'Plan, apply, verify: lvsctl apply --yes');
  const applied = await lvsctl('apply', '--yes');
  if (applied !== exit.ok) return applied;
  title(out, 'Once more: there must be nothing to do');
  const again = await lvsctl('plan', '--exit-code');
  if (again !== exit.ok) return exit.failed;
  const [service] = cluster.services;
  if (!service) return exit.ok;
  return breakOne(stage, service);
}

/** Stops nginx on a real server and shows that nobody notices, and that it comes back. */
async function breakOne(stage: Stage, service: VirtualService): Promise<number> {
  const { out, cluster } = stage;
  const [victim] = service.realServers;
  const director = cluster.directors[0];
  const client = cluster.verify.from.find((name) => name !== 'operator');
  if (!victim || director === undefined || client === undefined) return exit.ok;
  const path = plainPageOf(service)?.path ?? '/';
  const url = `http://${service.vip}:${service.port}${path}`;
  const table = async (): Promise<void> => {
    for (const line of (await on(stage, director, 'ipvsadm -Ln')).trimEnd().split('\n')) out.line(`  ${line}`);
  };
  const inTable = async (wanted: boolean): Promise<boolean> => {
    for (let tries = 0; tries < 60; tries += 1) {
      if ((await on(stage, director, 'ipvsadm -Ln')).includes(`${victim.address}:${victim.port} `) === wanted)
        return true;
      await sleep(500);
    }
    return false;
  };
  const answers = async (): Promise<boolean> => {
    const loop = `for i in $(seq 12); do curl -s -m 3 ${url} || echo failed; done | sort | uniq -c`;
    const lines = (await on(stage, client, loop)).trimEnd().split('\n');
    for (const line of lines) out.line(`  ${line}`);
    return !lines.some((line) => line.includes('failed'));
  };

  title(out, `The table on ${director}, and twelve requests from ${client}`);
  await table();
  if (!(await answers())) return failed(out, 'a request was not answered');

  title(out, `Stop nginx on ${victim.host}`);
  await on(stage, victim.host, 'systemctl stop nginx');
  if (!(await inTable(false))) return failed(out, `${victim.host} is still in the table`);
  await table();
  if (!(await answers())) return failed(out, `a request was not answered while ${victim.host} was down`);

  title(out, `Start nginx on ${victim.host} again`);
  await on(stage, victim.host, 'systemctl start nginx');
  if (!(await inTable(true))) return failed(out, `${victim.host} did not come back into the table`);
  await table();
  if (!(await answers())) return failed(out, 'a request was not answered');

  title(out, 'The proof again: lvsctl verify');
  return stage.lvsctl('verify');
}

function title(out: Output, text: string): void {
  out.line(`\n${out.style('head', `== ${text}`)}`);
}

function failed(out: Output, text: string): number {
  out.error(`${out.errorStyle('bad', '✖')} ${text}`);
  return exit.failed;
}

/** What a line of sh printed on a host. */
async function on({ lab }: Stage, host: string, line: string): Promise<string> {
  const argv = ['netns', 'exec', lab.namespace, 'ssh', '-F', lab.layout.sshConfig, host, line];
  const { stdout } = await promisify(execFile)('ip', argv, { env: { ...process.env, ...environment(lab) } });
  return stdout;
}
