import type { Step } from '../../src/resources/resource.ts';

/** A step that does what is given. */
export function makeStep(resource: string, more: Partial<Step> = {}): Step {
  return { resource, action: 'update', summary: 'changes', impact: 'none', sh: ':', undo: ':', ...more };
}

/** A step that fails, so that what was done before it is undone. */
export const failing: Step = makeStep('file /nowhere', { sh: 'false' });
