/**
 * The layer table of docs/architecture.md as lint rules. Inside the engine, dependencies flow down the floors
 * queue, contents, transfer, sources; the parts at the bottom do not know each other: engine.ts hands them what they need.
 */
const only = (name, from, allowed, { builtins }) => ({
  name,
  severity: 'error',
  from: { path: from, pathNot: '(\\.test\\.tsx?|/test-[^/]+\\.ts)$' },
  to: { pathNot: allowed, ...(builtins ? { dependencyTypesNot: ['core'] } : {}) },
});
const library = (...names) => names.map((n) => `(^|/)node_modules/(@types/)?${n}/`);
const ENGINE_LIBRARIES = library('undici', 'socks', 'better-sqlite3', 'zod');
const DISCOVERY_LIBRARIES = library('bonjour-service');
const RENDERER_LIBRARIES = library(
  'react',
  'react-dom',
  'zustand',
  '@base-ui/react',
  'lucide-react',
  'uplot',
  '@tanstack/react-virtual',
  '@dnd-kit/(core|sortable|utilities)',
  'markdown-it',
  'dompurify',
);

/** Component tests, and the stand-ins and samples that they share. */
const PAGE_TESTS = ['\\.test\\.tsx?$', '/testing/'];

/** What every room of the engine may use. */
const GROUND = ['http', 'disk', 'json'];

/** What a room of the engine may use beside itself, `errors` and the ground. */
const room = (name, ...others) => {
  const folders = [name, 'errors', ...(name === 'errors' ? [] : GROUND), ...others].map(
    (folder) => `^src/engine/${folder}/`,
  );
  return only(`engine-${name}`, `^src/engine/${name}/`, [...folders, '^src/shared/', ...ENGINE_LIBRARIES], {
    builtins: true,
  });
};
const BOTTOM = ['hub', 'integrity', 'ledger', 'cache', 'catalog', 'hardware', 'sources'];

/** Folders of a process form floors: what one imports never imports it back, not even by way of others. */
const noFolderCycles = (process) => ({
  name: `no-folder-cycles-${process}`,
  severity: 'error',
  scope: 'folder',
  from: { path: `^src/${process}/` },
  to: { circular: true, path: `^src/${process}/` },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    noFolderCycles('main'),
    noFolderCycles('renderer'),
    only('shared', '^src/shared/', ['^src/shared/', ...library('zod')], { builtins: false }),
    only('engine', '^src/engine/', ['^src/(engine|shared)/', ...ENGINE_LIBRARIES, ...DISCOVERY_LIBRARIES], {
      builtins: true,
    }),
    // The only room that speaks multicast; it knows nothing of what is found.
    only(
      'engine-discovery',
      '^src/engine/discovery/',
      ['^src/engine/discovery/', '^src/shared/', ...DISCOVERY_LIBRARIES],
      {
        builtins: true,
      },
    ),
    room('sharing', 'hub-server'),
    {
      name: 'multicast-only-in-discovery',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/engine/discovery/' },
      to: { path: DISCOVERY_LIBRARIES },
    },
    ...['errors', ...GROUND, ...BOTTOM.filter((name) => name !== 'integrity')].map((name) => room(name)),
    // The hash threads cut and hash as Xet does; they know nothing of its requests.
    room('integrity', 'sources/xet/format', 'sources/xet/kernel'),
    // Blind to the transport: it knows what a source is, and no source.
    only(
      'engine-transfer',
      '^src/engine/transfer/',
      [
        ...['transfer', 'errors', ...GROUND].map((folder) => `^src/engine/${folder}/`),
        '^src/engine/sources/[^/]+$',
        '^src/shared/',
        ...ENGINE_LIBRARIES,
      ],
      { builtins: true },
    ),
    // A read-only Hub knows the cache and the ledger, and nothing of downloads but their speed limit.
    only(
      'engine-hub-server',
      '^src/engine/hub-server/',
      [
        ...['hub-server', 'cache', 'ledger', 'errors', ...GROUND].map((folder) => `^src/engine/${folder}/`),
        '^src/engine/transfer/rate-limiter[.]ts$',
        '^src/shared/',
        ...ENGINE_LIBRARIES,
      ],
      { builtins: true },
    ),
    room('contents', 'coordination', 'transfer', ...BOTTOM),
    room('coordination'),
    room('queue', 'contents', 'coordination', 'transfer', ...BOTTOM),
    room('jobs', 'queue', 'contents', 'coordination', 'transfer', ...BOTTOM),
    {
      name: 'no-folder-cycles',
      severity: 'error',
      scope: 'folder',
      from: { path: '^src/engine' },
      to: { circular: true },
    },
    only('cli', '^src/cli/', ['^src/(cli|engine|shared)/', ...library('commander', 'string-width')], {
      builtins: true,
    }),
    // `original-fs` is Electron's own: `fs` that does not look into archives.
    only(
      'main',
      '^src/main/',
      ['^src/(main|shared)/', '^original-fs$', ...library('electron', 'electron-log', 'zod')],
      { builtins: true },
    ),
    only('preload', '^src/preload/', ['^src/(preload|shared/contract)/', ...library('electron')], {
      builtins: false,
    }),
    {
      name: 'renderer',
      severity: 'error',
      from: { path: '^src/renderer/', pathNot: PAGE_TESTS },
      to: { pathNot: ['^src/(renderer|shared)/', ...RENDERER_LIBRARIES] },
    },
    {
      name: 'page-does-not-know-its-tests',
      severity: 'error',
      from: { path: '^src/renderer/', pathNot: PAGE_TESTS },
      to: { path: '^src/renderer/.*testing/' },
    },
    {
      name: 'sql-only-in-ledger',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/engine/ledger/' },
      to: { path: 'node_modules/(@types/)?better-sqlite3' },
    },
    {
      name: 'sources-do-not-know-tests',
      severity: 'error',
      from: { path: '^src/', pathNot: '\\.test\\.tsx?$' },
      to: { path: '^(test|tools)/' },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.tsx?$' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.js', '.json', '.css'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
    },
  },
};
