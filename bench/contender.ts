import type { Lab } from '../src/lab/index.ts';
import type { Box } from './peer/box.ts';

/** The labs: each kind of tool deploys to one of its own, and every measurement of it is made there. */
export type Field = 'lvsctl' | 'Ansible' | 'by hand';

/** What a command is made for. */
export interface Site {
  readonly lab: Lab;
  /** An address of the cluster that clients use, from the inventory. */
  readonly vip: string;
  /** Ansible's own root in the lab's network; made when it is first asked for. */
  box(): Promise<Box>;
}

/** A command line of the machine, complete: it enters the lab's network by itself. */
export interface Command {
  readonly argv: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** What a run left. */
export interface Outcome {
  /** From the start of the command to its end. */
  readonly seconds: number;
  /** Of a processor of this machine, by the command and all that it started and waited for. */
  readonly processorSeconds: number;
  readonly code: number;
  /** Both streams, in the order written. */
  readonly output: string;
}

/** Something that is timed. */
export interface Contender {
  /** As it is called in the tables. */
  readonly name: string;
  readonly field: Field;
  /** How often it is timed in a full run; the median counts. */
  readonly runs: number;
  command(site: Site): Command | Promise<Command>;
  /** Why a run does not count; undefined when it did what it is timed for. */
  objection(outcome: Outcome): string | undefined;
}

/** Some contenders for the same work. */
export interface Measurement {
  /** For the command line. */
  readonly id: string;
  /** For the tables. */
  readonly title: string;
  /** `blank`: every run gets hosts that were never touched. `deployed`: hosts that the contender's kind has deployed to. */
  readonly hosts: 'blank' | 'deployed';
  /** Milliseconds by which everything that a host sends comes later; none unless said. */
  readonly delay?: number;
  readonly ours: Contender;
  readonly others: readonly Opponent[];
}

/** A contender that ours is compared with. */
export interface Opponent {
  readonly contender: Contender;
  /** What is asked of ours; undefined: it is shown, and nothing is asked for. */
  readonly goal?: Goal;
  /** Whether the time is shown too that both take of a processor of this machine. */
  readonly processorTime?: boolean;
}

/** Ours is to be so many times faster at least, or to take so many times as long at most. */
export type Goal = { readonly faster: number } | { readonly atMost: number };
