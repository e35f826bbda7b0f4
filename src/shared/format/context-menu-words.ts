import type { ContextItem } from '../contract/context-menu.ts';

type Platform = 'darwin' | 'linux' | 'win32';

const REVEAL: Readonly<Record<Platform, string>> = {
  darwin: 'Show in Finder',
  linux: 'Show in Files',
  win32: 'Show in Explorer',
};

const WORDS: Readonly<Record<Exclude<ContextItem, 'reveal'>, string>> = {
  'show-inspector': 'Show in Inspector',
  pause: 'Pause',
  resume: 'Resume',
  'start-now': 'Start Now',
  cancel: 'Cancel Download…',
  'move-up': 'Move Up',
  'move-down': 'Move Down',
  'import-partial': 'Import Unfinished File…',
  'remove-from-list': 'Remove from List',
  'show-files': 'Show Files',
  'open-terminal': 'Open in Terminal',
  verify: 'Verify',
  'quick-check': 'Quick Check',
  repair: 'Repair',
  update: 'Update',
  'move-to-folder': 'Move to Another Disk…',
  'finish-download': 'Finish Downloading…',
  'show-download': 'Show Download',
  preview: 'Show Details…',
  'make-again': 'Make Again',
  'copy-path': 'Copy Path',
  'copy-id': 'Copy Model ID',
  'copy-python': 'Copy Python',
  'copy-command': 'Copy Command',
  'copy-diagnostics': 'Copy Diagnostics',
  'open-page': 'Open Model Page',
  remove: 'Remove…',
};

/** Returns the text of a menu item, for system menus and menus of the page alike. */
export function contextItemWords(name: ContextItem, platform: Platform): string {
  return name === 'reveal' ? REVEAL[platform] : WORDS[name];
}
