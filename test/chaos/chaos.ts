import { randomInt } from 'node:crypto';
import { boot, type World } from '../e2e/support.ts';
import { Client, lost, type Excuse } from './client.ts';
import { claims, wrongEnding } from './claims.ts';
import { different, neither, Paths, type AllFiles } from './files.ts';
import { caseName, type Case } from './matrix.ts';
import { Program, type Ending } from './program.ts';
import { Random } from './random.ts';
import { Scene, seconds, writeShop } from './scene.ts';
import { firstShop, hosts, next, works, type HostName, type Shop } from './shop.ts';

/** How a case went. */
export interface Outcome {
  readonly one: Case;
  readonly host: HostName;
  /** When the fault came. */
  readonly moment: string;
  /** What was not as promised; none: it was survived. */
  readonly problems: readonly string[];
  readonly seconds: number;
  readonly code: number | undefined;
}

/** A seed that nobody has chosen. */
export function anySeed(): number {
  return randomInt(1, 1_000_000);
}

/** A lab with the shop on it, and the faults that it goes through. Each case leaves the shop as the next version of itself. */
export class Chaos {
  readonly #world: World;
  readonly #client: Client;
  readonly #seed: number;
  readonly #paths = new Paths();
  #shop: Shop = firstShop;
  #broken = false;

  private constructor(world: World, seed: number) {
    this.#world = world;
    this.#client = new Client(world.lab.namespace);
    this.#seed = seed;
  }

  /** Boots the lab and brings the shop about. */
  static async open(seed: number, inventory: string): Promise<Chaos> {
    const world = await boot('warm', inventory);
    const chaos = new Chaos(world, seed);
    try {
      await chaos.#converge(['apply', '--yes', '-i', await writeShop(world, firstShop)]);
      return chaos;
    } catch (error) {
      await chaos.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    this.#client.close();
    await this.#world.close();
  }

  /** Runs a case. What goes wrong with it is in the outcome. */
  async run(one: Case): Promise<Outcome> {
    const begin = Date.now();
    const random = new Random(this.#seed ^ hash(caseName(one)));
    const host = random.pick(works[one.stage].hosts);
    const wished = await this.#wish(one);
    const scene = new Scene({ world: this.#world, stage: one.stage, host, random, wished });
    const told: { problems: string[]; code: number | undefined } = { problems: [], code: undefined };
    try {
      await this.#try(one, scene, told);
    } catch (error) {
      told.problems.push((error as Error).message);
      await this.#recover(scene);
    }
    const { moment } = scene;
    return { one, host, moment, ...told, seconds: Math.round((Date.now() - begin) / 1000) };
  }

  /** The next version of the shop that gives the stage work; what has to be there first is brought about. */
  async #wish({ stage }: Case): Promise<Shop> {
    const wished = next(this.#shop, stage);
    if (wished !== undefined) return wished;
    const { part } = works[stage];
    this.#shop = { ...this.#shop, [part]: 1 };
    await this.#converge(['apply', '--yes', '-i', await writeShop(this.#world, this.#shop)]);
    const after = next(this.#shop, stage);
    if (after === undefined) throw new Error(`${part} cannot be taken away`);
    return after;
  }

  async #try(one: Case, scene: Scene, told: { problems: string[]; code: number | undefined }): Promise<void> {
    const world = this.#world;
    const file = await writeShop(world, scene.wished);
    const before = await this.#paths.render(world, await writeShop(world, this.#shop));
    const wished = await this.#paths.render(world, file);
    const since = Date.now();
    const concerned = works[one.stage].hosts;

    const expected = await one.fault.play(scene);
    told.code = expected.ending.code;
    told.problems.push(...wrongEnding(expected));
    const { files: now } = await this.#paths.look(world, concerned);
    told.problems.push(...neither(this.#paths, now, before, wished).map((path) => `${path} is neither old nor new`));
    told.problems.push(...this.#falseClaims(expected.ending, now, before, wished));

    await this.#converge(one.stage === 'remove-packages' ? scene.command(file) : ['apply', '--yes', '-i', file]);
    this.#shop = scene.wished;
    const { files, left } = await this.#paths.look(world, concerned);
    for (const name of concerned)
      told.problems.push(
        ...different(this.#paths, files, wished, name).map((path) => `${path} is not as wished at last`),
      );
    told.problems.push(...left);
    if (one.stage === 'remove-packages') await this.#restore();
    await seconds(0.5); // for the answers to the last requests
    told.problems.push(...this.#unanswered(since, scene.excuses));
  }

  /** What a run says of the hosts and is not so. */
  #falseClaims({ code, output }: Ending, now: AllFiles, before: AllFiles, wished: AllFiles): string[] {
    const { asBefore } = claims(output);
    const seen = [...now.keys()];
    const wrong = asBefore.flatMap((host) => different(this.#paths, now, before, host));
    const undone = code === 0 ? seen.flatMap((host) => different(this.#paths, now, wished, host)) : [];
    return [
      ...wrong.map((path) => `${path} is not as before, though lvsctl says so`),
      ...undone.map((path) => `${path} is not as wished, though lvsctl says so`),
    ];
  }

  /** A plain run that has to come to its end, proof included. */
  async #converge(args: readonly string[]): Promise<void> {
    const { code, output } = await new Program(this.#world.lab, args).end();
    if (code !== 0) throw new Error(`afterwards, ${args[0] ?? ''} ends with ${String(code)}:\n${output}`);
    if (!claims(output).success)
      throw new Error(`afterwards, ${args[0] ?? ''} does not say that all is done:\n${output}`);
    if (args[0] === 'apply' && !/^Verified\. /m.test(output))
      throw new Error(`afterwards, nothing was proved:\n${output}`);
  }

  /** Brings back what a teardown took away. */
  async #restore(): Promise<void> {
    this.#shop = { ...this.#shop, spare: 1 };
    await this.#converge(['apply', '--yes', '-i', await writeShop(this.#world, this.#shop)]);
  }

  /** Whether a case left the shop such that it cannot be mended: there is nothing more to be tried on it. */
  get broken(): boolean {
    return this.#broken;
  }

  /** After a case that broke off: the next one finds the shop as it should be. */
  async #recover(scene: Scene): Promise<void> {
    this.#shop = { ...scene.wished, spare: 1 };
    try {
      await this.#paths.look(this.#world, hosts);
      await this.#restore();
    } catch {
      this.#broken = true;
    }
  }

  #unanswered(since: number, excuses: readonly Excuse[]): string[] {
    const requests = this.#client.requests.filter(({ at }) => at >= since);
    const without = lost(requests, since, excuses);
    const [first] = without;
    if (requests.length === 0) return ['the client sent nothing'];
    if (first === undefined) return [];
    const when = ((first.at - since) / 1000).toFixed(1);
    return [`${without.length} of ${requests.length} requests were lost, the first ${when} s after the beginning`];
  }
}

/** A number from a name (FNV-1a), so that a case is the same whichever others run with it. */
function hash(name: string): number {
  let value = 0x811c9dc5;
  for (const character of name) value = Math.imul(value ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return value >>> 0;
}
