import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** exports(5) `fsid=`: the number stands for one file system of the server; all clients of an export get the same. */
export const fsidUnique: Rule = {
  name: 'fsid-unique',
  why: 'clients take two exports with one fsid for the same files',
  check(cluster, place) {
    const first = new Map<string, string>();
    return cluster.exports.flatMap(({ host, path, offers }) => {
      const at = place(['storage', 'exports', `${host}:${path}`], 'key');
      const ids = new Set(offers.flatMap(({ options }) => options.flatMap((option) => fsidOf(option))));
      const [id, other] = ids;
      if (id === undefined) return [];
      if (other !== undefined) {
        const message = `${host}:${path} has fsid=${id} and fsid=${other}`;
        return [problemAt(at, this.name, message, 'give all its clients the same')];
      }
      const known = first.get(`${host} ${id}`);
      if (known === undefined) first.set(`${host} ${id}`, path);
      if (known === undefined) return [];
      return [
        problemAt(at, this.name, `${path} and ${known} of ${host} both have fsid=${id}`, 'give one of them another'),
      ];
    });
  },
};

/** `fsid=root` is `fsid=0`. */
function fsidOf(option: string): string[] {
  const id = /^fsid=(.+)$/.exec(option)?.[1];
  return id === undefined ? [] : [id === 'root' ? '0' : id];
}
