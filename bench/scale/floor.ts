/** What cannot be had for less: ssh2's client logs in to every host and runs one command, as many at once as lvsctl does. */
import { readFileSync } from 'node:fs';
import pLimit from 'p-limit';
import ssh2, { type Client } from 'ssh2';
import { algorithms } from '../../src/ssh/algorithms.ts';
import { loopback, ports } from './fleet.ts';

/** Connects under way at once: what lvsctl has, see src/ssh/fleet.ts. */
const concurrency = 64;

const [count = '0', keyFile = ''] = process.argv.slice(2);
const privateKey = readFileSync(keyFile);
const limit = pLimit(concurrency);
const done = await Promise.all(
  Array.from({ length: Number(count) }, async (_, index) => exec(await limit(() => login(index)))),
);
for (const client of done) client.end();

function login(index: number): Promise<Client> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    client.on('ready', () => {
      resolve(client);
    });
    client.on('error', reject);
    client.connect({
      host: loopback(index),
      port: ports[index % ports.length] ?? 0,
      username: 'root',
      privateKey,
      algorithms: algorithms(),
      readyTimeout: 120_000,
    });
  });
}

function exec(client: Client): Promise<Client> {
  return new Promise((resolve, reject) => {
    client.exec('true', (error, channel) => {
      if (error) {
        reject(error);
        return;
      }
      channel.on('close', () => {
        resolve(client);
      });
      channel.resume().end();
      channel.stderr.resume();
    });
  });
}
