import * as z from 'zod';
import { wanted } from './schema/describe.ts';
import { app, appFile, ready } from './schema/app.ts';
import { haproxy, haproxyCheck, listener, stats } from './schema/haproxy.ts';
import { group, host, hostSsh } from './schema/host.ts';
import { bfdNeighbor } from './schema/bfd.ts';
import { check } from './schema/check.ts';
import { inventory, verify } from './schema/inventory.ts';
import { notes } from './schema/key.ts';
import { secrets } from './schema/secret.ts';
import { realServer, service } from './schema/service.ts';
import { serviceNotify } from './schema/service-notify.ts';
import { proxy, site, upstream } from './schema/site.ts';
import { automount, mount, nfsClients, nfsExport, nfsServer, storage } from './schema/storage.ts';
import { tracker } from './schema/tracker.ts';
import { instance, notify, route, rule, virtualAddress } from './schema/vrrp.ts';
import { rules } from './rules/index.ts';

const sections: readonly (readonly [title: string, schema: z.ZodObject])[] = [
  ['Top level', inventory],
  ['`hosts.NAME`', host],
  ['`ssh` (at the top, in groups; `host` only in hosts)', hostSsh],
  ['`groups.NAME`', group],
  ['`services.NAME`', service],
  ['`services.NAME.check`', check],
  ['`services.NAME.realServers[]`, when a map', realServer],
  ['`services.NAME.notify` (`up`, `down` and `user` also in `realServers[].notify`)', serviceNotify],
  ['`vrrp.NAME`', instance],
  ['`vrrp.NAME.vips[]`, when a map', virtualAddress],
  ['`vrrp.NAME.track[]` and `syncGroups.NAME.track[]`', tracker],
  ['`bfd` of a tracker, when a map, and but for `neighbor` of a check', bfdNeighbor],
  ['`vrrp.NAME.routes[]`', route],
  ['`vrrp.NAME.rules[]`', rule],
  ['`vrrp.NAME.notify` and `syncGroups.NAME.notify`', notify],
  ['`nginx.NAME`', site],
  ['`nginx.NAME.proxy`', proxy],
  ['`nginx.NAME.proxy.upstreams[]` and `haproxy.listeners.NAME.servers[]`, when a map', upstream],
  ['`apps.NAME`', app],
  ['`apps.NAME.files./path`', appFile],
  ['`apps.NAME.ready`', ready],
  ['`haproxy`', haproxy],
  ['`haproxy.listeners.NAME`', listener],
  ['`haproxy.listeners.NAME.check`', haproxyCheck],
  ['`haproxy.stats`', stats],
  ['`storage`', storage],
  ['`storage.exports."HOST:/path"`', nfsExport],
  ['`storage.exports."HOST:/path".clients[]`, when a map', nfsClients],
  ['`storage.mounts./path`', mount],
  ['`storage.mounts./path.automount`, when a map', automount],
  ['`storage.server`', nfsServer],
  ['`verify`', verify],
  ['`secrets`', secrets],
];

/** The lines between which the generated part of docs/inventory.md stands. */
const marks = { start: '<!-- prettier-ignore-start -->', end: '<!-- prettier-ignore-end -->' } as const;

/** The tables of all keys and of all rules, in Markdown, made from the schema itself. */
function reference(): string {
  const tables = sections.map(([title, schema]) => `### ${title}\n\n${tableOf(schema)}`);
  const checked = rules.map(({ name, why }) => `| \`${name}\` | ${cell(why)} |`);
  return [...tables, `## Rules across hosts\n\n| rule | otherwise |\n| --- | --- |\n${checked.join('\n')}`].join(
    '\n\n',
  );
}

/** A page with its generated part brought up to date. */
export function withReference(page: string): string {
  const start = page.indexOf(marks.start);
  const end = page.indexOf(marks.end);
  if (start < 0 || end < start) throw new Error(`the page has no ${marks.start} … ${marks.end}`);
  return `${page.slice(0, start + marks.start.length)}\n\n${reference()}\n\n${page.slice(end)}`;
}

function tableOf(schema: z.ZodObject): string {
  const rows = Object.entries(schema.shape as Record<string, z.ZodType>).map(([key, value]) => {
    const note = notes.get(value);
    const type = cell(typeOf(value)) + (note?.unit === undefined ? '' : `, ${note.unit}`);
    return `| \`${key}\` | ${type} | ${cell(note?.otherwise ?? '**required**')} | ${cell(note?.is ?? '')} |`;
  });
  return `| key | type | default | meaning |\n| --- | --- | --- | --- |\n${rows.join('\n')}`;
}

function typeOf(schema: z.core.$ZodType): string {
  if (schema instanceof z.ZodOptional) return typeOf(schema.unwrap());
  if (schema instanceof z.ZodObject) return 'map';
  if (schema instanceof z.ZodEnum) return schema.options.join(', ');
  if (schema instanceof z.ZodUnion && schema.meta()?.title === undefined)
    return schema.options.map(typeOf).join(', or ');
  if (schema instanceof z.ZodRecord)
    return schema.valueType instanceof z.ZodObject ? 'map by name' : `map of ${typeOf(schema.valueType)}`;
  return wanted(schema)
    .replace(/^an? /, '')
    .replace(/a map of .*$/, 'maps')
    .replace(/maps of .*$/, 'maps');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
