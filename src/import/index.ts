import type { ReadOptions } from '../keepalived/lines.ts';
import { importAnsible } from './ansible.ts';
import { readAnsibleIni } from './ansible-ini.ts';
import { readAnsibleYaml } from './ansible-yaml.ts';
import { Draft, type Left } from './draft.ts';
import { importIpvsadm } from './ipvsadm.ts';
import { importKeepalived } from './keepalived.ts';
import { kindOf, type SourceKind } from './source.ts';
import { writeDraft } from './write.ts';

/** A file to import. */
export interface ImportSource {
  readonly file: string;
  readonly text: string;
  /** The director it was taken from, if that was said. */
  readonly director: string | undefined;
  /** What it is; undefined: as its text looks. */
  readonly kind: SourceKind | undefined;
}

/** An inventory made of other configurations. */
export interface Imported {
  readonly text: string;
  /** What an inventory cannot say, or a person has to decide. */
  readonly left: readonly Left[];
}

/** What an import needs besides the sources. */
export interface ImportOptions {
  readonly cluster?: string | undefined;
  /** Addresses of hosts by name, which no configuration of keepalived says. */
  readonly addresses?: Iterable<readonly [host: string, address: string]>;
  readonly include: ReadOptions['include'];
}

/** Makes one inventory of several sources. An Ansible inventory is read first: it knows the names of the hosts. Never throws. */
export function importAll(sources: readonly ImportSource[], options: ImportOptions): Imported {
  const draft = new Draft();
  draft.cluster = options.cluster ?? 'imported';
  for (const [host, address] of options.addresses ?? []) draft.address(host, address);
  const known = sources.map((source) => ({ ...source, kind: source.kind ?? kindOf(source.text) }));
  for (const { kind, file, text } of known) {
    if (kind === 'ansible-ini') importAnsible(readAnsibleIni(file, text, draft), draft);
    if (kind === 'ansible-yaml') importAnsible(readAnsibleYaml(file, text, draft), draft);
  }
  for (const { kind, file, text, director } of known)
    if (kind === 'ipvsadm') importIpvsadm(file, text, director, draft);
  const files = known.filter(({ kind }) => kind === 'keepalived');
  if (files.length > 0)
    importKeepalived(
      files.map((one) => ({ ...one, include: options.include })),
      draft,
    );
  draft.leaveFurther();
  return { text: writeDraft(draft, sources.map(({ file }) => file).join(', ')), left: draft.left };
}
