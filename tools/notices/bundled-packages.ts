import type { Plugin } from 'vite';

/** File beside each bundle that lists the packages in it. `tools/notices.ts` reads and removes it. */
export const LIST_NAME = 'bundled-packages.json';

/** Writes down from which packages of `node_modules` a bundle is made. */
export function bundledPackages(): Plugin {
  return {
    name: 'bundled-packages',
    generateBundle(_options, bundle) {
      const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
      const folders = [...new Set(modules.flatMap(packageFolder))].sort();
      this.emitFile({ type: 'asset', fileName: LIST_NAME, source: JSON.stringify(folders) });
    },
  };
}

/** The folder of the package that a module belongs to: the last one below `node_modules`; none for modules of our own. */
export function packageFolder(module: string): readonly string[] {
  const path = module.replaceAll('\\', '/').replace(/^\0/, '');
  const match = /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path);
  return match?.[1] === undefined ? [] : [match[1]];
}
