import { parseKeepalived, type Statement } from '../keepalived/parse.ts';
import type { ReadOptions } from '../keepalived/lines.ts';
import { nameFor, type Draft } from './draft.ts';
import { bfdInstance } from './keepalived/bfd.ts';
import { globalDefs } from './keepalived/global.ts';
import { virtualServerGroup } from './keepalived/group.ts';
import { readBlock, type Keywords } from './keepalived/keyword.ts';
import { virtualServerBlock } from './keepalived/service.ts';
import { trackerBlocks } from './keepalived/tracker.ts';
import { finishInstances, syncGroup, vrrpInstance } from './keepalived/vrrp.ts';

/** The configuration of one director. */
export interface DirectorFile {
  /** Its name; undefined: as the configuration's router_id says. */
  readonly director: string | undefined;
  readonly file: string;
  readonly text: string;
  readonly include: ReadOptions['include'];
}

/** The blocks of keepalived.conf(5). A new one is a line here. */
const blocks: Keywords = {
  global_defs: globalDefs,
  bfd_instance: bfdInstance,
  ...trackerBlocks,
  vrrp_instance: vrrpInstance,
  vrrp_sync_group: syncGroup,
  virtual_server_group: virtualServerGroup,
  virtual_server: virtualServerBlock,
};

/** Takes over the configurations of all directors. What an inventory cannot say is listed in the draft. */
export function importKeepalived(files: readonly DirectorFile[], draft: Draft): void {
  for (const { director, file, text, include } of files) {
    const read = (id: string) => parseKeepalived({ file, text }, { id, include });
    // Who it is decides what `@name` lines mean; and it may be written in it.
    const name = director ?? nameFor(routerId(read('').statements) ?? 'lb1', new Set(draft.directors));
    const { statements, faults } = read(name);
    draft.directors.push(name);
    draft.host(name);
    for (const { file: place, line, message } of faults) draft.leave(`${place}:${line}`, message, 'was not read');
    const scope = { draft, director: name };
    // Blocks that others refer to come first, wherever they stand.
    readBlock(
      [...statements].sort((a, b) => rank(a) - rank(b)),
      blocks,
      {},
      scope,
    );
  }
  finishInstances({ draft });
}

function rank({ words: [name = ''] }: Statement): number {
  const position = Object.keys(blocks).indexOf(name);
  return position < 0 ? Object.keys(blocks).length : position;
}

function routerId(statements: readonly Statement[]): string | undefined {
  const globals = statements.find(({ words: [name] }) => name === 'global_defs')?.block ?? [];
  return globals.find(({ words: [name] }) => name === 'router_id')?.words[1];
}
