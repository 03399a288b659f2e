import { printableLine } from '../ssh/printable.ts';

/** What came of one request or connection. */
export interface Reply {
  /** 0: answered or connected; 127: the place has no program to do it with. */
  readonly exit: number;
  /** HTTP status, where there was one. */
  readonly status: number | undefined;
  /** The header X-Real-Server: who answered. */
  readonly server: string | undefined;
  /** What the client complained about. Raw. */
  readonly complaint: string;
}

/** A reply for people; undefined: nobody was there to try it. 124 is timeout(1)'s code for out of time, 28 curl(1)'s. */
export function replyText(reply: Reply | undefined): string {
  if (reply === undefined) return 'it was not tried';
  const { exit, status, complaint } = reply;
  if (exit === 0) return status === undefined ? 'an answer that is not HTTP' : `status ${status}`;
  if (exit === 124 || exit === 28) return 'no answer in time';
  return printableLine(complaint) || `no answer (exit code ${exit})`;
}

/** How many replies each server gave, of those that tell who gave them. */
export function countByServer(replies: readonly Reply[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { server } of replies) if (server !== undefined) counts.set(server, (counts.get(server) ?? 0) + 1);
  return counts;
}

/** The replies to each destination of `series`, in the order given. */
export function readSeries(output: string, mark: string): Reply[][] {
  return output
    .split(`\n${mark} series\n`)
    .slice(1)
    .map((part) => readReplies(part, mark));
}

/** The reply of each destination of `once` by its number. */
export function readOnce(output: string, mark: string): Map<number, Reply> {
  const replies = new Map<number, Reply>();
  for (const part of output.split(`\n${mark} once `).slice(1)) {
    const [reply] = readReplies(part.slice(part.indexOf('\n') + 1), mark);
    if (reply) replies.set(Number.parseInt(part, 10), reply);
  }
  return replies;
}

function readReplies(text: string, mark: string): Reply[] {
  const replies: Reply[] = [];
  const ends = `\n${mark} exit `;
  let at = 0;
  for (let end = text.indexOf(ends); end >= 0; end = text.indexOf(ends, at)) {
    const said = text.slice(at, end);
    at = end + ends.length;
    const exit = Number.parseInt(text.slice(at, at + 4), 10);
    at = Math.max(text.indexOf('\n', at), at);
    const status = /^\s*HTTP\/[\d.]+ (\d{3})/.exec(said)?.[1];
    const server = /^x-real-server:[ \t]*(\S{1,253})/im.exec(said)?.[1];
    const complaint = exit === 0 ? '' : (said.trim().split('\n').at(-1) ?? '');
    // Of a request without an answer curl says 000.
    replies.push({ exit, status: Number(status ?? 0) || undefined, server, complaint });
  }
  return replies;
}
