/** Texts of the Dock icon's menu. */
export const dockWords = {
  pauseAll: 'Pause All',
  resumeAll: 'Resume All',
} as const;
