import { problemAt } from '../problem.ts';
import type { Rule } from './rule.ts';

/** What lvsctl runs itself, by the keys that ask for it. */
const known: Readonly<Record<string, string>> = {
  keepalived: 'directors',
  nginx: 'nginx',
  haproxy: 'haproxy',
  'nfs-server': 'storage.exports',
  'nfs-kernel-server': 'storage.exports',
  'lvsctl-vip': 'services',
};

/** A unit and a file of a host belong to one app, and to nothing that lvsctl knows by itself. */
export const unitOnce: Rule = {
  name: 'unit-once',
  why: 'two that manage one unit or file undo what the other does',
  check(cluster, place) {
    const owners = new Map<string, string>();
    return cluster.apps.flatMap(({ name, hosts, unit, files }) => {
      const meant = unit === undefined ? undefined : known[unit.replace(/\.service$/, '')];
      if (meant !== undefined)
        return [
          problemAt(place(['apps', name, 'unit']), this.name, `${unit} is what ${meant} is about`, `describe it there`),
        ];
      const things = [
        ...(unit === undefined ? [] : [{ thing: unit, path: ['apps', name, 'unit'] }]),
        ...files.map(({ path }) => ({ thing: path, path: ['apps', name, 'files', path] })),
      ];
      return things.flatMap(({ thing, path }) => {
        const host = hosts.find((one) => owners.has(`${one} ${thing}`));
        const owner = owners.get(`${host} ${thing}`);
        for (const one of hosts) owners.set(`${one} ${thing}`, name);
        if (host === undefined || owner === undefined) return [];
        return [
          problemAt(
            place(path, 'key'),
            this.name,
            `${thing} on ${host} belongs to ${owner} already`,
            'keep it in one of them',
          ),
        ];
      });
    });
  },
};
