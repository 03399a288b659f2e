import { spawn } from 'node:child_process';
import type { World } from '../e2e/support.ts';

/** Waits until a stage is at work on a host and stops its shell there, so that a fault comes at just that moment. */
export interface Watcher {
  /** Resolves when the stage stands still, with where; it goes on by itself some seconds later. */
  readonly held: Promise<string>;
}

// The shell is found by the files of its run; a step that is at work comes to its end, and no other one begins.
const program = String.raw`
import glob, os, signal, sys, time
stage, step, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
log = '/var/log/lvsctl.log'
start = os.path.getsize(log) if os.path.exists(log) else 0
print('ready', flush=True)
end = time.monotonic() + 240
def wait(look):
    while time.monotonic() < end:
        found = look()
        if found: return found
        time.sleep(0.005)
    sys.exit('the stage did not begin')
def begun():
    try:
        with open(log) as file:
            file.seek(start)
            return ' begins stage ' + stage + ',' in file.read()
    except FileNotFoundError:
        return False
wait(begun)
folder = max(glob.glob('/var/lib/lvsctl/run-*/[0-9][0-9]'), key=lambda one: one[-2:])
def there():
    if not os.path.exists(folder + '/busy'): return 'after the last step'
    try:
        with open(folder + '/at') as file: at = int(file.read() or -1)
    except FileNotFoundError: at = -1
    return 'in step ' + str(at + 1) if at >= step else None
found = wait(there)
if found.startswith('in'):
    with open(folder + '/busy') as file: pid = int(file.read().split()[0])
    os.kill(pid, signal.SIGSTOP)
    if os.fork() == 0:
        os.setsid()
        for one in range(3): os.close(one)
        end = time.monotonic() + seconds
        while time.monotonic() < end and not os.path.exists('/run/chaos-go'): time.sleep(0.05)
        os.kill(pid, signal.SIGCONT)
        os._exit(0)
print(found, flush=True)
`;

/**
 * Begins to watch a host.
 *
 * @param step the first one that counts, from 0: the shell is stopped in it, or in a later one.
 * @param seconds for which the shell stands still at most; `touch /run/chaos-go` ends it earlier.
 */
export async function watch(
  world: World,
  host: string,
  stage: string,
  step: number,
  seconds: number,
): Promise<Watcher> {
  const { lab } = world;
  const line = `rm -f /run/chaos-go; exec python3 - ${stage} ${step} ${seconds}`;
  const ssh = ['netns', 'exec', lab.namespace, 'ssh', '-F', lab.layout.sshConfig, host, line];
  const child = spawn('ip', ssh, { stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.end(program);
  let output = '';
  let trouble = '';
  child.stderr.setEncoding('utf8').on('data', (data: string) => (trouble += data));
  const lines = new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (data: string) => {
      output += data;
      if (output.startsWith('ready\n')) resolve();
    });
    child.on('close', () => {
      reject(new Error(`${host} cannot be watched: ${trouble}`));
    });
  });
  const held = new Promise<string>((resolve, reject) => {
    child.on('close', (code) => {
      const found = output.split('\n')[1] ?? '';
      if (code === 0 && found !== '') resolve(found);
      else reject(new Error(`stage ${stage} was not met on ${host}: ${trouble}`));
    });
  });
  held.catch(() => undefined); // nobody may have come to wait for it
  await lines;
  return { held };
}
