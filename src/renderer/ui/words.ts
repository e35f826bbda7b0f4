import type { Remedy } from '../../shared/model/remedy.ts';

/** Texts of the primitives themselves. */
export const uiWords = {
  details: 'Details',
  /** What helps after a failure; null where a button next to it does that, or this window can’t. */
  remedies: {
    'accept-changed': null,
    'cache-folder': 'Choose another cache folder in Settings.',
    'data-folder': null,
    endpoint: 'Check the Hugging Face address in Settings.',
    'token-with-access': 'Then enter a token of that account in Settings.',
    'token-if-private': 'If it is private, enter a token that may read it in Settings.',
    'choose-files': 'Choose files under Options.',
    'see-downloads': null,
    'see-library': null,
    'cancel-first': 'Cancel it first.',
    'download-first': 'Download it first.',
    repair: 'Repair it in the Library, then start again.',
    replace: null,
    'one-connection': 'Choose “Unreliable connection” in Settings.',
  } satisfies Readonly<Record<Remedy, string | null>>,
} as const;
