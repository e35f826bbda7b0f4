import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type LaunchPlan, launchPlan, thisMachine } from './electron-dist/launch.ts';
import { requireSystemPackages } from './electron-dist/ready.ts';
import { type Program, runOnDisplay } from './electron-dist/run-app.ts';
import { electronDist } from './electron-dist.ts';

/**
 * Opens the app on whatever Electron can be had. `npm start [-- FLAGS OF THE APP]` opens what is built; `--dev` lets electron-vite
 * build the shell, serve the page with reload and restart the app when main changes.
 */
const APP = fileURLToPath(new URL('..', import.meta.url));
const ELECTRON_VITE = fileURLToPath(
  new URL('../node_modules/electron-vite/bin/electron-vite.js', import.meta.url),
);

const args = process.argv.slice(2);
try {
  process.exitCode = await start(args.includes('--dev'));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function start(dev: boolean): Promise<number> {
  if (!dev && !existsSync(new URL('../out/main/index.cjs', import.meta.url))) {
    throw new Error('The app is not built. Run: npm run build');
  }
  requireSystemPackages();
  const dist = await electronDist();
  const plan = launchPlan(dist, APP, thisMachine());
  if (!dev) return runOnDisplay({ command: dist.executable, args: [...plan.args, ...args] }, plan);
  const env = { ...plan.env, ELECTRON_EXEC_PATH: dist.executable };
  return runOnDisplay(developmentServer(plan), { ...plan, env });
}

function developmentServer(plan: LaunchPlan): Program {
  const flags = plan.args.includes('--no-sandbox') ? ['--noSandbox'] : [];
  return { command: process.execPath, args: [ELECTRON_VITE, 'dev', '--watch', ...flags] };
}
