import { afterAll } from 'vitest';
import { forgetScratch } from './shell.ts';

// Run for every file of tests: files share their modules, so that what a module registers itself holds for the first file only.
afterAll(forgetScratch);
