import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';
import { bundledPackages } from './tools/notices/bundled-packages.ts';

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
    plugins: [bundledPackages()],
    build: {
      outDir: 'out/main',
      target: 'node18',
      sourcemap: true,
      rolldownOptions: {
        input: { index: 'src/main/index.ts' },
        output: commonJs,
        // Electron's own module: `fs` as Node has it, which does not look into archives.
        external: ['original-fs'],
      },
    },
  },
  preload: {
    plugins: [bundledPackages()],
    build: {
      outDir: 'out/preload',
      target: 'node18',
      rolldownOptions: { input: { index: 'src/preload/index.ts' }, output: commonJs },
    },
  },
  renderer: {
    root: 'src/renderer',
    plugins: [react(), bundledPackages()],
    build: {
      outDir: 'out/renderer',
      target: 'chrome114',
      minify: true,
      // The page comes from this disk: in one piece it is read once and parsed once.
      chunkSizeWarningLimit: 2000,
      rolldownOptions: { input: 'src/renderer/index.html' },
    },
  },
});
