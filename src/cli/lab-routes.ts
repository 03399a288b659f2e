import { buildCommand, buildRouteMap } from '@stricli/core';
import type { Context } from './run.ts';
const status = buildCommand<{}, [], Context>({ docs: { brief: 'x' }, parameters: {}, func(this: Context) { this.end(0); } });
export const labRoutes = buildRouteMap({ routes: { status }, docs: { brief: 'The lab' } });
