import type { Contender } from '../contender.ts';
import { inventory, program } from './lvsctl.ts';

const node: Omit<Contender, 'name' | 'command'> = {
  field: 'lvsctl',
  runs: 11,
  objection: ({ code }) => (code === 0 ? undefined : `exit code ${code}`),
};

/** Node that starts and does nothing: the least that a program for it can take. */
export const nothing: Contender = {
  ...node,
  name: 'node -e 0',
  command: () => ({ argv: [process.execPath, '-e', '0'] }),
};

/** The shortest that lvsctl can be asked. */
export const version: Contender = {
  ...node,
  name: 'lvsctl --version',
  command: () => ({ argv: [...program, '--version'] }),
};

/** A look at the inventory, without a host. */
export const check: Contender = {
  ...node,
  name: 'lvsctl check',
  command: () => ({ argv: [...program, 'check', '-i', inventory] }),
};
