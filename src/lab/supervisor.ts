/**
 * The process that keeps a lab's hosts running: `node supervisor.js STATE-FOLDER`, started by `lab up` inside the lab's network
 * namespace. It starts the hosts, starts those again that reboot, answers questions on a socket, and ends them all on SIGTERM.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import type { ControlAnswer, ControlRequest } from './control.ts';
import { markOf } from './processes.ts';
import { openLab } from './record.ts';
import { Supervision } from './supervision.ts';

const lab = openLab(process.argv[2] ?? '');
if (lab === undefined) throw new Error(`no lab in ${process.argv[2] ?? '(no folder given)'}`);

mkdirSync(lab.layout.umlFolder, { recursive: true });
rmSync(lab.layout.control, { force: true });
const supervision = new Supervision(lab);

const server = createServer((socket) => {
  let received = '';
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    received += data.toString();
    if (received.endsWith('\n'))
      void answerTo(received).then((answer) => {
        reply(socket, answer);
      });
  });
});
server.listen(lab.layout.control, () => {
  writeFileSync(lab.layout.supervisorMark, JSON.stringify(markOf(process.pid)));
  supervision.startAll();
});

// Whoever started `lab up` may close its terminal.
process.on('SIGHUP', () => undefined);
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => {
  server.close();
  void supervision.endAll().then(() => process.exit(0));
});

async function answerTo(line: string): Promise<ControlAnswer> {
  const request = JSON.parse(line) as ControlRequest;
  switch (request.ask) {
    case 'status':
      return { ok: true, hosts: supervision.hosts() };
    case 'probe':
      return { ok: true, hosts: await supervision.probe() };
    case 'poweron':
      return answerOf(supervision.powerOn(request.host));
    case 'poweroff':
      return answerOf(await supervision.powerOff(request.host));
  }
}

function answerOf(error: string | undefined): ControlAnswer {
  return error === undefined ? { ok: true, hosts: supervision.hosts() } : { ok: false, error };
}

function reply(socket: Socket, answer: ControlAnswer): void {
  socket.end(`${JSON.stringify(answer)}\n`);
}
