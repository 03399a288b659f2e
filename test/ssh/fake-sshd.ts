import { spawn, type ChildProcess } from 'node:child_process';
import { connect, createServer, type AddressInfo, type Server as TcpServer, type Socket } from 'node:net';
import ssh2, { type Algorithms, type AuthContext, type Connection, type ParsedKey, type ServerChannel } from 'ssh2';

/** A key pair, as ssh-keygen makes it. */
export interface KeyPair {
  readonly private: string;
  readonly public: string;
  readonly blob: Buffer;
  readonly type: string;
}

export function makeKey(type: 'ed25519' | 'ecdsa' | 'rsa' = 'ed25519', passphrase?: string): KeyPair {
  const lock = { passphrase: passphrase ?? '', cipher: 'aes256-ctr', rounds: 2 };
  const options = passphrase === undefined ? {} : lock;
  const { generateKeyPairSync } = ssh2.utils;
  const pair =
    type === 'rsa'
      ? generateKeyPairSync('rsa', { bits: 2048, ...options })
      : type === 'ecdsa'
        ? generateKeyPairSync('ecdsa', { bits: 256, ...options })
        : generateKeyPairSync('ed25519', options);
  const parsed: ParsedKey | Error = ssh2.utils.parseKey(pair.public);
  // The generator of ssh2 loses a leading zero: one ed25519 key in 256 is malformed. ssh-keygen's are not.
  if (parsed instanceof Error) return makeKey(type, passphrase);
  return { ...pair, blob: parsed.getPublicSSH(), type: parsed.type };
}

export interface SshdOptions {
  readonly hostKeys?: readonly KeyPair[];
  readonly authorized?: readonly KeyPair[];
  /** The only algorithms that it offers; all that ssh2 has unless set. */
  readonly algorithms?: Algorithms;
  /** Answer no authentication request at all. */
  readonly hangAtLogin?: boolean;
  /** Refuse forwarding, as AllowTcpForwarding no does. */
  readonly noForwarding?: boolean;
  /** Environment of the commands; PATH is where a fake sudo may lie. */
  readonly env?: NodeJS.ProcessEnv;
  /** The login shell. */
  readonly shell?: string;
  /** Instead of a shell. */
  readonly onExec?: (command: string, channel: ServerChannel, connection: Connection) => void;
}

export interface Sshd {
  readonly port: number;
  readonly hostKey: KeyPair;
  /** TCP connections seen. */
  connections: number;
  /** Logins that succeeded. */
  logins: number;
  /** Users and keys of the attempts, `user type`. */
  readonly attempts: string[];
  /** Hashes of the signatures that were accepted, of RSA keys. */
  readonly hashes: (string | undefined)[];
  /** Command lines that were run. */
  readonly commands: string[];
  /** Signals that were asked for. */
  readonly signals: string[];
  /** Everything that was written to the standard input of commands. */
  readonly stdin: Buffer[];
  /** Addresses that connections were forwarded to. */
  readonly forwards: string[];
  /** Kinds of messages that it sent, by their names in RFC 4250, in their order. */
  readonly messages: string[];
  /** Bytes on TCP, of all connections so far. */
  traffic(): { readonly received: number; readonly sent: number };
  /** Connections open at the moment. */
  open(): number;
  /** Cuts every connection without a word. */
  cut(): void;
  stop(): Promise<void>;
}

