import type { Cluster } from '../../inventory/cluster.ts';
import { shortest } from '../../ipvs/desired.ts';
import { endName } from '../../ipvs/table.ts';
import { quote } from '../../ssh/quote.ts';
import type { Run } from '../run.ts';

/**
 * sh that counts the TCP connections of a real server in which it may still have to answer. It is the real server that knows: where
 * answers do not pass a director, what that director takes for a connection may be 15 minutes gone.
 */
export function socketsScript({ services }: Cluster, host: string): string {
  const ends = services.flatMap((service) =>
    service.realServers
      .filter((server) => server.host === host && service.protocol === 'TCP' && !service.mark)
      .map(({ address, port }) =>
        endName({ address: shortest(service.forwarding.mode === 'NAT' ? address : service.vip), port }),
      ),
  );
  return [
    'said=$(ss -Htan) || exit 1',
    `ends=${quote(` ${[...new Set(ends)].join(' ')} `)}`,
    'count=0',
    'while read -r state _ _ own _; do',
    '  case "$state" in ESTAB | SYN-RECV | CLOSE-WAIT) ;; *) continue ;; esac',
    '  case "$ends" in *" $own "*) count=$((count + 1)) ;; esac',
    'done <<end',
    '$said',
    'end',
    'echo $count',
  ].join('\n');
}

/** How many there are; undefined: the host cannot say. */
export async function readSockets(run: Run, cluster: Cluster, host: string): Promise<number | undefined> {
  const ran = await run.connections.get(host)?.run(socketsScript(cluster, host), { deadline: 20 });
  const count = ran?.ok === true && ran.value.code === 0 ? ran.value.stdout.toString('utf8').trim() : '';
  return /^\d{1,7}$/.test(count) ? Number(count) : undefined;
}
