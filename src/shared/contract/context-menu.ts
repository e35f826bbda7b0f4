import { z } from 'zod';

/**
 * What a context menu can offer. The page names items of this list and no texts: what a menu of the system says comes from the program
 * itself, and a page that is not ours any more cannot make one say something else.
 */
export const CONTEXT_ITEMS = [
  'show-inspector',
  'pause',
  'resume',
  'start-now',
  'cancel',
  'move-up',
  'move-down',
  'import-partial',
  'remove-from-list',
  'show-files',
  'reveal',
  'open-terminal',
  'verify',
  'quick-check',
  'repair',
  'update',
  'move-to-folder',
  'finish-download',
  'show-download',
  'show-in-library',
  'preview',
  'make-again',
  'copy-path',
  'copy-id',
  'copy-python',
  'copy-command',
  'copy-diagnostics',
  'open-page',
  'remove',
] as const;
export type ContextItem = (typeof CONTEXT_ITEMS)[number];

const item = z.object({ name: z.enum(CONTEXT_ITEMS), isDisabled: z.boolean().optional() }).strict();

/** Groups of items, with a line between two groups. */
export const contextMenuSchema = z
  .object({ groups: z.array(z.array(item).min(1).max(20)).min(1).max(8) })
  .strict();

/** The argument of `menu.popUp`. */
export type ContextMenuGroups = z.infer<typeof contextMenuSchema>['groups'];
