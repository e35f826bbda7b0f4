/** Texts of the Dock icon's menu. */
export const dockWords = {
  pauseAll: 'Pause all',
  resumeAll: 'Resume all',
} as const;
