#!/usr/bin/env node
import { run } from './cli/run.ts';
import { crash } from './cli/crash.ts';

const { env, stdin, stdout, stderr } = process;

// A reader that went away (`lvsctl plan | head`) is no reason for a stack trace.
for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
    throw error;
  });
}

// What Node would print of these by itself would go past the masking of secrets.
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    stderr.write(`${crash(error)}\n`);
    process.exit(1);
  });
}

try {
  process.exitCode = await run(process.argv.slice(2), { env, stdin, stdout, stderr });
} catch (error) {
  stderr.write(`${crash(error)}\n`);
  process.exitCode = 1;
}
