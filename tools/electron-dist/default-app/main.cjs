'use strict';

/**
 * Stands in for `default_app.asar`, which packaged Electrons lack: makes `electron [-r MODULE]... [FLAGS] path/to/app` work.
 * Runs in the main process of that Electron, so it is CommonJS and knows nothing of this repository.
 */
const { app } = require('electron');
const { existsSync, readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');

const { preloads, appArgument } = parsed(process.argv.slice(1));

// As Electron itself does: tells an app that it was started by its path.
Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
for (const name of preloads) Module._load(moduleName(name), module, false);
if (appArgument === undefined) {
  process.stderr.write('Usage: electron [-r MODULE]... [FLAGS] path/to/app\n');
  process.exit(2);
}
run(path.resolve(appArgument));

function parsed(args) {
  const preloads = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index];
    if (arg === '-r' || arg === '--require') {
      index += 1;
      preloads.push(args[index]);
    } else if (!arg.startsWith('-')) {
      return { preloads, appArgument: arg };
    }
  }
  return { preloads, appArgument: undefined };
}

/** Relative files are meant from the working folder; anything else is left to the module loader. */
function moduleName(name) {
  return existsSync(path.resolve(name)) ? path.resolve(name) : name;
}

function run(location) {
  const manifestFile = path.join(location, 'package.json');
  if (existsSync(manifestFile)) {
    const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
    const name = manifest.productName ?? manifest.name;
    if (name !== undefined) app.setName(name);
    if (manifest.version !== undefined) app.setVersion(manifest.version);
    app.setAppPath(location);
  } else {
    app.setAppPath(path.dirname(Module._resolveFilename(location, module, true)));
  }
  Module._load(location, module, true);
}
