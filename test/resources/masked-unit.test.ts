import { expect, test } from 'vitest';
import { maskedUnit, type MaskedUnitState } from '../../src/resources/masked-unit.ts';
import { changing } from '../support/context.ts';
import { debian } from '../../src/platform/debian.ts';

const resource = { kind: 'masked-unit', unit: 'rpcbind.socket' } as const;
const removing = { ...changing(), platform: debian, removePackages: false };

test.each([
  ['loaded', 'active', { masked: false, active: true, enabled: true }],
  ['masked', 'inactive', { masked: true, active: false, enabled: false }],
  ['masked', 'active', { masked: true, active: true, enabled: false }],
  ['not-found', 'inactive', { masked: true, active: false, enabled: false }],
])('%s and %s is read', (load, active, state) => {
  const output = `Id=other.service\nLoadState=loaded\nActiveState=active\n\nId=rpcbind.socket\nLoadState=${load}\nActiveState=${active}\nUnitFileState=${load === 'loaded' ? 'enabled' : load}\n`;
  expect(maskedUnit.read(output, [resource]).get('rpcbind.socket')).toEqual(state);
});

test('a unit that cannot start and does not run is as wished', () => {
  expect(maskedUnit.change(resource, { masked: true, active: false, enabled: false }, changing())).toEqual([]);
  expect(maskedUnit.change(resource, { masked: true, active: true, enabled: false }, changing())).toHaveLength(1);
});

test('what is undone starts again only what ran', () => {
  const undo = (active: boolean) =>
    maskedUnit.change(resource, { masked: false, active, enabled: active }, changing())[0]?.undo;
  expect(undo(true)).toContain('systemctl start');
  expect(undo(false)).not.toContain('systemctl start');
  expect(undo(false)).toContain('unmask');
});

test('it is given back unless it was masked before', () => {
  const now = { masked: true, active: false, enabled: false };
  const steps = (before: MaskedUnitState | undefined) => maskedUnit.remove?.(resource, now, before, removing) ?? [];
  expect(steps({ masked: true, active: false, enabled: false })).toEqual([]);
  expect(steps(undefined)).toEqual([]);
  expect(steps({ masked: false, active: true, enabled: true })[0]?.sh).toContain('systemctl start');
  expect(steps({ masked: false, active: false, enabled: false })[0]?.sh).not.toContain('systemctl start');
});
