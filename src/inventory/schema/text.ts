import * as z from 'zod';

/*
 * Texts that end up in configuration files, file names and command lines. Quoting differs between keepalived.conf, nginx,
 * exports, fstab and sh, so characters that any of them treats specially are refused here, once.
 */

const why = 'these values end up in configuration files where quoting differs';

/** A schema for a text of certain characters; the message names the first one that is not allowed. */
export function text(what: string, pattern: RegExp, allowed: RegExp, also: string) {
  return z
    .string()
    .regex(pattern, { error: ({ input }) => explain(what, input, allowed, also) })
    .meta({ title: what });
}

function explain(what: string, input: unknown, allowed: RegExp, also: string): string {
  const value = typeof input === 'string' ? input : '';
  if (value === '') return `${what} is empty`;
  const bad = Array.from(value).find((char) => !allowed.test(char));
  if (bad !== undefined) return `${what} cannot contain ${nameOf(bad)}: ${why}`;
  return `${JSON.stringify(value.slice(0, 60))} is not ${what}: ${also}`;
}

function nameOf(char: string): string {
  const names: Record<string, string> = {
    ' ': 'a blank',
    '\t': 'a tab',
    '\n': 'a line break',
    '\r': 'a carriage return',
  };
  const code = char.codePointAt(0) ?? 0;
  if (names[char] !== undefined) return names[char];
  return code < 32 || code === 127 || code > 126
    ? `U+${code.toString(16).padStart(4, '0').toUpperCase()}`
    : `"${char}"`;
}

const segment = String.raw`(?!\.\.?(?:/|$))[A-Za-z0-9._@:+,=-]+`;
const absolute = String.raw`/|(?:/${segment})+`;
const name = String.raw`(?!\d+$)[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?`;
const nameRule = '1 to 63 letters, digits, ".", "_" or "-", a letter or digit at each end, and not digits alone';

/** A name of a cluster, service, site, instance or group. */
export const identifier = text('a name', new RegExp(`^${name}$`), /[A-Za-z0-9._-]/, nameRule);

/** A host name, RFC 1123 and `_`. */
export const hostName = text('a host name', new RegExp(`^${name}$`), /[A-Za-z0-9._-]/, nameRule);

/** A host name as the key of `hosts`, which may hold ranges. */
export const hostKey = text('a host name', /^[A-Za-z0-9._:[\]-]+$/, /[A-Za-z0-9._:[\]-]/, nameRule);

/** An entry of a list of hosts. */
export const pattern = text(
  'a host pattern',
  /^[!&]?(?:[A-Za-z0-9._*?-]|\[[A-Za-z0-9]+:[A-Za-z0-9]+(?::\d+)?\])+$/,
  /[!&A-Za-z0-9._*?[\]:-]/,
  'write a name, a range such as web[1:3], a glob such as web*, a group or "all", with ! before it to exclude and & to intersect; one pattern an entry',
);

/** A list of host patterns. */
export const hosts = z.array(pattern).min(1);

/** An absolute path on a host. */
export const path = text('an absolute path', new RegExp(`^(?:${absolute})$`), /[A-Za-z0-9._/@:+,=-]/, pathRule());

/** `HOST:/path`. */
export const hostPath = text('HOST:/path', new RegExp(`^${name}:(?:${absolute})$`), /[A-Za-z0-9._/@:+,=-]/, pathRule());

function pathRule(): string {
  return 'it starts with /, has no "." or ".." between slashes, no double slash and none at the end';
}

/** The path of a URL, with a query or without. */
export const urlPath = text(
  'a URL path',
  /^\/[A-Za-z0-9._~/%:@+,=?&-]*$/,
  /[A-Za-z0-9._~/%:@+,=?&-]/,
  'it starts with /',
);

/** The path of a page that nginx answers itself. */
export const healthPath = text(
  'a URL path',
  /^\/[A-Za-z0-9._~/-]+$/,
  /[A-Za-z0-9._~/-]/,
  'it starts with / and goes on',
);

/** An IPv4 or IPv6 address. */
export const ip = text('an IP address', /^[0-9A-Fa-f:.]+$/, /[0-9A-Fa-f:.]/, 'write an IPv4 or IPv6 address');

