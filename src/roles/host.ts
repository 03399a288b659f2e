import { guards } from './guards.ts';
import type { Role } from './role.ts';
import { sysctls } from './settings.ts';

/** What the inventory wishes for a host itself, whatever its place in the cluster. */
export const host: Role = {
  name: 'host',
  stage: 'base',
  applies: () => true,
  packages: (context) => [
    ...context.platform.packages.base,
    ...context.host.packages.filter((wish) => wish.state === 'present').map((wish) => wish.name),
  ],
  resources: (context) => [...sysctls(context, 'host', context.host.sysctl), ...guards(context)],
};
