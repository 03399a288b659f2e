import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { checkCluster, loadCluster } from '../../src/inventory/load.ts';
import { base } from '../inventory/reading.ts';
import { sharedFolder } from './folder.ts';

vi.mock('age-encryption', () => {
  throw new Error('age was loaded');
});

const folder = sharedFolder();
const armoured = '-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----\n';

function inventory(secret: string): string {
  const file = join(folder.path, 'lvsctl.yaml');
  const services = 'services:\n  www: { vip: 10.77.0.100, port: 80, realServers: [web1] }\n';
  writeFileSync(file, `${base}${services}vrrp: { VI_1: { authPass: ${secret} } }\n`);
  return file;
}

test('age is loaded only when something is to be opened: start-up does not wait for it', async () => {
  const identity = join(folder.path, 'age.txt');
  writeFileSync(identity, `AGE-SECRET-KEY-1${'Q'.repeat(58)}\n`, { mode: 0o600 });
  expect((await loadCluster(inventory('{ env: PASS }'), { PASS: 'secret' })).ok).toBe(true);
  const encrypted = inventory(`{ age: ${JSON.stringify(armoured)} }`);
  expect((await checkCluster(encrypted, {})).ok).toBe(true);
  await expect(loadCluster(encrypted, { LVSCTL_AGE_IDENTITY: identity })).rejects.toThrow();
});
