import type { Rpm } from './rpm-plan.ts';

/** What a system of RHEL's kind calls itself. */
const release = '9.6';

/**
 * One spec file (rpm-spec(5)) for all packages, whose files lie ready in /build/roots/NAME and are listed in /build/files/NAME.
 * `present` are packages without files. Nothing is compiled, stripped or looked into.
 */
export function rpmSpec(packages: readonly Rpm[], present: readonly string[]): string {
  return [
    '%define debug_package %{nil}',
    '%define __os_install_post %{nil}',
    '%define _build_id_links none',
    '%define _binary_payload w3.zstdio',
    ...header('lab', release, 'Packages of the lab'),
    ...present.flatMap((name) => presentPackage(name)),
    ...packages.flatMap((one) => convertedPackage(one)),
    '%install',
    ...packages.map(({ name }) => `cp -a /build/roots/${name}/. %{buildroot}`),
    '',
  ].join('\n');
}

function header(name: string, version: string, summary: string): string[] {
  return [
    `Name: ${name}`,
    `Version: ${version}`,
    'Release: 1.el9',
    `Summary: ${summary}`,
    'License: see Debian',
    'AutoReqProv: no',
    '%description',
    `${summary}.`,
    '',
  ];
}

function presentPackage(name: string): string[] {
  return [
    `%package -n ${name}`,
    `Summary: ${name} of the lab's hosts, which is there without it`,
    'AutoReqProv: no',
    ...(name === 'bash' ? ['Provides: /bin/sh'] : []),
    // dnf looks here for $releasever.
    ...(name.endsWith('-release')
      ? [`Provides: system-release = ${release}`, 'Provides: system-release(releasever) = 9']
      : []),
    `%description -n ${name}`,
    'Nothing but a name.',
    `%files -n ${name}`,
    '',
  ];
}

function convertedPackage({ name, version, requires, user, units, post }: Rpm): string[] {
  const scripts = {
    pre: user === undefined ? [] : account(user),
    post: [
      ...(post === undefined ? [] : [post]),
      ...(units === undefined
        ? ['/usr/sbin/ldconfig || :']
        : [
            'systemctl daemon-reload >/dev/null 2>&1 || :',
            `if [ "$1" = 1 ]; then systemctl --no-reload preset ${units.join(' ')} >/dev/null 2>&1 || :; fi`,
            'systemd-tmpfiles --create >/dev/null 2>&1 || :',
          ]),
    ],
    // $1: how many versions of the package there are afterwards.
    preun:
      units === undefined
        ? []
        : [`if [ "$1" = 0 ]; then systemctl --no-reload disable --now ${units.join(' ')} >/dev/null 2>&1 || :; fi`],
    postun: units === undefined ? [] : ['systemctl daemon-reload >/dev/null 2>&1 || :'],
  };
  return [
    `%package -n ${name}`,
    `Summary: ${name}, made of Debian's`,
    `Version: ${version}`,
    'AutoReqProv: no',
    ...requires.map((one) => `Requires: ${one}`),
    `%description -n ${name}`,
    'Converted for the lab.',
    ...Object.entries(scripts).flatMap(([when, lines]) =>
      lines.length === 0 ? [] : [`%${when} -n ${name}`, ...lines],
    ),
    `%files -n ${name} -f /build/files/${name}`,
    '%defattr(-,root,root)',
    '',
  ];
}

function account({ name, home }: { readonly name: string; readonly home: string }): string[] {
  return [
    `getent group ${name} >/dev/null || groupadd -r ${name}`,
    `getent passwd ${name} >/dev/null || useradd -r -g ${name} -d ${home} -M -s /usr/sbin/nologin ${name}`,
  ];
}
