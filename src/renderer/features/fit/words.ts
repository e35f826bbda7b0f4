import type { Verdict } from '../../../shared/model/hardware.ts';

/** How well something runs on this computer, in a word. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  'runs-well': 'Runs well',
  fits: 'Fits',
  tight: 'Tight',
  'may-stutter': 'May stutter',
  'wont-fit': 'Won’t fit',
  'needs-apple-silicon': 'Needs Apple silicon',
};
