import { quote } from './quote.ts';

/** Random words of one run, hexadecimal, unknown to the host before it. */
export interface Tokens {
  /** Frames the script, and tells that sh is ready for it. */
  readonly frame: string;
  /** What sudo is told to ask with. */
  readonly prompt: string;
}

/**
 * How a script is run: `plain` as the user who logged in; `sudo` by sudo that may ask for a password on standard error and take
 * it from standard input; `sudo-silent` by sudo that must not ask, because there is nobody to answer.
 */
export type Elevation = 'plain' | 'sudo' | 'sudo-silent';

/** Exit code of the bootstrap when the script did not arrive completely (EX_TEMPFAIL). */
const incomplete = 75;

/**
 * What runs on the host before the script: it sets a sane environment, says that it is there on both outputs, reads its standard
 * input to the end, and goes on only if that holds the frame twice, before and after the script. So a transfer that is cut
 * anywhere runs nothing, and whatever was sent before the frame (a password that sudo did not take) is not run either. The line
 * that says ready is put together here, so that no trace of the command line can look like it.
 */
const bootstrap = [
  'umask 022',
  'LC_ALL=C',
  'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'export LC_ALL PATH',
  'unset CDPATH',
  'cd /',
  'echo "lvsctl-ready-$1"',
  'echo "lvsctl-ready-$1" >&2',
  'lvsctl_script=$(cat)',
  'case $lvsctl_script in *"$1"*"$1") ;; ' +
    `*) echo "lvsctl: the script did not arrive completely, nothing was run" >&2; exit ${incomplete} ;; esac`,
  'lvsctl_script=${lvsctl_script#*"$1"}',
  'lvsctl_script=${lvsctl_script%"$1"}',
  'set --',
  'exec </dev/null',
  'eval "$lvsctl_script"',
].join('; ');

/**
 * The command line for the user's login shell, whichever that is: one simple command whose words are plain or in single quotes,
 * without `'`, `\`, `!` and line feeds inside, which sh, bash, zsh, fish and csh all read the same way.
 */
export function commandLine(elevation: Elevation, tokens: Tokens): string {
  const shell = `/bin/sh -c ${quote(bootstrap)} lvsctl ${tokens.frame}`;
  switch (elevation) {
    case 'plain':
      return `exec ${shell}`;
    case 'sudo':
      return `exec env LC_ALL=C sudo -S -H -p ${tokens.prompt} -- ${shell}`;
    case 'sudo-silent':
      return `exec env LC_ALL=C sudo -n -H -- ${shell}`;
  }
}

/** What is written to standard input. */
export function framed(script: string, tokens: Tokens): Buffer {
  if (script.includes('\0')) throw new Error('a script cannot hold a NUL byte');
  return Buffer.from(`${tokens.frame}\n${script}\n${tokens.frame}`);
}

/** The line that says that sh is there. */
export function readyLine(tokens: Tokens): string {
  return `lvsctl-ready-${tokens.frame}\n`;
}

/**
 * Whether standard error ends in sudo's question: the prompt at the start of a line with nothing but sudo-rs' trimmings around it
 * (`[sudo: PROMPT] Password: `), so that a shell that traces its command line does not look like it.
 */
export function asksForPassword(stderr: string, tokens: Tokens): boolean {
  const line = stderr.slice(stderr.lastIndexOf('\n') + 1);
  return new RegExp(`^(\\[sudo: )?${tokens.prompt}(\\][^\\n]{0,80})?$`).test(line);
}
