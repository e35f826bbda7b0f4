import { z } from 'zod';

/**
 * Items a context menu can offer. The page names items of this list and no texts: the text of a system menu comes from
 * the program itself, and a compromised page cannot change it.
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

/** Groups of items, with a separator between groups. */
export const contextMenuSchema = z
  .object({ groups: z.array(z.array(item).min(1).max(20)).min(1).max(8) })
  .strict();

/** The argument of `menu.popUp`. */
export type ContextMenuGroups = z.infer<typeof contextMenuSchema>['groups'];
