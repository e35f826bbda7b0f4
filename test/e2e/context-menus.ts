import type { ElectronApplication } from 'playwright';

/** A menu of the system cannot be clicked by a test: each one remembers its labels, chooses this item if it has it, and closes. */
export async function answerContextMenus(app: ElectronApplication, choose: string | null): Promise<void> {
  await app.evaluate(({ Menu }, chosen) => {
    const shown: string[][] = [];
    Object.assign(globalThis, { contextMenusForTests: shown });
    Menu.prototype.popup = function popup(this: Electron.Menu, options) {
      shown.push(this.items.filter(({ type }) => type !== 'separator').map(({ label }) => label));
      this.items.find(({ label }) => label === chosen)?.click();
      options?.callback?.();
    };
  }, choose);
}

/** The labels of the menus that were opened since {@link answerContextMenus}. */
export function contextMenusOf(app: ElectronApplication): Promise<readonly (readonly string[])[]> {
  return app.evaluate(
    () => (globalThis as unknown as { contextMenusForTests: readonly string[][] }).contextMenusForTests,
  );
}
