import type { HostRow } from '../document.ts';
import { markup, join, type Markup } from './markup.ts';
import { pill } from './pill.ts';
import { titled } from './section.ts';

/** Each host with its roles, system, kernel and the versions of what matters on it. */
export function hostsSection(hosts: readonly HostRow[], lvsctl: string): Markup {
  return titled(
    'versions',
    'Hosts and versions',
    markup`<p class="lead">As the hosts told them. lvsctl itself is ${lvsctl}.</p>
      <div class="scroll" tabindex="0" role="group" aria-labelledby="versions-title">
        <table class="hosts">
          <thead>
            <tr>
              <th scope="col">Host</th>
              <th scope="col">Roles</th>
              <th scope="col">System</th>
              <th scope="col">Kernel</th>
              <th scope="col">Packages</th>
            </tr>
          </thead>
          <tbody>
            ${hosts.map(rowPart)}
          </tbody>
        </table>
      </div>`,
  );
}

function rowPart({ name, address, roles, seen, system, kernel, packages }: HostRow): Markup {
  const versions = Object.entries(packages).map(
    ([its, version]) => markup`${its}&nbsp;<span class="mono">${version}</span>`,
  );
  return markup`<tr>
    <th scope="row">${name}<br /><span class="mono where">${address}</span></th>
    <td>${join(roles, ', ')}</td>
    ${
      seen
        ? markup`<td>${system}</td>
            <td class="mono">${kernel}</td>
            <td>${join(versions, ', ')}</td>`
        : markup`<td colspan="3">${pill('bad', 'not looked at')}</td>`
    }
  </tr>`;
}
