import { err, ok, type Result } from '../result.ts';

/**
 * A piece of sh whose output is wanted by itself. One shell runs all of them, since a shell of its own costs a host a fork: what may
 * end or change the shell (`exit`, `cd`, a failing special built-in) stands in parentheses.
 */
export interface Section {
  readonly name: string;
  readonly sh: string;
}

/** What a section printed. */
export interface Answer {
  readonly output: string;
  /** Exit code of the section's last command. */
  readonly status: number;
}

/**
 * One script for many sections. Each answer is framed by lines that begin with the nonce, which the host cannot have known
 * before: whatever a file on it contains, it cannot pass for a frame.
 */
export function frame(sections: readonly Section[], nonce: string): string {
  const parts = sections.map(({ name, sh }) =>
    [`printf '\\n%s section %s\\n' ${nonce} ${name}`, '{', sh, '}', `printf '\\n%s status %s\\n' ${nonce} $?`].join(
      '\n',
    ),
  );
  return [...parts, `printf '%s end\\n' ${nonce}`, ''].join('\n');
}

/** Takes the answers out of what the script printed; an error when it is incomplete. */
export function unframe(output: string, nonce: string): Result<ReadonlyMap<string, Answer>, string> {
  const answers = new Map<string, Answer>();
  if (!output.endsWith(`\n${nonce} end\n`)) return err('the answer broke off');
  for (const part of output.split(`\n${nonce} section `).slice(1)) {
    const lineEnd = part.indexOf('\n');
    const closing = part.lastIndexOf(`\n${nonce} status `);
    if (lineEnd < 0 || closing < 0) return err('the answer is damaged');
    const status = Number.parseInt(part.slice(closing + nonce.length + 9), 10);
    // A section that printed nothing leaves the two frames' line ends only.
    answers.set(part.slice(0, lineEnd), { output: part.slice(lineEnd + 1, Math.max(closing, lineEnd + 1)), status });
  }
  return ok(answers);
}
