import { words } from './package-manager.ts';

/** rpm(8) says `package NAME is not installed` on standard output of what it does not have. */
export const rpmQuery = (names: readonly string[]): string =>
  `rpm -q --qf '%{NAME} %{VERSION}-%{RELEASE}\\n' -- ${words(names)} 2>/dev/null | sed '/^package .* is not installed$/d'`;
