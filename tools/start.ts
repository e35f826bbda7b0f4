import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runApp } from './electron-dist/run-app.ts';
import { electronDist } from './electron-dist.ts';

/** Opens the built app on whatever Electron can be had: `npm start [-- FLAGS OF THE APP]`. Builds nothing itself. */
const APP = fileURLToPath(new URL('..', import.meta.url));

if (!existsSync(new URL('../out/main/index.cjs', import.meta.url))) {
  process.stderr.write('The app is not built. Run: npm run build\n');
  process.exit(1);
}
try {
  process.exitCode = await runApp(await electronDist(), APP, { args: process.argv.slice(2) });
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
