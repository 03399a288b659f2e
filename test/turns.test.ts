import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inTurns, Turns } from '../src/turns.ts';

/** An event loop of its own, in which time passes only when something says so. */
class Loop {
  now = 0;
  #later: (() => void)[] = [];
  readonly turns = new Turns({
    now: () => this.now,
    later: (call) => {
      this.#later.push(call);
    },
  });

  /** Does what was put off until the next turn; how long that took. */
  turn(): number {
    const [calls, began] = [this.#later, this.now];
    this.#later = [];
    for (const call of calls) call();
    return this.now - began;
  }

  get isIdle(): boolean {
    return this.#later.length === 0;
  }
}

/** Takes what has arrived as a socket does. */
function arrive(loop: Loop, call: () => void): void {
  if (loop.turns.free) call();
  else loop.turns.wait(call);
}

test('what comes while there is time is done at once, and what comes later waits', () => {
  const loop = new Loop();
  const done: string[] = [];
  const take = (name: string, milliseconds: number): void => {
    arrive(loop, () => {
      done.push(name);
      loop.now += milliseconds;
    });
  };
  take('a', 4);
  take('b', 7);
  take('c', 1);
  expect(done).toEqual(['a', 'b']);
  expect(loop.turns.free).toBe(false);
  loop.turn();
  expect(done).toEqual(['a', 'b', 'c']);
  loop.turn();
  expect(loop.turns.free).toBe(true);
});

test('nothing is lost, the order is kept, and no turn is longer than a slice and one thing more', () => {
  const burst = fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 40 });
  fc.assert(
    fc.property(fc.array(burst, { maxLength: 8 }), (bursts) => {
      const loop = new Loop();
      const done: number[] = [];
      let count = 0;
      const longest = Math.max(0, ...bursts.flat());
      for (const one of bursts) {
        const began = loop.now;
        for (const milliseconds of one) {
          const mine = count++;
          arrive(loop, () => {
            done.push(mine);
            loop.now += milliseconds;
          });
        }
        expect(loop.now - began).toBeLessThan(10 + longest + 1);
        expect(loop.turn()).toBeLessThan(10 + longest + 1);
      }
      for (let left = 2 * count + 2; !loop.isIdle && left > 0; left--)
        expect(loop.turn()).toBeLessThan(10 + longest + 1);
      expect(loop.isIdle).toBe(true);
      expect(done).toEqual(Array.from({ length: count }, (_, index) => index));
    }),
  );
});

test('a long list lets timers go first in between', async () => {
  const seen: string[] = [];
  const timer = setTimeout(() => seen.push('timer'), 1);
  const doubled = await inTurns([1, 2, 3], (one) => {
    const until = performance.now() + 15;
    while (performance.now() < until);
    seen.push(String(one));
    return one * 2;
  });
  clearTimeout(timer);
  expect(doubled).toEqual([2, 4, 6]);
  expect(seen.indexOf('timer')).toBeGreaterThan(0);
  expect(seen.indexOf('timer')).toBeLessThan(3);
});
