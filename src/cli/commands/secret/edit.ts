import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { showPath } from '../../../inventory/yaml/path.ts';
import { ok, type Result } from '../../../result.ts';
import { decryptText, encryptText } from '../../../secrets/age.ts';
import { editableText, readEdited } from '../../../secrets/editable.ts';
import { readIdentities } from '../../../secrets/identity.ts';
import { readInventoryText, withEncrypted, type InventoryText } from '../../../secrets/inventory-text.ts';
import { makePrivateFolder, shredFolder } from '../../../secrets/private-folder.ts';
import type { SecretTrouble } from '../../../secrets/trouble.ts';
import { count } from '../../../report/plan.ts';
import { exit, Output, type Terminal } from '../../context.ts';
import { chosenRecipients, complaint, inventoryFile, openInventory, replaceInventory } from './inventory-file.ts';

/**
 * `lvsctl secret edit`: all encrypted values of the inventory in an editor, in a file that nobody else can read; what was changed
 * is encrypted anew. The file is overwritten and removed. It is kept, and named, only when it holds changes that could not be
 * taken over and there is no terminal to ask at.
 */
export async function secretEdit(
  terminal: Terminal,
  flags: { readonly inventory?: string | undefined },
): Promise<number> {
  const out = new Output(terminal, { color: false });
  const file = inventoryFile(flags.inventory, terminal.env);
  const inventory = await openInventory(file);
  if (!inventory.ok) return fail(out, inventory.error);
  const recipients = await chosenRecipients(inventory.value.recipients, terminal.env);
  if (!recipients.ok) return fail(out, recipients.error);
  const opened = await openAll(inventory.value, terminal.env, out);
  if (!opened.ok) return fail(out, opened.error);
  if (opened.value.size === 0) {
    return fail(out, {
      message: `there is no encrypted secret in ${file} that you can open`,
      hint: '"lvsctl secret encrypt --in-place PATH" puts one there',
    });
  }
  const save = async (edited: ReadonlyMap<string, string>): Promise<Result<number, SecretTrouble>> => {
    const changed = [...edited].filter(([place, secret]) => opened.value.get(place) !== secret);
    if (changed.length === 0) return ok(0);
    const text = await encryptedAnew(inventory.value, new Map(changed), recipients.value);
    if (!text.ok) return text;
    const replaced = await replaceInventory(file, inventory.value.text, text.value);
    return replaced.ok ? ok(changed.length) : replaced;
  };
  return editing(terminal, out, opened.value, save);
}

function fail(out: Output, trouble: SecretTrouble): number {
  out.error(complaint(trouble));
  return exit.failed;
}

/** The secrets by their places. Those that are encrypted for others are left out, and that is said. */
async function openAll(
  { encrypted }: InventoryText,
  env: NodeJS.ProcessEnv,
  out: Output,
): Promise<Result<ReadonlyMap<string, string>, SecretTrouble>> {
  const identities = readIdentities(env);
  if (!identities.ok) return identities;
  const secrets = new Map<string, string>();
  for (const { path, armoured } of encrypted) {
    const opened = await decryptText(armoured, identities.value);
    if (opened.ok) secrets.set(showPath(path), opened.value);
    else out.error(`${showPath(path)} is left out: ${opened.error.message}`);
  }
  return ok(secrets);
}

async function encryptedAnew(
  inventory: InventoryText,
  changed: ReadonlyMap<string, string>,
  recipients: readonly string[],
): Promise<Result<string, SecretTrouble>> {
  let now = inventory;
  for (const { path } of inventory.encrypted) {
    const secret = changed.get(showPath(path));
    if (secret === undefined) continue;
    const armoured = await encryptText(secret, recipients);
    if (!armoured.ok) return armoured;
    const text = withEncrypted(now, path, armoured.value);
    if (!text.ok) return text;
    const read = readInventoryText(text.value);
    if (!read.ok) return read;
    now = read.value;
  }
  return ok(now.text);
}

async function editing(
  terminal: Terminal,
  out: Output,
  secrets: ReadonlyMap<string, string>,
  save: (edited: ReadonlyMap<string, string>) => Promise<Result<number, SecretTrouble>>,
): Promise<number> {
  const folder = makePrivateFolder(terminal.env);
  const file = join(folder, 'secrets.yaml');
  const before = editableText(secrets);
  await writeFile(file, before, { mode: 0o600, flag: 'wx' });
  let keep = false;
  try {
    for (;;) {
      const failure = await runEditor(file, terminal.env);
      const after = await readFile(file, 'utf8');
      const edited = readEdited(after, [...secrets.keys()]);
      let trouble: SecretTrouble;
      if (failure !== undefined) trouble = { message: failure };
      else if (!edited.ok) trouble = { message: edited.error };
      else {
        const saved = await save(edited.value);
        if (saved.ok) {
          out.error(saved.value === 0 ? 'Nothing was changed.' : `${count(saved.value, 'secret')} encrypted anew.`);
          return exit.ok;
        }
        trouble = saved.error;
      }
      out.error(`${complaint(trouble)}\nThe inventory is as it was.`);
      if (after === before) return exit.failed;
      if (!terminal.stdin.isTTY) {
        keep = true;
        out.error(`What you wrote is kept in ${file}, which only you can read: remove it when you are done.`);
        return exit.failed;
      }
      const { askToGoOn } = await import('../../../ui/ask.ts');
      if (!(await askToGoOn('Open it again? If not, what you wrote is thrown away.', terminal))) return exit.failed;
    }
  } finally {
    if (!keep) shredFolder(folder);
  }
}

/** Runs the editor as git does: the variable is a line of sh. Gives why it failed. Interrupts at the terminal are the editor's. */
function runEditor(file: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  const editor = env['VISUAL'] ?? env['EDITOR'] ?? 'vi';
  return new Promise((resolve) => {
    const child = spawn('sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit', env });
    const ignore = (): void => undefined;
    const end = (): void => void child.kill('SIGTERM');
    process.on('SIGINT', ignore).on('SIGTERM', end).on('SIGHUP', end);
    child.on('error', ({ message }) => {
      done(`the editor cannot be started: ${message}`);
    });
    child.on('close', (code, signal) => {
      if (code === 0) done(undefined);
      else done(`the editor (${editor}) ended with ${code === null ? (signal ?? 'a signal') : `exit code ${code}`}`);
    });
    const done = (failure: string | undefined): void => {
      process.off('SIGINT', ignore).off('SIGTERM', end).off('SIGHUP', end);
      resolve(failure);
    };
  });
}
