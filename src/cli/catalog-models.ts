import type { ConnectedEngine } from '../engine/connect/connect-engine.ts';
import type { CatalogModel } from '../shared/model/catalog.ts';

/**
 * Returns the models of the catalog, for their names. None when the catalog cannot be read: names are a convenience.
 */
export async function catalogModels(engine: Pick<ConnectedEngine, 'call'>): Promise<readonly CatalogModel[]> {
  try {
    return (await engine.call('catalog.get', {})).models;
  } catch {
    return [];
  }
}