/** An address of a host: ranges and a prefix length are allowed. */
export const hostAddress = text(
  'an address',
  /^[0-9A-Fa-f:.[\]]+(?:\/\d{1,3})?$/,
  /[0-9A-Fa-f:.[\]/]/,
  'write an IPv4 or IPv6 address, with a prefix length if it is not /24 or /64',
);

/** A network interface, at most 15 characters as in the kernel. */
export const nic = text(
  'an interface name',
  /^[A-Za-z0-9][A-Za-z0-9_.-]{0,14}$/,
  /[A-Za-z0-9_.-]/,
  'it has at most 15 characters',
);

/** The label of an address, at most 15 characters as in the kernel. */
export const addressLabel = text(
  'an address label',
  /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,14}$/,
  /[A-Za-z0-9_.:-]/,
  'it has at most 15 characters, as in eth0:vip',
);

/** A network with its prefix length. */
export const network = text(
  'a network',
  /^[0-9A-Fa-f:.]+\/\d{1,3}$/,
  /[0-9A-Fa-f:./]/,
  'write its address and its prefix length, 10.9.0.0/16',
);

/** The name of an executable, at most 15 characters as the kernel keeps it. */
export const processName = text(
  'the name of a process',
  /^[A-Za-z0-9_][A-Za-z0-9_.+-]{0,14}$/,
  /[A-Za-z0-9_.+-]/,
  'the kernel keeps 15 characters of it, as ps -o comm shows',
);

/** A version of keepalived. */
export const versionNumber = text(
  'a version',
  /^\d+\.\d+(?:\.\d+)?$/,
  /[0-9.]/,
  'write it as keepalived -v does: 2.2.7',
);

