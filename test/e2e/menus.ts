import type { Menu, MenuItem } from 'electron';
import type { ElectronApplication } from 'playwright';

/** Menus that main shows to tests (`haulyardForTests`). */
export type MenuName = 'trayMenu' | 'dockMenu' | 'applicationMenu';

/** A label to look for, in a form that crosses into another process. */
interface Pattern {
  readonly source: string;
  readonly flags: string;
}

/** Menus follow the state at most twice a second. */
const MENU_TIMEOUT_MS = 5000;
const RETRY_MS = 50;

/**
 * Clicks the item at `path`: labels of its parents first, its own last. Throws when it stays missing or disabled. What an item
 * does is of no concern here: its click is not waited for.
 */
export async function clickMenu(
  app: ElectronApplication,
  menu: MenuName,
  path: readonly (string | RegExp)[],
): Promise<void> {
  const deadline = Date.now() + MENU_TIMEOUT_MS;
  for (;;) {
    try {
      return await clickNow(app, menu, path);
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}

async function clickNow(
  app: ElectronApplication,
  menu: MenuName,
  path: readonly (string | RegExp)[],
): Promise<void> {
  const patterns = path.map((part): Pattern => {
    if (typeof part !== 'string') return { source: part.source, flags: part.flags };
    return { source: `^${part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`, flags: '' };
  });
  await app.evaluate(
    (_electron, { menu, patterns }) => {
      const known = (globalThis as unknown as { haulyardForTests?: Record<string, unknown> })
        .haulyardForTests;
      const found = known?.[menu];
      const root = (typeof found === 'function' ? found() : found) as Menu | undefined;
      if (root === undefined) throw new Error(`There is no ${menu}.`);
      let items: readonly MenuItem[] = root.items;
      let item: MenuItem | undefined;
      for (const { source, flags } of patterns) {
        const wanted = new RegExp(source, flags);
        item = items.find(({ label, visible }) => visible && wanted.test(label));
        if (item === undefined) {
          throw new Error(`No item ${source} among ${items.map(({ label }) => label).join(' | ')}`);
        }
        items = item.submenu?.items ?? [];
      }
      if (item === undefined || !item.enabled) throw new Error('The item is disabled.');
      item.click();
    },
    { menu, patterns },
  );
}

/** Visible labels of the first level; those of submenus follow their parent as `Parent ▸ Child`. */
export function menuLabels(app: ElectronApplication, menu: MenuName): Promise<readonly string[]> {
  return app.evaluate((_electron, name) => {
    const known = (globalThis as unknown as { haulyardForTests?: Record<string, unknown> }).haulyardForTests;
    const found = known?.[name];
    const root = (typeof found === 'function' ? found() : found) as Menu | undefined;
    const labels = (items: readonly MenuItem[], prefix: string): string[] =>
      items
        .filter(({ visible, type }) => visible && type !== 'separator')
        .flatMap(({ label, submenu }) => [
          `${prefix}${label}`,
          ...labels(submenu?.items ?? [], `${label} ▸ `),
        ]);
    return root === undefined ? [] : labels(root.items, '');
  }, menu);
}
