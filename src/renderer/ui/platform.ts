/** The system the window is on, as far as its looks are concerned. */
export type Platform = 'darwin' | 'linux' | 'win32';

/** Known before anything was asked, so that the first paint is right. */
export function platformOf(userAgent: string): Platform {
  if (userAgent.includes('Macintosh')) return 'darwin';
  return userAgent.includes('Windows') ? 'win32' : 'linux';
}

/** The platform of this page, as main.tsx noted it down on the root element. */
export function thisPlatform(): Platform {
  const { platform } = document.documentElement.dataset;
  return platform === 'darwin' || platform === 'win32' ? platform : 'linux';
}
