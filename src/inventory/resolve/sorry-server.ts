import { readIp } from '../address.ts';
import type { SorryServer } from '../cluster.ts';
import type { Written } from '../schema.ts';
import type { Path } from '../yaml/places.ts';
import type { Context } from './context.ts';
import { addressOf, type Behind } from './real-servers.ts';

type WrittenService = NonNullable<Written['services']>[string];

/** The sorry server of a service; what cannot be one is reported. */
export function resolveSorryServer(
  { sorryServer }: WrittenService,
  behind: Behind,
  path: Path,
  context: Context,
): SorryServer | undefined {
  if (sorryServer === undefined) return undefined;
  const own = typeof sorryServer === 'string' ? { host: sorryServer } : sorryServer;
  const port = own.port ?? behind.port;
  if (own.host !== undefined) {
    const at = typeof sorryServer === 'string' ? path : [...path, 'host'];
    const [name, second] = context.selectOne(own.host, at);
    if (second !== undefined) context.report('reference', at, 'a service has one sorry server', 'name one host');
    if (own.address !== undefined)
      context.report('reference', [...path, 'address'], 'a sorry server has either a host or an address, not both');
    const address = name === undefined ? undefined : addressOf(name, behind);
    if (name !== undefined && address === undefined)
      context.report('address-family', at, `${name} has no IPv${behind.family} address, as the VIP has`);
    return name === undefined || address === undefined ? undefined : { host: name, address, port };
  }
  const read = readIp(own.address ?? '');
  if (!read.ok) context.report('address', own.address === undefined ? path : [...path, 'address'], read.error);
  else if (read.value.family !== behind.family)
    context.report(
      'address-family',
      [...path, 'address'],
      `${own.address ?? ''} is not IPv${behind.family}, as the VIP is`,
    );
  return read.ok ? { host: undefined, address: read.value.address, port } : undefined;
}
