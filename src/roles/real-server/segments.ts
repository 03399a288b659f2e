import type { TunnelEnd } from '../../forwarding/tunnel-end.ts';
import type { Family } from '../../inventory/cluster.ts';
import type { Resource } from '../../resources/index.ts';
import { askSegments } from '../../resources/segment-size.ts';
import type { RoleContext } from '../role.ts';
import { scriptUnit, templateFile } from '../settings.ts';

const folder = '/usr/local/lib/lvsctl';
const script = `${folder}/segments`;

/** What keeps the segments of clients so small that they fit into the tunnels in one piece, now and after a boot. */
export function asksForSegments(context: RoleContext, ends: readonly TunnelEnd[]): readonly Resource[] {
  const sizes = ([4, 6] as const).flatMap((family) => smallest(ends, family));
  if (sizes.length === 0) return [];
  const own = scriptUnit(context, 'lvsctl-segments', script);
  return [
    { kind: 'directory', path: folder, mode: undefined },
    templateFile(context, script, 'segments.sh', { function: askSegments, sizes }, { mode: '0755' }),
    own.file,
    ...sizes.map((size): Resource => ({ kind: 'segment-size', ...size })),
    own.service,
  ];
}

function smallest(ends: readonly TunnelEnd[], family: Family): { readonly family: Family; readonly most: number }[] {
  const sizes = ends.filter((end) => end.family === family).map(({ segment }) => segment);
  return sizes.length === 0 ? [] : [{ family, most: Math.min(...sizes) }];
}
