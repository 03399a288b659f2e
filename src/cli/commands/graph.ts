import { checkCluster } from '../../inventory/load.ts';
import { pictureOf, type Picture } from '../../report/picture.ts';
import { pictureMermaid } from '../../report/picture/mermaid.ts';
import { pictureColours, pictureStyle, pictureSvg } from '../../report/picture/svg.ts';
import { ipvsTable } from '../../verify/checks/ipvs-table.ts';
import { exit, type GlobalFlags, type Output, type Terminal } from '../context.ts';
import { desiredHosts, withHosts } from '../house.ts';
import { withCluster } from '../with-cluster.ts';
import { proveCluster } from './verify.ts';

/** What `graph` takes besides the flags of every command. */
export interface GraphFlags extends GlobalFlags {
  readonly mermaid: boolean;
  /** Whether the hosts are asked. */
  readonly live: boolean;
}

/** Boxes beside each other. */
const across = 5;

/** `lvsctl graph`: a picture of the cluster as SVG, as Mermaid, or with `--json` as data. */
export function graph(terminal: Terminal, flags: GraphFlags): Promise<number> {
  if (!flags.live)
    return withCluster(
      terminal,
      flags,
      ({ cluster, out }) => {
        print(pictureOf(cluster), flags, out);
        return exit.ok;
      },
      checkCluster,
    );
  return withHosts(terminal, flags, async ({ cluster, hosts, out, progress, connect, stop }) => {
    const desired = desiredHosts(cluster, hosts);
    // What the picture shows comes with the observation and the tables: nothing is sent to a VIP.
    const { sight, interrupted, findings } = await proveCluster({
      ...{ cluster, desired, connect, listen: progress.listen, signal: stop, patience: 0 },
      checks: [ipvsTable],
    });
    await progress.close();
    print(pictureOf(cluster, sight), flags, out);
    if (interrupted) return exit.interrupted;
    return findings.some(({ check }) => check === 'reachable') ? exit.unreachable : exit.ok;
  });
}

function print(picture: Picture, { mermaid, json }: GraphFlags, out: Output): void {
  if (json) out.json(picture);
  else if (mermaid) out.line(pictureMermaid(picture).trimEnd());
  else out.line(pictureSvg(picture, across, 'title', `${pictureColours}${pictureStyle}`).text);
}
