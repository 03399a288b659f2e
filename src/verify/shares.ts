import { checksOf, isDynamic } from '../inventory/check-of.ts';
import type { RealServer, VirtualService } from '../inventory/cluster.ts';
import { spreadOf, working } from './scope.ts';

/** The chance that connections which are dealt out as they should be are called unevenly dealt, at most, for a whole service. */
export const falseAlarm = 1e-6;

/** How many connections a real server got. */
export interface Share {
  readonly server: RealServer;
  readonly connections: number;
}

/** One that got more or fewer than chance explains. */
export interface OddShare extends Share {
  /** What its weight would have brought it, of as many connections. */
  readonly expected: number;
}

/**
 * The real servers that got more or fewer connections than what the scheduler promises them. Connections of all clients count; they are
 * dealt out in turns, so that what a server gets strays less from its part than if each were drawn by lot. Of n drawn by lot with
 * chance p, a part of q or more (q > p), or of q or less, comes up with a chance of at most e^(-n·D), where D is the relative
 * entropy q·ln(q/p) + (1-q)·ln((1-q)/(1-p)) (W. Hoeffding 1963, theorem 1). A server is odd where that chance, for both sides and for each
 * server of the service, is below {@link falseAlarm}. Nothing is said of schedulers that do not deal by weight, of servers whose checks set
 * their weight, and of those that may be full. Pure.
 */
export function oddShares(service: VirtualService, shares: readonly Share[]): OddShare[] {
  if (spreadOf(service) !== 'even' || working(service).some((server) => isLeftAlone(service, server))) return [];
  const total = shares.reduce((sum, { connections }) => sum + connections, 0);
  const weights = shares.reduce((sum, { server }) => sum + weightOf(service, server), 0);
  const limit = Math.log((2 * shares.length) / falseAlarm);
  return shares.flatMap((share) => {
    const chance = weightOf(service, share.server) / weights;
    const odd = total > 0 && chance < 1 && total * relativeEntropy(share.connections / total, chance) > limit;
    return odd ? [{ ...share, expected: total * chance }] : [];
  });
}

function relativeEntropy(part: number, chance: number): number {
  const term = (a: number, b: number): number => (a === 0 ? 0 : a * Math.log(a / b));
  return term(part, chance) + term(1 - part, 1 - chance);
}

/** `rr` gives each server its turn, whatever its weight: ipvsadm(8). */
function weightOf({ scheduler }: VirtualService, { weight }: RealServer): number {
  return scheduler === 'rr' ? 1 : weight;
}

function isLeftAlone(service: VirtualService, server: RealServer): boolean {
  return server.upperThreshold !== undefined || checksOf(service, server).some(isDynamic);
}
