import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/**
 * Bundles the desktop shell. Main and a sandboxed preload must be CommonJS, and run on the Node of an older Electron as
 * well (docs/adr/0010). The engine is a program of its own: see vite.node.config.ts.
 */
const commonJs = {
  format: 'cjs',
  entryFileNames: '[name].cjs',
  chunkFileNames: 'chunks/[name]-[hash].cjs',
} as const;

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      target: 'node18',
      sourcemap: true,
      rolldownOptions: { input: { index: 'src/main/index.ts' }, output: commonJs },
    },
  },
  preload: {
    build: {
      outDir: 'out/preload',
      target: 'node18',
      rolldownOptions: { input: { index: 'src/preload/index.ts' }, output: commonJs },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react()],
    build: {
      outDir: 'out/renderer',
      target: 'chrome114',
      minify: true,
      rolldownOptions: { input: 'src/renderer/index.html' },
    },
  },
});
