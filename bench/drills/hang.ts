/** sh that sends a signal to every process of keepalived: a backup that hangs is still there for a plan and for `verify`. */
export const signalKeepalived = (name: 'STOP' | 'CONT'): string =>
  `for one in /proc/[0-9]*; do ! grep -qsx keepalived $one/comm || kill -${name} \${one#/proc/}; done`;
