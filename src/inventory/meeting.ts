import { inNetwork } from './address.ts';
import type { Host, HostAddress } from './cluster.ts';

/** Two addresses by which hosts reach each other. */
export interface Meeting {
  readonly from: HostAddress;
  readonly to: HostAddress;
  /** Whether they are in one network. */
  readonly direct: boolean;
}

/**
 * The addresses by which one host reaches another: in a network that both are in, earlier addresses before later ones, else the
 * first pair of one family, and routers do the rest. Undefined: they have no family in common.
 */
export function meeting(from: Host, to: Host): Meeting | undefined {
  const pairs = to.addresses.flatMap((there) =>
    from.addresses.filter(({ family }) => family === there.family).map((here) => ({ from: here, to: there })),
  );
  const direct = pairs.find((pair) => inNetwork(pair.from.address, pair.to) && inNetwork(pair.to.address, pair.from));
  if (direct !== undefined) return { ...direct, direct: true };
  const [first] = pairs;
  return first === undefined ? undefined : { ...first, direct: false };
}
