import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { includedFiles } from '../../import/include.ts';
import { importAll, type ImportSource } from '../../import/index.ts';
import type { SourceKind } from '../../import/source.ts';
import { readIp } from '../../inventory/address.ts';
import { replaceFile } from '../../replace-file.ts';
import { readCluster } from '../../inventory/read.ts';
import { count } from '../../report/plan.ts';
import { err, ok, type Result } from '../../result.ts';
import { exit, Output, type Terminal } from '../context.ts';

/** What `lvsctl import` takes. */
export interface ImportFlags {
  readonly out?: string | undefined;
  /** `DIRECTOR=FILE`. */
  readonly from?: readonly string[] | undefined;
  /** `HOST=ADDRESS`. */
  readonly address?: readonly string[] | undefined;
  readonly kind?: SourceKind | undefined;
  readonly cluster?: string | undefined;
}

/** A larger file is no configuration. */
const mostBytes = 16 * 1024 * 1024;

/** `lvsctl import`: writes an inventory from what other tools are configured by; no host is touched. */
export async function importCommand(terminal: Terminal, flags: ImportFlags, files: readonly string[]): Promise<number> {
  const out = new Output(terminal, { color: true });
  const named = pairs(flags.from ?? [], 'DIRECTOR=FILE');
  const addresses = pairs(flags.address ?? [], 'HOST=ADDRESS');
  if (!named.ok || !addresses.ok) {
    out.error([named, addresses].flatMap((one) => (one.ok ? [] : [one.error])).join('\n'));
    return exit.usage;
  }
  const wrong = addresses.value.find(([, address]) => !readIp(address).ok);
  if (wrong !== undefined || files.length + named.value.length === 0) {
    out.error(
      wrong === undefined
        ? 'name a file to import, or --from DIRECTOR=FILE'
        : `--address ${wrong.join('=')}: that is no IP address`,
    );
    return exit.usage;
  }
  const sources: ImportSource[] = [];
  for (const [director, file] of [...files.map((file) => [undefined, file] as const), ...named.value]) {
    const text = await readSource(file, terminal);
    if (!text.ok) {
      out.error(`${file}: ${text.error}`);
      return exit.failed;
    }
    sources.push({ file, text: text.value, director, kind: flags.kind });
  }
  const { text, left } = importAll(sources, {
    cluster: flags.cluster,
    addresses: addresses.value,
    include: includedFiles,
  });
  const target = flags.out ?? 'lvsctl.yaml';
  if (flags.out === undefined) terminal.stdout.write(text);
  else await replaceFile(flags.out, text, 0o600);
  for (const { place, found, remedy } of left) out.error(`${place}: ${found}\n    ${remedy}`);
  // What check will say of it: the file may stand beside scripts that are yet to be copied.
  const around = { env: terminal.env, readFile: () => ok(''), isFolder: () => true, answered: () => undefined };
  const checked = readCluster(text, { file: resolve(target), digest: '', shown: target }, around);
  const open = checked.ok ? 0 : checked.error.length;
  for (const problem of checked.ok ? [] : checked.error) out.error(`${target}:${problem.line}: ${problem.message}`);
  const said =
    left.length === 0
      ? 'everything was carried over'
      : `${count(left.length, 'thing')} not carried over, listed at its end`;
  const next =
    open === 0 ? 'lvsctl check finds nothing wrong with it' : `lvsctl check finds ${count(open, 'problem')} to mend`;
  out.error(`${flags.out === undefined ? 'The inventory is above' : `${flags.out} is written`}: ${said}; ${next}.`);
  return exit.ok;
}

function pairs(written: readonly string[], what: string): Result<(readonly [string, string])[], string> {
  const read = written.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)] as const);
  const wrong = written.find((text, index) => text.indexOf('=') < 1 || read[index]?.[1] === '');
  return wrong === undefined ? ok(read) : err(`${wrong}: write ${what}`);
}

async function readSource(file: string, terminal: Terminal): Promise<Result<string, string>> {
  try {
    if (file === '-') {
      const chunks: Buffer[] = [];
      for await (const chunk of terminal.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
      return ok(Buffer.concat(chunks).toString('utf8'));
    }
    const { size } = await stat(file);
    return size > mostBytes ? err('it is too large to be a configuration') : ok(await readFile(file, 'utf8'));
  } catch (error) {
    return err((error as Error).message);
  }
}
