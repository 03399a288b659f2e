import type { VirtualService } from '../inventory/cluster.ts';
import { checkedFiles } from '../keepalived/check.ts';
import { lvsGlobals } from '../keepalived/lvs.ts';
import { part } from '../keepalived/part.ts';
import { virtualServer } from '../keepalived/service.ts';
import { syncGroup, vrrpInstance } from '../keepalived/vrrp.ts';
import { ref } from '../resources/resource.ts';
import type { Role } from './role.ts';
import { forwardingSettings } from './director/forwarding-settings.ts';
import { kernelModules, sysctls, templateFile } from './settings.ts';

/** The file that keepalived reads. */
export const keepalivedConfiguration = '/etc/keepalived/keepalived.conf';

/**
 * Whatever `keepalived -t` says counts as a refusal: its exit code differs between versions, and it warns of settings that
 * it will ignore with exit code 0. It is run on the target, since interfaces and users matter.
 */
const validate = `complaint=$(keepalived -t -f "$new" 2>&1) && [ -z "$complaint" ] || { echo "keepalived refuses the configuration: $complaint"; false; }`;

/** A director: IPVS, and keepalived which moves the VIPs and checks the real servers. */
export const director: Role = {
  name: 'director',
  stage: 'directors',
  applies: (cluster, { name }) => cluster.directors.includes(name),
  packages: ({ platform }) => platform.packages.director,

  resources(context) {
    const { cluster, platform } = context;
    const schedulers = [...new Set(cluster.services.map((service) => `ip_vs_${service.scheduler}`))].sort();
    return [
      ...kernelModules(context, 'director', ['ip_vs', ...schedulers]),
      ...sysctls(context, 'director', {
        ...forwardingSettings(context),
        // A dead real server must not swallow connections until they time out: ipvs-sysctl.rst.
        'net.ipv4.vs.expire_nodest_conn': '1',
        'net.ipv4.vs.expire_quiescent_template': '1',
      }),
      templateFile(
        context,
        keepalivedConfiguration,
        'keepalived.conf',
        {
          global: part(context, 'global', { lvs: lvsGlobals(context) }),
          trackFiles: checkedFiles(context),
          syncGroups: cluster.syncGroups.map((group) => syncGroup(context, group)),
          instances: cluster.vrrp.map((instance) => vrrpInstance(context, instance)),
          services: cluster.services.map((service) => virtualServer(context, service)),
        },
        { mode: '0640', validate, mask: /(auth_pass[ \t]+)\S.*/g },
      ),
      {
        kind: 'service',
        unit: platform.units.keepalived,
        reloadOn: [ref('file', keepalivedConfiguration)],
        restartOn: [],
        configuration: [keepalivedConfiguration],
        ready: tableHas(cluster.services),
      },
    ];
  },
};

/** Succeeds once keepalived has put every virtual service into the table. */
function tableHas(services: readonly VirtualService[]): string {
  const lines = services.map(
    ({ protocol, vip, port, family }) => `*"${protocol}  ${family === 6 ? `[${vip}]` : vip}:${port} "*`,
  );
  return ['table=$(ipvsadm -Ln)', ...lines.map((line) => `case "$table" in ${line}) ;; *) exit 1;; esac`)].join('\n');
}
