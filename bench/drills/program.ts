import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DrillReport } from '../../src/drill/result.ts';
import { environment, type Lab } from '../../src/lab/index.ts';
import { BenchFailure } from '../failure.ts';
import { inNetwork } from '../network.ts';

const root = join(import.meta.dirname, '..', '..');

/** How a program ended. */
interface Ended {
  readonly code: number;
  readonly stdout: string;
}

/** lvsctl as a user runs it, on a lab and with one of the inventories of this folder; what it says goes to standard error. */
export class Program {
  readonly #lab: Lab;
  readonly #file: string;

  constructor(lab: Lab, inventory: string) {
    this.#lab = lab;
    this.#file = join(import.meta.dirname, inventory);
  }

  /** Brings the cluster about. Throws when that fails. */
  async apply(): Promise<void> {
    const { code, stdout } = await this.#run(['apply', '--yes']);
    if (code !== 0) throw new BenchFailure(`${this.#file} could not be applied:\n${stdout}`);
  }

  /** Whether the cluster is whole. */
  async isWhole(): Promise<boolean> {
    return (await this.#run(['verify'])).code === 0;
  }

  /** Runs drills. With `$DRILLS_KEEP` the report is kept in that folder too. */
  async drill(...names: readonly string[]): Promise<DrillReport> {
    const { stdout } = await this.#run(['drill', ...names, '--json']);
    const kept = process.env['DRILLS_KEEP'];
    if (kept !== undefined) await writeFile(join(kept, `${names.join('-')}-${Date.now()}.json`), stdout);
    return JSON.parse(stdout) as DrillReport;
  }

  /** Runs a line of sh on a host. Throws when it fails. */
  async on(host: string, line: string): Promise<void> {
    const { code } = await this.#inNetwork(['ssh', '-F', this.#lab.layout.sshConfig, host, line]);
    if (code !== 0) throw new BenchFailure(`${host}: ${line}: exit code ${code}`);
  }

  #run(args: readonly string[]): Promise<Ended> {
    return this.#inNetwork([process.execPath, join(root, 'dist', 'main.js'), ...args]);
  }

  #inNetwork(argv: readonly string[]): Promise<Ended> {
    return new Promise((resolve, reject) => {
      const [command = '', ...rest] = inNetwork(this.#lab, argv);
      const child = spawn(command, rest, {
        env: { ...process.env, ...environment(this.#lab), LVSCTL_INVENTORY: this.#file },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let stdout = '';
      child.stdout.setEncoding('utf8').on('data', (data: string) => (stdout += data));
      child.on('error', reject);
      child.on('close', (code) => {
        resolve({ code: code ?? 1, stdout });
      });
    });
  }
}
