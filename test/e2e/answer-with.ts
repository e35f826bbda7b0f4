import type { TestApp } from './app.ts';

/** The questions to the user from now on, each answered by pressing the button with these words. */
export async function answerWith(app: TestApp, ...buttons: readonly string[]): Promise<void> {
  await app.app.evaluate(({ dialog }, wanted) => {
    const asked: string[] = [];
    Object.assign(globalThis, { messagesForTests: asked });
    dialog.showMessageBox = (async (...args: unknown[]) => {
      const box = args.at(-1) as { message: string; detail: string; buttons: string[] };
      const response = box.buttons.findIndex((label) => wanted.includes(label));
      if (response < 0) throw new Error(`None of ${wanted} is among ${box.buttons}`);
      asked.push(`${box.message} ${box.detail}`);
      return { response, checkboxChecked: false };
    }) as typeof dialog.showMessageBox;
  }, buttons);
}
