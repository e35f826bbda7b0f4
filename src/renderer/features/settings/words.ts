import type { TokenStatus } from '../../../shared/contract/app-commands.ts';
import type { Profile } from '../../../shared/model/download.ts';
import type { Platform } from '../../ui/platform.ts';

const TOKEN_KEPT: Readonly<Record<NonNullable<TokenStatus['kept']>, string>> = {
  keychain: 'A token is saved in the system keychain.',
  memory: 'A token is kept until the app quits, because this system has no keychain.',
  environment: 'A token comes from the environment (HF_TOKEN or a token file).',
};

/** Every text of Settings, in one place, so that another language is another object of this shape. */
export const words = {
  title: 'Settings',
  saved: 'Saved',
  choose: 'Choose…',
  reset: 'Use Default',
  loading: 'Loading settings…',

  storage: 'Storage',
  cacheDir: 'Cache folder',
  cacheDirText: 'Shared with all Hugging Face tools. Files in the previous folder stay there.',
  buildRoot: 'Folder for models made here',
  buildRootText: 'For example, Q4 made from BF16. Models already made stay where they are.',
  buildRootDefault: 'The folder “haulyard” next to the cache folder',
  buildRootChoose: 'Choose… (models made here)',
  buildRootReset: 'Use Default (models made here)',
  dataDir: 'App data',
  dataDirText: 'The record of your downloads, settings, and logs.',
  reveal: (platform: Platform) => (platform === 'darwin' ? 'Show in Finder' : 'Show in Files'),

  downloads: 'Downloads',
  atOnce: 'Downloads at once',
  atOnceText: 'Others wait in the queue.',
  profile: 'Connection',
  profiles: {
    auto: 'Automatic',
    fast: 'Fast connection',
    weak: 'Slow connection',
    'very-weak': 'Unreliable connection',
  } satisfies Readonly<Record<Profile, string>>,
  profileText: {
    auto: 'Finds the fastest number of connections by measuring. Right for nearly everyone.',
    fast: 'Always 10 parallel connections, for fast and steady internet.',
    weak: '5 parallel connections, for internet that slows down with more.',
    'very-weak': 'One connection that retries without waiting, for internet that keeps dropping.',
  } satisfies Readonly<Record<Profile, string>>,
  limit: 'Limit download speed',
  limitText: 'Applies to all downloads combined.',
  limitAmount: 'Maximum speed',
  limitUnit: 'Unit of speed',
  limitBad: 'Enter a number above 0, such as 5 or 2.5.',
  schedule: 'Download only at certain hours',
  scheduleText: 'Outside these hours downloads wait. Start Now still works for single downloads.',
  scheduleFrom: 'From',
  scheduleTo: 'to',
  keepAwake: 'Keep this computer awake while downloading',
  keepAwakeText: 'The screen may still turn off.',

  account: 'Hugging Face account',
  token: 'Access token',
  tokenText:
    'Only needed for gated and private models. Sent only to Hugging Face (or your mirror), and never shown again.',
  tokenStatus: ({ present, kept, account }: TokenStatus): string => {
    if (!present || kept === null) return 'No token is saved.';
    return account === undefined ? TOKEN_KEPT[kept] : `${TOKEN_KEPT[kept]} Its account is ${account}.`;
  },
  tokenWithheld: ({ withheld, origin = '' }: TokenStatus): string | null => {
    if (withheld === undefined) return null;
    return withheld === 'other-origin'
      ? `The token belongs to ${origin} and isn’t sent to the Hugging Face address below.`
      : 'The token isn’t sent to the Hugging Face address below, because that address isn’t encrypted.';
  },
  tokenNew: 'New token',
  tokenPlaceholder: 'hf_…',
  tokenBad: 'Paste a token. It starts with hf_ and has no spaces.',
  save: 'Save',
  forget: 'Remove Token',
  tokenSaved: 'Token saved.',
  tokenSavedGoesOn: (count: number) =>
    count === 1
      ? 'Token saved. The download that needed it is continuing.'
      : `Token saved. ${count} downloads that needed it are continuing.`,
  tokenForgotten: 'Token removed.',
  backTo: (reference: string) => `Back to ${reference}`,

  network: 'Network',
  endpoint: 'Hugging Face address',
  endpointText: 'huggingface.co or a mirror of it.',
  endpointBad: 'Enter an address that starts with https:// or http://, without ? or #.',
  test: 'Test',
  testing: 'Testing…',
  proxy: 'Proxy',
  proxyText: 'Used for everything Haulyard downloads. Leave empty to follow the environment.',
  proxyBad: 'Enter an address such as http://proxy.example:8080, or leave it empty.',

  sharing: 'Sharing',
  share: 'Share models with this network',
  shareText:
    'Other computers can download the verified, public models of this one. Gated and private models are never shared.',
  shareOff: 'Nothing is shared.',
  shareStarting: 'Starting…',
  shared: (models: number, urls: readonly string[]) =>
    `${models === 1 ? '1 model is' : `${models} models are`} shared${urls.length === 0 ? '' : ` at ${urls.join(' and ')}`}.`,
  usePeers: 'Use other computers on this network',
  usePeersText:
    'Downloads come from computers that share models when they are faster than the internet. They see which files you download. What they send is verified like everything else.',

  app: 'App',
  notifications: 'Notifications',
  notificationsText: 'When a model is ready, when a download stops, and when it needs you. Nothing else.',
  menuBarIcon: (platform: Platform) =>
    platform === 'darwin' ? 'Show in the menu bar' : 'Show in the system tray',
  menuBarIconText: 'See the speed, pause, and resume without opening the window.',
  startAtLogin: 'Start at login',
  startAtLoginText: 'Downloads resume when you log in.',
  startAtLoginNot: 'This system can’t open apps at login.',
  version: (version: string, arch: string) => `Haulyard ${version} (${arch})`,
  connectsTo: (usesNetwork: boolean) =>
    usesNetwork
      ? 'Connects only to Hugging Face (or your mirror) and to computers on your network.'
      : 'Connects only to Hugging Face (or your mirror).',
} as const;
