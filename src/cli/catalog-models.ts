import type { Engine } from '../engine/engine.ts';
import type { CatalogModel } from '../shared/model/catalog.ts';

/** The models of the catalog, for their names. None when the catalog cannot be read: names are a nicety. */
export async function catalogModels(engine: Engine): Promise<readonly CatalogModel[]> {
  try {
    return (await engine.call('catalog.get', {})).models;
  } catch {
    return [];
  }
}
