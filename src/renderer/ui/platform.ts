/** The system the window is on, as far as its appearance is concerned. */
export type Platform = 'darwin' | 'linux' | 'win32';

/** Known before any request, so that the first paint is right. */
export function platformOf(userAgent: string): Platform {
  if (userAgent.includes('Macintosh')) return 'darwin';
  return userAgent.includes('Windows') ? 'win32' : 'linux';
}

/** Returns the platform of this page, as set by main.tsx on the root element. */
export function thisPlatform(): Platform {
  const { platform } = document.documentElement.dataset;
  return platform === 'darwin' || platform === 'win32' ? platform : 'linux';
}
