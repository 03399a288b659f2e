import { join } from 'node:path';
import { loadCluster } from '../../src/inventory/load.ts';
import { startSshd } from '../ssh/fake-sshd.ts';
import { makeWorld } from '../ssh/world.ts';
import { Box } from '../support/box.ts';
import { wishesOf } from '../support/cluster.ts';
import { lvsctl, type Shown } from './terminal.ts';

/** One director, a box that is logged in to by ssh, and two real servers that do not answer. */
export interface Director {
  readonly box: Box;
  /** The operator's home folder. */
  readonly home: string;
  /** Runs lvsctl with the inventory of the cluster. */
  lvsctl(...args: readonly string[]): Promise<Shown>;
  close(): Promise<void>;
}

/** Nobody listens on port 1 of loopback. */
const inventory = (port: number): string => `
cluster: shop
ssh: { user: root, port: 1 }
hosts:
  lb1: { address: 10.77.0.11, ssh: { host: 127.0.0.1, port: ${port} } }
  web1: { address: 10.77.0.13, ssh: { host: 127.0.0.1 } }
  web2: { address: 10.77.0.14, ssh: { host: 127.0.0.1 } }
  nas1: { address: 10.77.0.16, ssh: { host: 127.0.0.1 } }
directors: [lb1]
services: { www: { vip: 10.77.0.100, port: 80, mode: DR, realServers: [web1, web2] } }
verify: { from: [operator] }
`;

const commands = join(import.meta.dirname, '..', 'fixtures', 'director');

/** Opens it, as wished by its inventory. */
export async function openDirector(): Promise<Director> {
  const world = makeWorld();
  const box = await Box.open();
  box.installCommands(commands);
  box.must('ip address add 10.77.0.11/24 dev eth0');
  const shell = world.write('shell', `#!/bin/sh\nexec ${box.entrance.join(' ')} sh "$@"\n`, 0o755);
  const sshd = await startSshd({ authorized: [world.key], shell });
  world.trust(sshd);
  const file = world.write('lvsctl.yaml', inventory(sshd.port));
  const loaded = await loadCluster(file, {});
  if (!loaded.ok) throw new Error(loaded.error.map(({ message }) => message).join('\n'));
  const [lb1] = wishesOf(loaded.value);
  if (lb1 === undefined) throw new Error('there is no director');
  const { code, output } = box.do(await box.steps(lb1));
  if (code !== 0) throw new Error(output);
  return {
    box,
    home: world.home,
    lvsctl: (...args) => lvsctl([...args, '-i', file, '--no-color'], world.env),
    async close() {
      await sshd.stop();
      await box.close();
      world.remove();
    },
  };
}
