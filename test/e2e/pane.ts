import type { Locator, Page } from 'playwright';

/** Names of the panes, as their links have them. */
export type Pane = 'Discover' | 'Downloads' | 'Library' | 'Settings';

/** Goes to a pane by its link. */
export async function goTo(page: Page, pane: Pane): Promise<void> {
  await page.getByRole('link', { name: pane }).click();
  await page.getByRole('heading', { name: pane, level: 1 }).waitFor();
}

/** A row of downloads or of the library. */
export function row(page: Page, name: RegExp): Locator {
  return page.getByRole('listitem', { name }).first();
}

/** One click on the catalog's button of the model whose name begins like that; then the pane with the downloads. */
export async function downloadFromCatalog(page: Page, model: RegExp): Promise<Locator> {
  await goTo(page, 'Discover');
  await page.getByRole('button', { name: new RegExp(`^Download ${model.source.replace('^', '')}`) }).click();
  await goTo(page, 'Downloads');
  const found = row(page, model);
  await found.waitFor();
  return found;
}

/** Waits until a row shows a text. Throws with its actual text. */
export async function says(rowOf: Locator, words: string | RegExp, timeoutMs = 30_000): Promise<void> {
  try {
    await rowOf.getByText(words).first().waitFor({ timeout: timeoutMs });
  } catch {
    const text = await rowOf.innerText({ timeout: 1000 }).catch(() => 'nothing: there is no such row');
    throw new Error(`The row does not say ${words}, but:\n${text}`);
  }
}