/** An sshd in this process, on 127.0.0.1, that really runs commands. */
export async function startSshd(options: SshdOptions = {}): Promise<Sshd> {
  const hostKeys = options.hostKeys ?? [makeKey()];
  const sockets = new Set<Socket>();
  const seen: Socket[] = [];
  const children = new Set<ChildProcess>();
  // What it does not tell otherwise is in its log: it ignores signals to a running command.
  const debug = (line: string): void => {
    const signal = /CHANNEL_REQUEST \(r:\d+, signal: (\w+)\)/.exec(line)?.[1];
    if (signal !== undefined) state.signals.push(signal);
    const message = /Outbound: Sending (\w+)/.exec(line)?.[1];
    if (message !== undefined) state.messages.push(message);
  };
  const server = new ssh2.Server(
    { hostKeys: hostKeys.map((key) => key.private), debug, algorithms: options.algorithms ?? {} },
    serve,
  );
  const tcp: TcpServer = createServer((socket) => {
    state.connections++;
    sockets.add(socket);
    seen.push(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    server.injectSocket(socket);
  });
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  const state: Sshd = {
    port: (tcp.address() as AddressInfo).port,
    hostKey: hostKeys[0] as KeyPair,
    connections: 0,
    logins: 0,
    attempts: [],
    hashes: [],
    commands: [],
    signals: [],
    stdin: [],
    forwards: [],
    messages: [],
    traffic: () => ({
      received: seen.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
      sent: seen.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
    }),
    open: () => sockets.size,
    cut: () => {
      for (const socket of sockets) socket.destroy();
    },
    stop: async () => {
      state.cut();
      for (const child of children) child.kill('SIGKILL');
      await new Promise((resolve) => tcp.close(resolve));
    },
  };
  return state;

  function serve(connection: Connection): void {
    connection.on('error', () => undefined);
    connection.on('authentication', (context) => {
      authenticate(context);
    });
    connection.on('ready', () => {
      state.logins++;
    });
    connection.on('session', (accept) => {
      const session = accept();
      session.on('exec', (acceptExec, _reject, info) => {
        state.commands.push(info.command);
        const channel = acceptExec();
        channel.on('error', () => undefined);
        if (options.onExec === undefined) run(info.command, channel);
        else options.onExec(info.command, channel, connection);
      });
    });
    connection.on('tcpip', (accept, reject, info) => {
      if (options.noForwarding === true) {
        reject();
        return;
      }
      const out = connect({ host: info.destIP, port: info.destPort });
      out.once('error', () => {
        reject();
      });
      out.once('connect', () => {
        state.forwards.push(`${info.destIP}:${info.destPort}`);
        const channel = accept();
        channel.on('error', () => undefined);
        out.on('error', () => undefined);
        out.pipe(channel).pipe(out);
        channel.on('close', () => out.destroy());
      });
    });
  }

  function authenticate(context: AuthContext): void {
    if (options.hangAtLogin === true) return;
    if (context.method !== 'publickey') {
      context.reject(['publickey']);
      return;
    }
    if (context.signature === undefined) state.attempts.push(`${context.username} ${context.key.algo}`);
    const key = (options.authorized ?? []).find((each) => each.blob.equals(context.key.data));
    if (key === undefined) {
      context.reject(['publickey']);
      return;
    }
    const parsed = ssh2.utils.parseKey(key.public) as ParsedKey;
    const { signature, blob } = context;
    if (signature !== undefined) state.hashes.push(context.hashAlgo);
    if (signature === undefined || (blob && parsed.verify(blob, signature, context.hashAlgo))) context.accept();
    else context.reject(['publickey']);
  }

  function run(command: string, channel: ServerChannel): void {
    const child = spawn(options.shell ?? '/bin/sh', ['-c', command], { env: options.env ?? process.env });
    children.add(child);
    channel.on('data', (chunk: Buffer) => state.stdin.push(chunk));
    child.stdin.on('error', () => undefined);
    channel.pipe(child.stdin);
    child.stdout.pipe(channel, { end: false });
    child.stderr.pipe(channel.stderr, { end: false });
    channel.on('close', () => {
      child.stdout.destroy();
      child.stderr.destroy();
    });
    child.on('close', (code, signal) => {
      children.delete(child);
      if (code === null) channel.exit((signal ?? 'SIGKILL').replace(/^SIG/, ''));
      else channel.exit(code);
      channel.end();
    });
  }
}
