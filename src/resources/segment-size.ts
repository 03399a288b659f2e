import type { Family } from '../inventory/cluster.ts';
import { quoteWords } from '../ssh/quote.ts';
import { ref, type Kind } from './resource.ts';

/**
 * The largest TCP segment that a host asks its peers for, on every route of its main table, ip-route(8) `advmss`: what comes
 * back through a tunnel then fits. That it is so after a boot is the business of a unit.
 */
export interface SegmentSizeResource {
  readonly kind: 'segment-size';
  readonly family: Family;
  /** Bytes. */
  readonly most: number;
}

/** The routes of the main table that ask for what, as `ip route` prints them; `most` undefined: what the interface allows. */
export type SegmentSizeState = readonly { readonly line: string; readonly most: number | undefined }[];

/**
 * A sh function `ask_segments FAMILY MOST`: changes every route that asks for more, and leaves alone those that lead to no
 * network, and those with several next hops, whose lines ip(8) does not take back.
 */
export const askSegments = String.raw`ask_segments() {
  ip -o "-$1" route show table main | while read -r line; do
    case " $line " in
      *' nexthop '* | *' dev lo '* | ' fe80:'* | ' ff00:'* | ' unreachable '* | ' blackhole '* | ' prohibit '* | ' throw '*) continue ;;
      *' advmss '*)
        now=${'$'}{line##* advmss }
        [ "${'$'}{now%% *}" -gt "$2" ] || continue
        ;;
    esac
    line=$(printf '%s\n' "$line" | sed -e 's/ advmss [0-9]*//' -e 's/ expires [0-9]*sec//' -e 's/ linkdown//' -e 's/ dead//')
    # The words of the line are the arguments.
    ip "-$1" route change $line advmss "$2" || return 1
  done
}`;

/** Which lines {@link askSegments} looks at. */
const concerned = (line: string): boolean =>
  !/^(?:fe80:|ff00:|unreachable |blackhole |prohibit |throw )| (?:nexthop|dev lo)\b/.test(line);

/** Segment sizes, by one `ip route` for each family. */
export const segmentSize: Kind<SegmentSizeResource, SegmentSizeState> = {
  kind: 'segment-size',
  name: ({ family, most }) => `${most} over IPv${family}`,

  probe: (resources) =>
    resources.map(({ family }) => `echo 'family ${family}'\nip -o -${family} route show table main || :`).join('\n'),

  read(output, resources) {
    const parts = output.split(/^family (\d)$/m);
    return new Map(
      resources.map((resource) => {
        const text = parts[parts.indexOf(String(resource.family), 1) + 1] ?? '';
        const lines = text.split('\n').map((line) => line.trim());
        return [segmentSize.name(resource), lines.filter((line) => line !== '' && concerned(line)).map(readLine)];
      }),
    );
  },

  change(resource, observed) {
    const larger = observed?.filter(({ most }) => most === undefined || most > resource.most) ?? [];
    if (observed !== undefined && larger.length === 0) return [];
    return [
      {
        resource: ref('segment-size', segmentSize.name(resource)),
        action: 'update',
        summary: `asks for ${resource.most} bytes at most, on ${larger.length} routes`,
        impact: 'none',
        sh: `${askSegments}\nask_segments ${resource.family} ${resource.most}`,
        undo: restore(resource, larger),
      },
    ];
  },

  remember: (resource, observed, earlier) => ({ resource, before: earlier ? earlier.before : (observed ?? []) }),

  remove(resource, observed = []) {
    const ours = observed.filter(({ most }) => most === resource.most);
    if (ours.length === 0) return [];
    return [
      {
        resource: ref('segment-size', segmentSize.name(resource)),
        action: 'update',
        summary: `no longer asks for ${resource.most} bytes, on ${ours.length} routes`,
        impact: 'none',
        sh: restore(
          resource,
          ours.map(({ line }) => readLine(line.replace(/ advmss \d+/, ''))),
        ),
        undo: `${askSegments}\nask_segments ${resource.family} ${resource.most}`,
      },
    ];
  },
};

/** Gives routes back what they asked for; one that is gone by then stays so. */
function restore({ family }: SegmentSizeResource, routes: SegmentSizeState): string {
  return routes.map(({ line }) => `ip -${family} route change ${quoteWords(line)} 2>/dev/null || :`).join('\n') || ':';
}

function readLine(text: string): SegmentSizeState[number] {
  const line = text.replace(/ (?:linkdown|dead)\b| expires \d+sec/g, '');
  const most = / advmss (\d+)/.exec(line)?.[1];
  return { line, most: most === undefined ? undefined : Number(most) };
}
