import * as z from 'zod';
import { optional } from './key.ts';
import { program } from './program.ts';
import { user } from './text.ts';

const server = {
  up: optional(
    program,
    'When the checks of a real server hold again (notify_up). In arguments `%h`, `%a` and `%p` are its name, address and port.',
    { otherwise: 'nothing' },
  ),
  down: optional(program, 'When one of them fails (notify_down); the same in arguments.', { otherwise: 'nothing' }),
  user: optional(user, 'User they run as.', { value: 'root' }),
};

/** What is run when a real server comes or goes. */
export const serverNotify = z.strictObject(server);

/** What is run when a service, or any of its real servers, comes or goes. */
export const serviceNotify = z.strictObject({
  quorumUp: optional(program, 'When the quorum is gained (quorum_up).', { otherwise: 'nothing' }),
  quorumDown: optional(program, 'When it is lost (quorum_down); with `omega` also when keepalived stops.', {
    otherwise: 'nothing',
  }),
  ...server,
});
