import { connect } from 'node:net';

/** Whether an sshd at the address greets within so many milliseconds. Nothing is sent to it. */
export function greets(address: string, milliseconds: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(22, address);
    const timer = setTimeout(() => socket.destroy(), milliseconds);
    let greeted = false;
    socket.on('data', (data) => {
      greeted = data.toString().startsWith('SSH-');
      socket.destroy();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearTimeout(timer);
      resolve(greeted);
    });
  });
}
