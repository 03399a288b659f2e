import type { VirtualService } from '../inventory/cluster.ts';
import { bfdInstances, sessionsOf, withBfd } from '../keepalived/bfd.ts';
import { checkedFiles } from '../keepalived/check.ts';
import { configTest } from '../keepalived/config-test.ts';
import { globalDefinitions } from '../keepalived/global.ts';
import { virtualMacSettings } from '../keepalived/virtual-mac.ts';
import { virtualServer } from '../keepalived/service.ts';
import { trackerDefinitions } from '../keepalived/tracking.ts';
import { syncGroup, vrrpInstance } from '../keepalived/vrrp.ts';
import { keyOf } from '../ipvs/desired.ts';
import { endName } from '../ipvs/table.ts';
import { movables } from '../keepalived/hand-over.ts';
import type { FileResource } from '../resources/file.ts';
import type { Resource } from '../resources/index.ts';
import { ref } from '../resources/resource.ts';
import { drainedFile } from './director/drained.ts';
import type { Role, RoleContext } from './role.ts';
import { forwardingSettings } from './director/forwarding-settings.ts';
import { keepalivedScripts } from './director/scripts.ts';
import { hasMarks, marks } from './director/marks.ts';
import { ipvsModules } from './director/modules.ts';
import { kernelModules, sysctls, templateFile } from './settings.ts';

/** The file that keepalived reads. */
export const keepalivedConfiguration = '/etc/keepalived/keepalived.conf';

/**
 * Where keepalived tells ip(8) the name of its addresses' protocol: the one with iproute2 6.12 and later, the other with 6.3 to 6.11
 * (keepalived, pull request 2488).
 */
const protocolNames = ['/etc/iproute2/rt_addrprotos.d/keepalived.conf', '/etc/iproute2/rt_addrprotos'];

const test = `${configTest('"$new"')} || { echo "keepalived refuses the configuration: $complaint"; false; }`;

/** A director: IPVS, and keepalived which moves the VIPs and checks the real servers. */
export const director: Role = {
  name: 'director',
  stage: 'directors',
  applies: (cluster, { name }) => cluster.directors.includes(name),
  packages: (context) => {
    const { director: own, marking } = context.platform.packages;
    return [...own, ...(hasMarks(context) ? marking[context.cluster.ipvs.marking] : [])];
  },

  resources(context) {
    const { cluster, platform } = context;
    return [
      ...(cluster.services.length > 0 ? balancing(context) : []),
      ...(cluster.vrrp.some(({ vmac }) => vmac !== undefined)
        ? sysctls(context, 'virtual-mac', virtualMacSettings)
        : []),
      ...marks(context),
      ...keepalivedScripts(cluster),
      templateFile(
        context,
        keepalivedConfiguration,
        'keepalived.conf',
        {
          global: globalDefinitions(context),
          definitions: [...bfdInstances(context), ...trackerDefinitions(context), ...checkedFiles(context)],
          syncGroups: cluster.syncGroups.map((group) => syncGroup(context, group)),
          instances: cluster.vrrp.map((instance) => vrrpInstance(context, instance)),
          services: cluster.services.map((service) => virtualServer(context, service)),
        },
        { mode: '0640', validate: usesBfd(context) ? withBfd(test) : test, mask: 'auth_pass' },
      ),
      drainedFile(cluster),
      ...optionsFile(context),
      {
        kind: 'service',
        unit: platform.units.keepalived,
        reloadOn: [ref('file', keepalivedConfiguration)],
        restartOn: optionsFile(context).map(({ path }) => ref('file', path)),
        configuration: [keepalivedConfiguration],
        writes: protocolNames,
        listens: [],
        ...(cluster.services.length > 0 ? { ready: tableHas(cluster.services) } : {}),
      },
      ...movables(cluster).map(({ file }): Resource => ({
        ...{ kind: 'file', path: file, content: undefined, mode: '0644', owner: 'root', group: 'root' },
      })),
    ];
  },
};

function usesBfd({ cluster, host }: RoleContext): boolean {
  return sessionsOf(cluster, host.name).length > 0;
}

/** How keepalived is started, keepalived(8): a service manager's own file says so, and only a restart takes it up. */
function optionsFile({ cluster, platform }: RoleContext): FileResource[] {
  const { options } = cluster.keepalived;
  if (options === undefined) return [];
  const { path, variable } = platform.keepalivedOptions;
  const content = `${variable}="${options.join(' ')}"\n`;
  return [{ kind: 'file', path, content, mode: '0644', owner: 'root', group: 'root' }];
}

/** What IPVS needs; directors that move VIPs only, in front of HAProxy or anything else, do without. */
function balancing(context: RoleContext): Resource[] {
  return [
    ...kernelModules(context, 'director', ipvsModules(context)),
    ...sysctls(context, 'director', {
      ...forwardingSettings(context),
      // A dead real server must not swallow connections until they time out: ipvs-sysctl.rst.
      'net.ipv4.vs.expire_nodest_conn': '1',
      'net.ipv4.vs.expire_quiescent_template': '1',
    }),
  ];
}

/** Succeeds once keepalived has put every virtual service into the table. */
function tableHas(services: readonly VirtualService[]): string {
  const lines = services.map((service) => {
    const key = keyOf(service);
    if (key.protocol === 'FWM') return `*"FWM  ${key.mark} "*`;
    return `*"${key.protocol.padEnd(4)} ${endName(key)} "*`;
  });
  return ['table=$(ipvsadm -Ln)', ...lines.map((line) => `case "$table" in ${line}) ;; *) exit 1;; esac`)].join('\n');
}
