import { testExamples } from './examples.ts';

await testExamples('usual');
