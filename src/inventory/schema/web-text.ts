import { text } from './text.ts';

/* Texts that end up in nginx's and HAProxy's configuration, and in exports(5). */

/** A name that a site answers to, nginx's `server_name`: a DNS name, `*.` before it or `.*` after it, or `_`. */
export const serverName = text(
  'a server name',
  /^(?:_|(?:\*\.)?[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(?:\.\*)?)$/,
  /[A-Za-z0-9.*_-]/,
  'write a DNS name, *.example.com, or _ for any',
);

/** A line of text in double quotes; `%h` is the name of the host. */
export const bodyText = text(
  'a line of text',
  /^[A-Za-z0-9 ._~:,;/=+*?!|()[\]<>'&#@%-]+$/,
  /[A-Za-z0-9 ._~:,;/=+*?!|()[\]<>'&#@%-]/,
  'a single line; %h is the name of the host',
);

/** The name of a template without `.hbs`. */
export const templateName = text(
  'the name of a template',
  /^[A-Za-z0-9_][A-Za-z0-9._-]*(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)*$/,
  /[A-Za-z0-9._/-]/,
  'the file without .hbs, relative to the folder `templates`',
);

/** A client of an export: a pattern of hosts, a network, `*` for everybody, or `@netgroup`. */
export const exportClient = text(
  'a client',
  /^(?:[!&]?(?:[A-Za-z0-9._*?-]|\[[A-Za-z0-9]+:[A-Za-z0-9]+(?::\d+)?\])+|[0-9A-Fa-f:.]+\/\d{1,3}|@[A-Za-z0-9][A-Za-z0-9._-]*)$/,
  /[!&@A-Za-z0-9._*?[\]:/-]/,
  'write a host, group or pattern as in other lists, a network such as 10.0.0.0/24, * for everybody, or @netgroup',
);

/** The name of a unit, systemd.unit(5), or of a script of OpenRC. */
export const unitName = text(
  'the name of a unit',
  /^[A-Za-z0-9][A-Za-z0-9:_.@-]{0,200}$/,
  /[A-Za-z0-9:_.@-]/,
  'as in app.service',
);

/** The name of a user or a group of the host. */
export const account = text(
  'the name of a user',
  /^[a-z_][a-z0-9_-]{0,31}$/,
  /[a-z0-9_-]/,
  'it starts with a small letter or "_"',
);

/** A mode as chmod(1) takes it: three or four octal digits. */
export const fileMode = text('a mode', /^0?[0-7]{3}$/, /[0-7]/, 'write it in quotes, as in "0644"');
