/** A process of fake hosts: ssh2's own server at every loopback address, each a host that answers what was recorded. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import ssh2, { type AuthContext, type ParsedKey, type ServerChannel } from 'ssh2';
import { addressOf, prefix } from './fleet.ts';
import { Late } from './late.ts';
import { frameOf, nonceOf, sectionsOf } from './protocol.ts';
import type { Recording } from './recording.ts';

/** What such a process is told, as JSON in a file. */
export interface HostsOrder {
  readonly port: number;
  readonly hostKey: string;
  readonly authorized: string;
  /** Milliseconds that what is sent to a host is under way. */
  readonly delay: number;
  readonly recording: Recording;
}

const order = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as HostsOrder;
const authorized = ssh2.utils.parseKey(order.authorized) as ParsedKey;
const server = new ssh2.Server({ hostKeys: [order.hostKey] }, (connection, { ip: called }) => {
  connection.on('error', () => undefined);
  connection.on('authentication', authenticate);
  connection.on('session', (accept) => {
    accept().on('exec', (acceptExec, _reject, { command }) => {
      const channel = acceptExec();
      channel.on('error', () => undefined);
      const frame = frameOf(command);
      if (frame === undefined) end(channel, 0);
      else answer(channel, frame, addressOf(called));
    });
  });
});
createServer((socket) => {
  server.injectSocket(new Late(socket, order.delay) as never);
}).listen(order.port, '0.0.0.0', 4096, () => {
  process.stdout.write('ready\n');
});
// It ends with whoever started it.
process.stdin.resume().on('end', () => process.exit(0));

function authenticate(context: AuthContext): void {
  if (context.method !== 'publickey' || !authorized.getPublicSSH().equals(context.key.data)) {
    context.reject(['publickey']);
    return;
  }
  const { signature, blob, hashAlgo } = context;
  if (signature === undefined || (blob !== undefined && authorized.verify(blob, signature, hashAlgo))) context.accept();
  else context.reject(['publickey']);
}

function answer(channel: ServerChannel, frame: string, own: string): void {
  const { recording } = order;
  let script = '';
  channel.write(`lvsctl-ready-${frame}\n`);
  channel.stderr.write(`lvsctl-ready-${frame}\n`);
  channel.on('data', (chunk: Buffer) => (script += chunk.toString()));
  channel.on('end', () => {
    if (sectionsOf(script).join() !== recording.sections.join()) {
      channel.stderr.write('this host was not recorded for what it is asked\n');
      end(channel, 1);
      return;
    }
    channel.write(
      recording.answer.replaceAll(recording.nonce, nonceOf(script)).replaceAll(recording.address, `${own}/${prefix}`),
    );
    end(channel, 0);
  });
}

function end(channel: ServerChannel, code: number): void {
  channel.exit(code);
  channel.end();
}
