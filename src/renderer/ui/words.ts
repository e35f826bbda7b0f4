/** Texts of the primitives themselves. */
export const uiWords = {
  details: 'Details',
} as const;
