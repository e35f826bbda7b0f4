/** Returns the URL of electron-vite's server while developing; null otherwise, and always in a packaged app. */
export function developmentPage(env: NodeJS.ProcessEnv, isPackaged: boolean): URL | null {
  const address = env.ELECTRON_RENDERER_URL;
  return isPackaged || !address ? null : new URL(address);
}
