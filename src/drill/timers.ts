import { checksOf } from '../inventory/check-of.ts';
import type { HealthCheck, RealServer, VirtualService, VrrpInstance } from '../inventory/cluster.ts';

/** How long something may take by the cluster's own timers. */
export interface Bound {
  /** Seconds. */
  readonly seconds: number;
  /** How it comes about, for people. */
  readonly because: string;
}

/** Adverts that may be missed, RFC 5798 6.1 (Master_Down_Interval), unless `down_timer_adverts` says otherwise. */
const defaultAdverts = 3;

type Timers = Pick<VrrpInstance, 'version' | 'advertInterval' | 'downTimerAdverts' | 'priorities'>;

/**
 * What a director of a lower priority waits longer than one of a higher: `(256-priority)/256` seconds in VRRP version 2, whatever the
 * advert interval is (RFC 3768 6.1), and that part of the advert interval in version 3 (RFC 5798 6.1).
 */
export function skew({ version, advertInterval, priorities }: Timers, director: string): Bound {
  const priority = priorities[director] ?? 100;
  const unit = version === 2 ? 1 : advertInterval;
  return {
    seconds: ((256 - priority) / 256) * unit,
    because: `skew (256-${priority})/256${unit === 1 ? '' : ` × ${unit}`} s`,
  };
}

/** How long a director hears nothing until it takes over: keepalived.conf(5) `down_timer_adverts`. */
export function masterDown(instance: Timers, director: string): Bound {
  const adverts = instance.downTimerAdverts ?? defaultAdverts;
  return sum(
    { seconds: adverts * instance.advertInterval, because: `${adverts} adverts × ${instance.advertInterval} s` },
    skew(instance, director),
  );
}

/** The next advert, which a director of a lower priority gives way to. */
export function nextAdvert({ advertInterval }: Pick<VrrpInstance, 'advertInterval'>): Bound {
  return { seconds: advertInterval, because: `the next advert, ${advertInterval} s` };
}

/** Until a director that comes up again has the VIPs: it hears the other one for as long as a takeover takes, and waits its delay. */
export function preemption(instance: Timers & Pick<VrrpInstance, 'preemptDelay'>, director: string): Bound {
  const down = masterDown(instance, director);
  return instance.preemptDelay === 0 ? down : sum(down, delay('preempt_delay', instance.preemptDelay));
}

/** Kinds of checks that fail when nothing listens on the real server's port any more. */
const noticing = new Set<HealthCheck['kind']['type']>(['tcp', 'http', 'https', 'smtp', 'dns', 'udp']);

/** The checks that fail when a real server's service is stopped: its connections are refused. */
export function checksThatNotice(service: VirtualService, server: RealServer): readonly HealthCheck[] {
  return checksOf(service, server).filter(
    ({ kind, port, address }) =>
      noticing.has(kind.type) && (port === undefined || port === server.port) && address === undefined,
  );
}

/**
 * Until a real server that refuses connections is out of the table: its check comes round, and is tried again. It is out as soon as
 * one of its checks has failed. Undefined: none of them notices.
 */
export function removal(service: VirtualService, server: RealServer): Bound | undefined {
  const bounds = checksThatNotice(service, server).map(({ interval, retries, retryDelay }) => ({
    seconds: interval + retries * retryDelay,
    because: `delay_loop ${interval} s + ${retries} × delay_before_retry ${retryDelay} s`,
  }));
  return bounds.sort((a, b) => a.seconds - b.seconds)[0];
}

/**
 * Until a real server that works again is in the table: one success of each check, and of HTTP_GET and SSL_GET two. After the page that
 * had failed they ask for all pages anew, each a `delay_loop` later (keepalived's check_http.c: `failed_url`).
 */
export function readmission(service: VirtualService, server: RealServer): Bound {
  const checks = checksOf(service, server).map(({ kind, interval, timeout, retryDelay }) => {
    const bounds = [
      retryDelay > interval ? delay('delay_before_retry', retryDelay) : delay('delay_loop', interval),
      delay('connect_timeout', timeout),
    ];
    if (kind.type === 'http' || kind.type === 'https') bounds.push(delay('delay_loop', interval));
    return sum(...bounds);
  });
  const [first, ...more] = checks;
  if (!first) throw new Error('a real server has at least one check');
  return longest(first, ...more);
}

function delay(keyword: string, seconds: number): Bound {
  return { seconds, because: `${keyword} ${seconds} s` };
}

/** One after the other. */
export function sum(...bounds: readonly Bound[]): Bound {
  return {
    seconds: bounds.reduce((total, { seconds }) => total + seconds, 0),
    because: bounds.map(({ because }) => because).join(' + '),
  };
}

/** The longest of several; at least one is needed. */
export function longest(first: Bound, ...more: readonly Bound[]): Bound {
  return more.reduce((most, one) => (one.seconds > most.seconds ? one : most), first);
}
