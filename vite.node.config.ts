import { defineConfig } from 'vite';
import { bundledPackages } from './tools/notices/bundled-packages.ts';
import { wasmModules } from './tools/wasm/wasm-modules.ts';

/**
 * Bundles what runs on plain Node: the command line, the engine's process adapter and its worker threads.
 * Packages in `dependencies` stay outside the bundle (better-sqlite3 carries native code); the rest goes in.
 */
export default defineConfig({
  plugins: [bundledPackages(), wasmModules({ 'engine/quantize-kernel.wasm': 'src/wasm/quantize-kernel.ts' })],
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
