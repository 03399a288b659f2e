import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from '../src/inventory/cluster.ts';
import { down, freeze, labSpec, thaw, up, type Lab } from '../src/lab/index.ts';
import { layout } from '../src/lab/layout.ts';
import { run } from '../src/lab/run.ts';
import type { Field, Site } from './contender.ts';
import { BenchFailure } from './failure.ts';
import { inNetwork } from './network.ts';
import { openBox, type Box } from './peer/box.ts';

/** What all the labs are made with. */
export interface LabsOptions {
  readonly cluster: Cluster;
  /** Root of Ansible. */
  readonly root: string;
  /** Temporary folder for the labs' state. */
  readonly folder: string;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

interface Kept {
  readonly lab: Lab;
  readonly site: Site;
  box: Promise<Box> | undefined;
  frozen: boolean;
}

/** Milliseconds that thawed hosts get to catch up with what they slept through. */
const thawing = 5000;

/** The labs of a run, one a field, all of the same inventory. Only the one that is measured runs; the others are frozen. */
export class Labs {
  readonly #options: LabsOptions;
  readonly #kept = new Map<Field, Kept>();
  readonly #locks = new Set<string>();

  constructor(options: LabsOptions) {
    this.#options = options;
  }

  /** The lab of a field as it is, running; undefined when it has none yet. */
  async running(field: Field): Promise<Site | undefined> {
    for (const [other, kept] of this.#kept) if (other !== field) await still(kept);
    const kept = this.#kept.get(field);
    if (kept?.frozen === true) {
      await Promise.all(kept.lab.hosts.map(({ name }) => thaw(kept.lab, name)));
      kept.frozen = false;
      await sleep(thawing, undefined, { signal: this.#options.signal });
    }
    return kept?.site;
  }

  /** A lab of blank hosts for a field; the one that it had is taken down. */
  async blank(field: Field): Promise<Site> {
    const { cluster, root, signal, onProgress } = this.#options;
    await this.#end(field);
    await this.running(field);
    const progress = (text: string): void => {
      onProgress(`${field}'s lab: ${text}`);
    };
    const folder = join(this.#options.folder, field.replaceAll(' ', '-'));
    this.#locks.add(layout(folder).lock);
    const lab = await up(labSpec(cluster), {
      folder,
      image: 'blank',
      signal,
      onProgress: progress,
    });
    const [service] = cluster.services;
    if (service === undefined) throw new BenchFailure('the inventory has no service');
    const site: Site = { lab, vip: service.vip, box: () => (kept.box ??= openBox(lab, root)) };
    const kept: Kept = { lab, site, box: undefined, frozen: false };
    this.#kept.set(field, kept);
    await settle(lab, signal);
    return site;
  }

  /** Takes every lab down. */
  async end(): Promise<void> {
    for (const field of this.#kept.keys()) await this.#end(field);
    for (const lock of this.#locks) await rm(lock, { force: true });
  }

  async #end(field: Field): Promise<void> {
    const kept = this.#kept.get(field);
    if (kept === undefined) return;
    // A box that could not be opened has said so to whoever asked for it.
    const box = await kept.box?.catch(() => undefined);
    await box?.close();
    await down(kept.lab.folder);
    this.#kept.delete(field);
  }
}

async function still(kept: Kept): Promise<void> {
  if (kept.frozen) return;
  kept.frozen = true;
  await Promise.all(kept.lab.hosts.map(({ name }) => freeze(kept.lab, name)));
}

/**
 * Waits until the hosts have come to rest after their boot. Their package lists are made to look a day old, as they are on
 * hosts that nobody works on: the images may be minutes old, and Ansible would not refresh them then.
 */
async function settle(lab: Lab, signal: AbortSignal): Promise<void> {
  const rest = 'systemctl is-system-running --wait >/dev/null; touch -d yesterday /var/lib/apt/lists';
  await Promise.all(
    lab.hosts.map(async ({ name }) => {
      const [program = '', ...words] = inNetwork(lab, ['ssh', '-F', lab.layout.sshConfig, name, rest]);
      await run(program, words, { signal });
    }),
  );
}
