import type { VirtualService } from '../inventory/cluster.ts';
import { checkedFiles } from '../keepalived/check.ts';
import { configTest } from '../keepalived/config-test.ts';
import { globalDefinitions } from '../keepalived/global.ts';
import { virtualServer } from '../keepalived/service.ts';
import { trackerDefinitions } from '../keepalived/tracking.ts';
import { syncGroup, vrrpInstance } from '../keepalived/vrrp.ts';
import { ref } from '../resources/resource.ts';
import type { Role } from './role.ts';
import { forwardingSettings } from './director/forwarding-settings.ts';
import { keepalivedScripts } from './director/scripts.ts';
import { kernelModules, sysctls, templateFile } from './settings.ts';

/** The file that keepalived reads. */
export const keepalivedConfiguration = '/etc/keepalived/keepalived.conf';

const validate = `${configTest('"$new"')} || { echo "keepalived refuses the configuration: $complaint"; false; }`;

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
      ...keepalivedScripts(cluster),
      templateFile(
        context,
        keepalivedConfiguration,
        'keepalived.conf',
        {
          global: globalDefinitions(context),
          definitions: [...trackerDefinitions(context), ...checkedFiles(context)],
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
