import { expect, onTestFinished, test } from 'vitest';
import { startSshd } from '../ssh/fake-sshd.ts';
import { makeWorld } from '../ssh/world.ts';
import { lvsctl } from './terminal.ts';

const web = Array.from({ length: 24 }, (_, index) => `web${index + 1}`);

test('many hosts that all heed one Ctrl-C are no leak that Node has to warn of', async () => {
  const world = makeWorld();
  const sshd = await startSshd({ authorized: [world.key] });
  onTestFinished(async () => {
    await sshd.stop();
    world.remove();
  });
  world.trust(sshd);
  const file = world.write(
    'lvsctl.yaml',
    `
cluster: farm
ssh: { user: root, port: ${sshd.port} }
hosts:
  lb1: { address: 10.0.0.100 }
${web.map((name, index) => `  ${name}: { address: 10.0.0.${index + 1}, ssh: { host: 127.0.0.1 } }`).join('\n')}
directors: [lb1]
services: { www: { vip: 10.0.0.200, port: 80, mode: DR, realServers: [web*] } }
verify: { from: [operator] }
`,
  );
  const warnings: string[] = [];
  const heard = ({ message }: Error): void => {
    warnings.push(message);
  };
  process.on('warning', heard);
  onTestFinished(() => {
    process.off('warning', heard);
  });
  const { code, stdout, stderr } = await lvsctl(['exec', 'web*', '-i', file, '--', 'sleep', '1'], world.env);
  expect(`${code} ${stdout}${stderr}`).toMatch(/^0 /);
  expect(warnings).toEqual([]);
});