/** A line of keepalived.conf: no line break, and no comment or variable that would swallow what follows. */
export const keepalivedLine = text(
  'a line of keepalived.conf',
  /^(?=\S)[A-Za-z0-9 ._:,;/=+*?|()[\]{}^<>'"%@&~-]*(?<=\S)$/,
  /[A-Za-z0-9 ._:,;/=+*?|()[\]{}^<>'"%@&~-]/,
  'it begins and ends with something else than a blank',
);

/** `lo`, or the name of a device to be made. */
export const linkName = text(
  'a device name',
  /^[A-Za-z][A-Za-z0-9_-]{0,14}$/,
  /[A-Za-z0-9_-]/,
  'it starts with a letter and has at most 15 characters',
);

/** What `ssh` connects to. Ranges are allowed. */
export const sshHost = text(
  'a host to connect to',
  /^[A-Za-z0-9[:][A-Za-z0-9._:[\]-]*$/,
  /[A-Za-z0-9._:[\]-]/,
  'write a name or an address',
);

/** A login name. */
export const user = text(
  'a user name',
  /^[A-Za-z_][A-Za-z0-9._@-]*$/,
  /[A-Za-z0-9._@-]/,
  'it starts with a letter or "_"',
);

/** ssh_config(5) ProxyJump. */
export const proxyJump = text(
  'a ProxyJump',
  /^[A-Za-z0-9_[][A-Za-z0-9._@:[\],-]*$/,
  /[A-Za-z0-9._@:[\],-]/,
  'write [user@]host[:port], several hops with commas between',
);

/** A file or folder on the operator's machine, relative to the inventory unless absolute or under `~/`. */
export const localPath = text(
  'a path',
  /^(?!~[^/])[^\p{Cc}]+$/u,
  /[^\p{Cc}]/u,
  'of ~ only "~/" is understood, not "~user"',
);

/** A package, Debian policy 5.6.7 and what RPM adds: capitals and `_`. */
export const packageName = text(
  'a package name',
  /^[A-Za-z0-9][A-Za-z0-9+._-]+$/,
  /[A-Za-z0-9+._-]/,
  'it has two characters or more and starts with a letter or digit',
);

/** A sysctl(8) key. */
export const sysctlKey = text(
  'a sysctl key',
  /^[a-z0-9_-]+(?:[./][A-Za-z0-9_-]+)+$/,
  /[A-Za-z0-9_./-]/,
  'write it as sysctl(8) prints it, net.ipv4.ip_forward',
);

/** A sysctl(8) value. */
export const sysctlValue = text(
  'a sysctl value',
  /^[A-Za-z0-9._:,|/%-]+(?:[ \t][A-Za-z0-9._:,|/%-]+)*$/,
  /[A-Za-z0-9 \t._:,|/%-]/,
  'single blanks only',
);

/** One export or mount option. */
export const option = text(
  'an option',
  /^[A-Za-z_][A-Za-z0-9_.:/=@+-]*$/,
  /[A-Za-z0-9_.:/=@+-]/,
  'it starts with a letter; write each option as an entry of its own',
);

/** The name of an environment variable. */
export const envName = text(
  'the name of an environment variable',
  /^[A-Za-z_][A-Za-z0-9_]*$/,
  /[A-Za-z0-9_]/,
  'it starts with a letter or "_"',
);

/** Ports from one to another, both included. */
export const portRange = text(
  'a range of ports',
  /^[1-9]\d{0,4}-[1-9]\d{0,4}$/,
  /[0-9-]/,
  'write the first and the last with "-" between: 30000-30100',
);

/** HTTP statuses from one to another, both included. */
export const statusRange = text(
  'a range of statuses',
  /^[1-5]\d\d-[1-5]\d\d$/,
  /[0-9-]/,
  'write the first and the last with "-" between: 200-299',
);

/** An MD5 digest as genhash(1) prints it. */
export const digest = text(
  'a digest',
  /^[0-9a-f]{32}$/,
  /[0-9a-f]/,
  'it is 32 lower-case hex digits, as genhash prints',
);

/** Bytes as hex digits, blanks between allowed. */
export const hexBytes = text(
  'bytes',
  /^(?:[0-9A-Fa-f]{2} ?)*[0-9A-Fa-f]{2}$/,
  /[0-9A-Fa-f ]/,
  'write two hex digits for each: 0a 1f',
);

/** Bytes as hex digits, `XX` for any byte. */
export const hexPattern = text(
  'bytes',
  /^(?:(?:[0-9A-Fa-f]{2}|XX) ?)*(?:[0-9A-Fa-f]{2}|XX)$/,
  /[0-9A-FX a-f]/,
  'write two hex digits for each, XX for any: 0a XX',
);

/** A regular expression that keepalived.conf can hold in quotes: `$` at the end only, for it begins a variable. */
export const regex = text(
  'a regular expression',
  /^[A-Za-z0-9 ._:,;/=+*?|()[\]^<>'&%-]+\$?$/,
  /[A-Za-z0-9 ._:,;/=+*?|()[\]^<>'&%$-]/,
  '"$" stands at its end only',
);

/** A DNS name, or the root. */
export const dnsName = text(
  'a DNS name',
  /^(?:\.|(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)(?:\.[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?)*\.?)$/,
  /[A-Za-z0-9._-]/,
  'labels of 1 to 63 letters, digits, "_" and "-", with "." between',
);

/** One argument of a script. */
export const argument = text(
  'an argument',
  /^[A-Za-z0-9._:,/=+@%-]+$/,
  /[A-Za-z0-9._:,/=+@%-]/,
  'write each argument as an entry of its own',
);

/** A path on a host, `%h` for the name of the real server. */
export const serverPath = text(
  'an absolute path',
  /^(?:\/(?!\.\.?(?:\/|$))(?:%h|[A-Za-z0-9._@:+,=-])+)+$/,
  /[A-Za-z0-9._/@:+,=%-]/,
  `${pathRule()}; %h is the name of the real server`,
);

/** A word of a command that runs on the operator's machine, without a shell: anything but control characters. */
export const commandWord = text(
  'a word of a command',
  /^[^\p{Cc}]+$/u,
  /[^\p{Cc}]/u,
  'write the program and each argument as an entry of its own',
);

/** A text that age encrypted, in its armour. */
export const ageText = z
  .string()
  .regex(
    /^\s*-----BEGIN AGE ENCRYPTED FILE-----\r?\n(?:[A-Za-z0-9+/=]{1,64}\r?\n)+-----END AGE ENCRYPTED FILE-----\s*$/,
    {
      error:
        'this is no text that age encrypted: it has to begin with -----BEGIN AGE ENCRYPTED FILE-----, a line of its own; write "age: |" and the lines below it',
    },
  )
  .meta({ title: 'an encrypted text' });

/** Whom something may be encrypted for, age-keygen(1). */
export const ageRecipient = text(
  'an age recipient',
  /^age1[0-9a-z]{8,4000}$/,
  /[0-9a-z]/,
  'it begins with age1, as "lvsctl secret keygen" prints it',
);
