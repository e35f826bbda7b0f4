import type { ElectronApplication } from 'playwright';

/** Boxes of the system cannot be clicked by a test: they answer themselves and are remembered. */
export async function answerMessages(app: ElectronApplication): Promise<void> {
  await app.evaluate(({ dialog }) => {
    const messages: string[] = [];
    Object.assign(globalThis, { messagesForTests: messages });
    dialog.showMessageBox = (async (...args: unknown[]) => {
      const { message, detail = '' } = args.at(-1) as { message: string; detail?: string };
      messages.push(`${message} ${detail}`.trim());
      return { response: 0, checkboxChecked: true };
    }) as typeof dialog.showMessageBox;
  });
}

/** What {@link answerMessages} remembered. */
export function messagesOf(app: ElectronApplication): Promise<readonly string[]> {
  return app.evaluate(
    () => (globalThis as unknown as { messagesForTests: readonly string[] }).messagesForTests,
  );
}
