// Bundles lvsctl into dist/: a start opens a few files instead of five hundred, which is most of what a start costs.
import { chmod, rm } from 'node:fs/promises';
import { build } from 'esbuild';

await rm('dist', { recursive: true, force: true });
await build({
  entryPoints: ['src/main.ts', 'src/lab/supervisor.ts'],
  outbase: 'src',
  outdir: 'dist',
  bundle: true,
  // What is imported only where it is needed stays a file of its own.
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  minifySyntax: true,
  minifyWhitespace: true,
  // It looks for compiled parts of its own beside itself.
  external: ['ssh2'],
  // For packages in the older format of modules, which ask for nothing but modules of node.
  banner: { js: 'const require = process.getBuiltinModule;' },
  logLevel: 'warning',
});
await chmod('dist/main.js', 0o755);
