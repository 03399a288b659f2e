import type { RoleContext } from '../roles/role.ts';
import { common } from '../roles/settings.ts';

/** A block of keepalived.conf from its template in templates/keepalived/, indented, without its last line break. */
export function part(
  context: RoleContext,
  template: string,
  data: Readonly<Record<string, unknown>>,
  indent = 0,
): string {
  const text = context.render(`keepalived/${template}`, { ...common(context), ...data }).trimEnd();
  return text.replace(/^(?=.)/gm, ' '.repeat(indent));
}
