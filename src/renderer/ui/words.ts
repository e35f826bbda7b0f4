/** Texts of the primitives themselves. */
export const uiWords = {
  details: 'Details',
  dismiss: 'Dismiss',
  notices: 'Notices',
} as const;
