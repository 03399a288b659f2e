import ipaddr from 'ipaddr.js';
import type { Family } from '../inventory/cluster.ts';
import { printableLine } from '../ssh/printable.ts';
import { runListener } from './listener.ts';

/** A NIC that is listened at, for the adverts of one family. */
export interface Link {
  readonly family: Family;
  readonly interface: string;
  /** VRIDs that somebody has to speak with; there is no need to listen on once each was heard. */
  readonly due: readonly number[];
}

/** A VRRP advert: RFC 3768 5.1 for version 2, RFC 5798 5.1 for version 3. */
export interface Advert {
  /** Number of the link that it was heard at. */
  readonly link: number;
  /** Address of the sender. */
  readonly source: string;
  readonly version: number;
  readonly vrid: number;
  /** 1–255; the 0 of a director that leaves is not told. */
  readonly priority: number;
  /** Version 2: 0 none, 1 a password, 2 IPsec AH; undefined: the version has none. */
  readonly authentication: number | undefined;
  /** Seconds between two. */
  readonly interval: number;
  readonly vips: readonly string[];
}

/** What was heard. */
export interface Listening {
  readonly adverts: readonly Advert[];
  /** Why nothing could be heard at a link, by its number; raw text of the host made printable. */
  readonly deaf: ReadonlyMap<number, string>;
  /** For how many seconds it was listened; undefined: it was not. */
  readonly seconds: number | undefined;
}

/** sh that listens at links, `least` seconds and, as long as one that is due was not heard, up to `most`. */
export function listen(links: readonly Link[], least: number, most: number, mark: string): string {
  const words = links.map(({ family, interface: nic, due }) => [family, nic, ...due].join(','));
  return runListener([String(least), String(most), mark, ...words], most);
}

/** Reads what {@link listen} printed; what is no whole advert is left out. */
export function readListening(output: string, mark: string): Listening {
  const lines = output.split('\n').flatMap((line) => (line.startsWith(`${mark} `) ? [line.split(' ').slice(1)] : []));
  const of = (kind: string): string[][] => lines.filter(([its]) => its === kind).map((words) => words.slice(1));
  const [listened] = of('listened').flat();
  return {
    adverts: of('advert').flatMap(([link, source = '', packet = '']) => {
      const read = readAdvert(Buffer.from(packet, 'hex'), Buffer.from(source, 'hex'));
      return read ? [{ link: Number(link), ...read }] : [];
    }),
    deaf: new Map(of('deaf').map(([link, ...why]) => [Number(link), printableLine(why.join(' '))])),
    seconds: listened === undefined ? undefined : Number(listened),
  };
}

function readAdvert(packet: Buffer, source: Buffer): Omit<Advert, 'link'> | undefined {
  const size = source.length;
  const [first = 0, vrid = 0, priority = 0, count = 0, fifth = 0, sixth = 0] = packet;
  const version = first >> 4;
  const isAdvert = (first & 15) === 1 && (version === 2 || version === 3);
  if ((size !== 4 && size !== 16) || packet.length < 8 || !isAdvert || priority === 0) return undefined;
  const vips = Array.from({ length: Math.min(count, Math.floor((packet.length - 8) / size)) }, (_, index) =>
    addressOf(packet.subarray(8 + index * size, 8 + (index + 1) * size)),
  );
  const common = { source: addressOf(source), version, vrid, priority, vips };
  return version === 2
    ? { ...common, authentication: fifth, interval: sixth }
    : { ...common, authentication: undefined, interval: (((fifth & 15) << 8) | sixth) / 100 };
}

function addressOf(bytes: Buffer): string {
  return ipaddr.fromByteArray([...bytes]).toString();
}
