/** Asks for a page ten times a second until its standard input ends, and writes a line for each: when, and how it was answered. */
import { get } from 'node:http';

/** Milliseconds. */
const every = 100;
const patience = 5000;

const [url = ''] = process.argv.slice(2);
const timer = setInterval(() => {
  const at = Date.now();
  const say = (how: number | string): void => {
    process.stdout.write(`${at} ${how}\n`);
  };
  const request = get(url, { agent: false, signal: AbortSignal.timeout(patience) }, (answer) => {
    answer.on('error', (error) => {
      say(error.name);
    });
    answer.on('end', () => {
      say(answer.statusCode ?? 0);
    });
    answer.resume();
  });
  request.on('error', (error) => {
    say(error.name);
  });
}, every);
process.stdin.on('end', () => {
  clearInterval(timer);
  process.exit(0);
});
process.stdin.resume();
