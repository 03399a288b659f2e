import { underWaySection } from '../../src/apply/under-way.ts';
import type { Cluster } from '../../src/inventory/cluster.ts';
import { observe } from '../../src/observe/observe.ts';
import { Box } from '../../test/support/box.ts';
import { wishesOf } from '../../test/support/cluster.ts';
import { BenchFailure } from '../failure.ts';
import { address, prefix } from './fleet.ts';
import { nonceOf, sectionsOf } from './protocol.ts';

/** What a web server that is as wished answered, to be given again by any number of them. */
export interface Recording {
  /** What it was asked for. */
  readonly sections: readonly string[];
  /** The nonce in it, and the address of the host, which each fake host replaces by its own. */
  readonly nonce: string;
  readonly address: string;
  readonly answer: string;
}

/** Makes the first web server what the cluster wishes, in namespaces of this machine, and takes down what it then answers. */
export async function record(cluster: Cluster): Promise<Recording> {
  const wish = wishesOf(cluster).find(({ host }) => host.name === 'web1');
  if (wish === undefined) throw new BenchFailure('the inventory of the bench has no web1');
  const own = `${address(0)}/${prefix}`;
  const box = await Box.open();
  try {
    box.must(`ip address add ${own} dev eth0`);
    const { code, output } = box.do(await box.steps(wish));
    if (code !== 0) throw new BenchFailure(`the host to record cannot be made as wished: ${output}`);
    let made: Recording | undefined;
    const connection = box.connection('web1');
    const seen = await observe(
      {
        ...connection,
        async run(script, options) {
          const ran = await connection.run(script, options);
          const answer = ran.ok ? ran.value.stdout.toString() : '';
          made = { sections: sectionsOf(script), nonce: nonceOf(script), address: own, answer };
          return ran;
        },
      },
      wish,
      [underWaySection],
    );
    if (!seen.ok || made === undefined) throw new BenchFailure('the host to record cannot be observed');
    return made;
  } finally {
    await box.close();
  }
}
