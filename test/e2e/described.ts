import type { ElectronApplication, Page } from 'playwright';

/** What there is to see of an app that cannot be used. */
export async function described({ app, page }: { app: ElectronApplication; page: Page }): Promise<string> {
  const windows = await app.evaluate(({ BrowserWindow }) =>
    Promise.all(
      BrowserWindow.getAllWindows().map(async ({ webContents }) => ({
        url: webContents.getURL(),
        frame: webContents.mainFrame.url,
        isWaitingForResponse: webContents.isWaitingForResponse(),
        isLoading: webContents.isLoading(),
        isCrashed: webContents.isCrashed(),
        process: webContents.getOSProcessId(),
        // Past the test driver: does the page itself still run?
        runs: await Promise.race([
          webContents.mainFrame.executeJavaScript('document.readyState').catch(String),
          new Promise((resolve) => setTimeout(() => resolve('no answer'), 2000)),
        ]),
      })),
    ),
  );
  const html = page.evaluate(
    () => `${document.readyState} ${document.documentElement.outerHTML.slice(0, 1000)}`,
  );
  const silence = new Promise<string>((resolve) =>
    setTimeout(() => resolve('The page does not answer.'), 3000),
  );
  return `${JSON.stringify(windows)} ${await Promise.race([html, silence])}`;
}
