import type { TokenStatus } from '../../../shared/contract/app-commands.ts';
import type { Profile } from '../../../shared/model/download.ts';
import type { Platform } from '../../ui/platform.ts';

/** Every text of Settings, in one place, so that another language is another object of this shape. */
export const words = {
  title: 'Settings',
  saved: 'Saved',
  choose: 'Choose…',
  reset: 'Use Default',
  loading: 'Reading the settings…',

  storage: 'Storage',
  cacheDir: 'Cache folder',
  cacheDirText: 'Shared with all Hugging Face tools. What is in another folder stays there.',
  dataDir: 'App data',
  dataDirText: 'The record of all downloads, settings and logs.',
  reveal: (platform: Platform) => (platform === 'darwin' ? 'Show in Finder' : 'Show in Files'),

  downloads: 'Downloads',
  atOnce: 'Downloads at once',
  atOnceText: 'The others wait in the queue.',
  profile: 'Connection',
  profiles: {
    auto: 'Automatic',
    fast: 'Fast line',
    weak: 'Weak line',
    'very-weak': 'Very weak line',
  } satisfies Readonly<Record<Profile, string>>,
  profileText: {
    auto: 'Finds the best number of connections by measuring. Right for nearly everyone.',
    fast: '10 connections at all times, for a fast and steady line.',
    weak: '5 connections, for a line that more of them would choke.',
    'very-weak': 'One connection, and no wait before it tries again: for a line that drops all the time.',
  } satisfies Readonly<Record<Profile, string>>,
  limit: 'Limit the speed',
  limitText: 'For all downloads together, so that others can use the line as well.',
  limitAmount: 'Highest speed',
  limitUnit: 'Unit of the speed',
  limitBad: 'Write a number above 0, such as 5 or 2.5.',
  keepAwake: 'Keep awake while downloading',
  keepAwakeText: 'The screen may still turn off.',

  account: 'Hugging Face account',
  token: 'Access token',
  tokenText: 'Only for gated and private models. It is sent to the Hub alone and is never shown again.',
  tokenStatus: ({ present, kept }: TokenStatus): string => {
    if (!present) return 'No token is saved.';
    if (kept === 'keychain') return 'A token is saved in the keychain of the system.';
    return kept === 'memory'
      ? 'A token is kept until the app quits: this system offers no safe place for it.'
      : 'A token comes from the environment (HF_TOKEN or a token file).';
  },
  tokenNew: 'New token',
  tokenPlaceholder: 'hf_…',
  tokenBad: 'Paste a token. It begins with hf_ and has no spaces.',
  save: 'Save',
  forget: 'Forget Token',
  tokenSaved: 'The token is saved.',
  tokenSavedGoesOn: (count: number) =>
    count === 1
      ? 'The token is saved. The download that waited for it goes on.'
      : `The token is saved. ${count} downloads that waited for it go on.`,
  tokenForgotten: 'The token is forgotten.',
  backTo: (reference: string) => `Back to ${reference}`,

  network: 'Network',
  endpoint: 'Hub address',
  endpointText: 'The Hub itself or a mirror of it.',
  endpointBad: 'Write an address that begins with https:// or http://, without ? and #.',
  test: 'Test',
  testing: 'Asking…',
  proxy: 'Proxy',
  proxyText: 'For everything that is downloaded. Empty follows the environment.',
  proxyBad: 'Write an address such as http://proxy.example:8080, or leave it empty.',

  app: 'App',
  notifications: 'Notifications',
  notificationsText: 'When a model is ready, when a download stopped, and when it needs you. Nothing else.',
  menuBarIcon: (platform: Platform) =>
    platform === 'darwin' ? 'Show in the menu bar' : 'Show in the system tray',
  menuBarIconText: 'Speed, and pause and resume, without the window.',
  startAtLogin: 'Start at login',
  startAtLoginText: 'Downloads go on as soon as you are back.',
  startAtLoginNot: 'This system offers no way to start a program at login.',
  version: (version: string, arch: string) => `Haulyard ${version} (${arch})`,
  noTelemetry: 'It speaks to the Hub and to nobody else.',
} as const;
