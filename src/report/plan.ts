import { allSteps, type HostSteps, type Plan, type PlannedStage } from '../plan/plan.ts';
import type { Care } from '../plan/care.ts';
import type { Step } from '../resources/resource.ts';
import { printable } from '../ssh/printable.ts';
import { redact } from '../secret.ts';
import type { Style } from '../ui/style.ts';

const signs: Readonly<Record<Step['action'], string>> = { create: '+', update: '~', delete: '-', run: '>' };

/** The plan as text: stage by stage; a step that several hosts get in the very same way is shown once. */
export function planText(plan: Plan, style: Style): string[] {
  return plan.stages.flatMap(({ stage, batches }) => [
    '',
    `${style('head', stage)}${order(batches, style)}`,
    ...careText(batches, style),
    ...alike(batches.flat()).flatMap(({ hosts, steps }) => [
      `  ${style('bold', hosts.join(', '))}`,
      ...steps.flatMap((step) => stepText(step, style)),
    ]),
  ]);
}

/** The batches, where there is more than one: `lb2, then lb1`. */
function order(batches: PlannedStage['batches'], style: Style): string {
  if (batches.length < 2) return '';
  return style('dim', `  (${batches.map((batch) => batch.map(({ host }) => host).join(', ')).join(', then ')})`);
}

/** What is done around each batch, in its order. */
function careText(batches: PlannedStage['batches'], style: Style): string[] {
  return batches.flatMap((batch) => {
    const drained = batch.filter(({ care }) => care?.type === 'drain').map(({ host }) => host);
    const together =
      drained.length === 0 ? [] : [`drain ${drained.join(', ')}, change, ask by the health check, put back`];
    const single = batch.flatMap(({ host, care }) => (care === undefined ? [] : (careLine(host, care) ?? [])));
    return [...together, ...single].map((line) => `  ${style('warn', '»')} ${printable(line)}`);
  });
}

function careLine(host: string, care: Care): string | undefined {
  switch (care.type) {
    case 'drain':
      return undefined;
    case 'interrupts':
      return `${host} is not drained: ${care.services.join(', ')} will be interrupted or short, too little else is left`;
    case 'switch-over':
      return `${host} hands ${care.vips.join(', ')} over to ${care.to}, is changed, and gets back what it is preferred for`;
    case 'loses':
      return `${host} loses ${care.vips.join(', ')} for a moment: ${care.why}`;
  }
}

/** One line that counts, and whether traffic can notice. */
export function planSummary(plan: Plan): string {
  const steps = [...allSteps(plan)].filter(({ stage }) => stage !== 'prepare');
  if (steps.length === 0)
    return `No changes: ${count(plan.hosts.length, 'host')} as the inventory wants ${plan.hosts.length === 1 ? 'it' : 'them'}.`;
  const of = (action: Step['action']): number => steps.filter(({ step }) => step.action === action).length;
  const impact = (one: Step['impact']): number => steps.filter(({ step }) => step.impact === one).length;
  const hosts = new Set(steps.map(({ host }) => host)).size;
  const traffic =
    impact('interrupt') > 0
      ? `${count(impact('interrupt'), 'step')} that traffic can notice`
      : impact('reload') > 0
        ? `${count(impact('reload'), 'reload')}, which traffic does not notice`
        : 'nothing that traffic can notice';
  return `Plan: ${of('create')} to create, ${of('update')} to change, ${of('delete')} to remove on ${count(hosts, 'host')}; ${traffic}.`;
}

/** `1 host`, `2 hosts`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** A step as one line: sign, resource, what happens, what traffic notices. */
export function stepLine(step: Step, style: Style): string {
  const tone = step.action === 'run' ? 'warn' : step.action;
  const notice = { none: '', reload: ' (connections stay)', interrupt: ' (traffic can notice)' }[step.impact];
  const text = printable(redact(`${step.resource}  ${step.summary}`));
  return `${style(tone, signs[step.action])} ${text}${notice === '' ? '' : style(step.impact === 'interrupt' ? 'bad' : 'dim', notice)}`;
}

function stepText(step: Step, style: Style): string[] {
  const lines = step.diff === undefined || step.diff === '' ? [] : redact(printable(step.diff)).trimEnd().split('\n');
  return [`    ${stepLine(step, style)}`, ...lines.map((line) => `        ${diffLine(line, style)}`)];
}

function diffLine(line: string, style: Style): string {
  if (line.startsWith('+++') || line.startsWith('---')) return style('bold', line);
  if (line.startsWith('+')) return style('create', line);
  if (line.startsWith('-')) return style('delete', line);
  return line.startsWith('@@') ? style('head', line) : style('dim', line);
}

/** Steps by the set of hosts that get them, in the order in which they first come. */
export function alike(batch: readonly HostSteps[]): { hosts: string[]; steps: Step[] }[] {
  const bySameness = new Map<string, { hosts: string[]; step: Step }>();
  for (const { host, steps } of batch) {
    for (const step of steps) {
      const { resource, action, summary, diff, impact } = step;
      const key = JSON.stringify([resource, action, summary, diff, impact]);
      const entry = bySameness.get(key);
      if (entry) entry.hosts.push(host);
      else bySameness.set(key, { hosts: [host], step });
    }
  }
  const groups = new Map<string, { hosts: string[]; steps: Step[] }>();
  for (const { hosts, step } of bySameness.values()) {
    const group = groups.get(hosts.join());
    if (group) group.steps.push(step);
    else groups.set(hosts.join(), { hosts, steps: [step] });
  }
  return [...groups.values()];
}
