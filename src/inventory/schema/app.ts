import * as z from 'zod';
import { optional, required } from './key.ts';
import { port } from './number.ts';
import { secretSource } from './secret.ts';
import { argument, hosts, localPath, packageName, path } from './text.ts';
import { account, fileMode, unitName } from './web-text.ts';

const command = z.array(argument).min(1);
const mode = z.union([fileMode, z.int().min(0).max(0o777)]);

/** A file of an app. */
export const appFile = z.strictObject({
  content: optional(z.union([z.string(), secretSource]), 'Its text, as it is, or where it is: then it is a secret.', {
    otherwise: '`source` or `template` is there instead',
  }),
  source: optional(
    localPath,
    'File of this machine that is copied, relative to the inventory; text of up to 256 KiB.',
    {
      otherwise: 'none',
    },
  ),
  template: optional(
    localPath,
    'Template of this machine, relative to the inventory: see docs/apps.md for its variables.',
    {
      otherwise: 'none',
    },
  ),
  owner: optional(account, 'User it belongs to.', { value: 'root' }),
  group: optional(account, 'Group it belongs to.', { otherwise: '`owner`' }),
  mode: optional(mode, 'Mode, in quotes as in `"0644"`.', { otherwise: '`"0644"`, for a secret `"0600"`' }),
  onChange: optional(z.enum(['reload', 'restart', 'nothing']), 'What the unit does when it changes.', {
    value: 'reload',
  }),
  validate: optional(command, 'Command that must succeed before it is put in place; `%s` is the candidate.', {
    otherwise: 'none',
  }),
  secret: optional(z.boolean(), 'Whether its text is shown in no plan, diff or report.', { value: false }),
});

/** A folder of an app. */
export const appFolder = z.strictObject({
  mode: optional(mode, 'Mode, in quotes as in `"0755"`.', { otherwise: '`"0755"` when it is made' }),
});

/** When an app does its work. */
export const ready = z.strictObject({
  port: optional(port, 'TCP port that something listens on.', { otherwise: 'not looked at' }),
  command: optional(command, 'Command that succeeds, an argument an entry.', { otherwise: 'none' }),
});

/** Any service besides those that lvsctl knows. */
export const app = z.strictObject({
  hosts: required(hosts, 'Patterns of the hosts that run it.'),
  packages: optional(z.array(packageName).min(1), 'Packages it needs.', { otherwise: 'none' }),
  folders: optional(z.record(path, appFolder), 'Folders by path.', { otherwise: 'none' }),
  files: optional(z.record(path, appFile), 'Files by path.', { otherwise: 'none' }),
  unit: optional(unitName, 'Unit that is enabled and runs.', { otherwise: 'none: packages and files alone' }),
  ready: optional(ready, 'How to tell that it does its work, asked after a start or reload and by `verify`.', {
    otherwise: 'that the unit runs',
  }),
});
