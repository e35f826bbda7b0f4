import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { defineConfig } from 'vite';
import { bundledPackages } from './tools/notices/bundled-packages.ts';
import { wasmModules } from './tools/wasm/wasm-modules.ts';

/**
 * The first lines of the command line's file: run as a program, it is a shell script that looks which signals it was told to
 * ignore (`nohup`), which Node cannot see, and goes on as Node. To Node the second line is a string and a comment. The shell that
 * is killed for the answer must not say so: whoever waits for it prints "Hangup", so that one has no output either, and lives on.
 */
const SHELL_LINES = `#!/bin/sh
':' //; HAULYARD_IGNORED=; for s in HUP INT TERM; do if [ "$(exec 2>/dev/null; sh -c "kill -$s \\$\\$; echo i"; :)" = i ]; then HAULYARD_IGNORED="$HAULYARD_IGNORED $s"; fi; done; export HAULYARD_IGNORED; exec node "$0" "$@"
`;

const shellLines = {
  name: 'shell-lines',
  generateBundle(_: unknown, bundle: Record<string, { type: string; code?: string }>) {
    const entry = bundle['cli/index.js'];
    if (entry?.code !== undefined) entry.code = entry.code.replace(/^#!.*\n/, SHELL_LINES);
  },
  async writeBundle({ dir = 'out' }: { dir?: string }) {
    await chmod(join(dir, 'cli/index.js'), 0o755);
  },
};

/**
 * Bundles what runs on plain Node: the command line, the engine's process adapter and its worker threads.
 * Packages in `dependencies` stay outside the bundle (better-sqlite3 carries native code); the rest goes in.
 */
export default defineConfig({
  plugins: [
    shellLines,
    bundledPackages(),
    wasmModules({ 'engine/quantize-kernel.wasm': 'src/wasm/quantize-kernel.ts' }),
  ],
  build: {
    ssr: true,
    outDir: 'out',
    emptyOutDir: true,
    target: 'node24',
    minify: false,
    sourcemap: true,
    rolldownOptions: {
      input: {
        'cli/index': 'src/cli/index.ts',
        'cli/main': 'src/cli/main.ts',
        'engine/entry': 'src/engine/entry.ts',
        'engine/hash-worker': 'src/engine/integrity/hash-worker.ts',
        'engine/unit-worker': 'src/engine/jobs/quantize/threads/unit-worker.ts',
        'engine/listing-worker': 'src/engine/hub/listing-worker.ts',
      },
      output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
  ssr: { noExternal: true, external: ['better-sqlite3'] },
});
