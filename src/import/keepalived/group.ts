import ipaddr from 'ipaddr.js';
import { readIp } from '../../inventory/address.ts';
import type { Statement } from '../../keepalived/parse.ts';
import type { VirtualEnd } from '../draft.ts';
import { leave, whole, type Keyword, type Scope } from './keyword.ts';

const port = whole(1, 65_535) as (words: readonly string[]) => number | undefined;

/** Addresses of a range that become a service each. */
const mostAddresses = 256;

/** `virtual_server_group NAME { … }`: `ADDRESS PORT`, `FIRST-LAST PORT` or `fwmark N` a line. */
export const virtualServerGroup: Keyword = ({ words: [, name = ''], block }, _entry, scope) => {
  const ends = (block ?? []).flatMap((statement) => {
    const [first = '', second = ''] = statement.words;
    if (first === 'fwmark') return markedEnd(statement, second, scope) ?? [];
    const at = port([second]);
    const addresses = addressesOf(first);
    if (at !== undefined && addresses !== undefined) return addresses.map((vip) => ({ vip, port: at }));
    leave(statement, scope, `is not ADDRESS PORT or FIRST-LAST PORT of up to ${mostAddresses} addresses`);
    return [];
  });
  scope.draft.ends.set(name, ends);
  return true;
};

/** What a `virtual_server` is for; undefined: it makes no sense. */
export function endsOf(statement: Statement, scope: Scope): readonly VirtualEnd[] | undefined {
  const [, first = '', second = ''] = statement.words;
  if (first === 'group') {
    const ends = scope.draft.ends.get(second);
    return ends === undefined || ends.length === 0 ? undefined : ends;
  }
  if (first === 'fwmark') {
    const end = markedEnd(statement, second, scope);
    return end && [end];
  }
  const vip = readIp(first);
  const at = port([second]);
  return vip.ok && at !== undefined ? [{ vip: vip.value.address, port: at }] : undefined;
}

function markedEnd(statement: Statement, text: string, scope: Scope): VirtualEnd | undefined {
  const mark = whole(1, 0x7fff_ffff)([text]) as number | undefined;
  const remedy =
    mark === undefined
      ? 'is not the number of a firewall mark'
      : 'write vip and ports: which packets get this mark stands in the firewall rules';
  leave({ ...statement, block: undefined }, scope, remedy);
  return mark === undefined ? undefined : { mark };
}

/** An address, or those of a range: `10.0.0.1-9`, where the last part is replaced, or `10.0.0.250-10.0.1.9`. */
function addressesOf(text: string): string[] | undefined {
  const [first = '', last, ...more] = text.split('-');
  const from = readIp(first);
  if (!from.ok || more.length > 0) return undefined;
  if (last === undefined) return [from.value.address];
  const separator = from.value.family === 4 ? '.' : ':';
  const upTo = last.includes(separator) ? last : first.slice(0, first.lastIndexOf(separator) + 1) + last;
  const to = readIp(upTo);
  if (!to.ok || to.value.family !== from.value.family) return undefined;
  const start = numberOf(from.value.address);
  const count = numberOf(to.value.address) - start + 1n;
  if (count < 1n || count > BigInt(mostAddresses)) return undefined;
  const bytes = from.value.family === 4 ? 4 : 16;
  return Array.from({ length: Number(count) }, (_, n) => addressAt(start + BigInt(n), bytes));
}

function numberOf(address: string): bigint {
  return ipaddr
    .parse(address)
    .toByteArray()
    .reduce((number, byte) => number * 256n + BigInt(byte), 0n);
}

function addressAt(number: bigint, bytes: number): string {
  const parts = Array.from({ length: bytes }, (_, n) => Number((number >> BigInt(8 * (bytes - 1 - n))) & 255n));
  return ipaddr.fromByteArray(parts).toString();
}
