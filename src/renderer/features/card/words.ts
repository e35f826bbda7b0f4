import type { AccessCheck } from '../../../shared/contract/search-commands.ts';
import { formatBytes } from '../../../shared/format/bytes.ts';
import { formatCount } from '../../../shared/format/count.ts';
import type { FileChoice, JudgedSet } from '../../../shared/model/file-choice.ts';
import type { FoundModel } from '../../../shared/model/search.ts';

const day = new Intl.DateTimeFormat('en-US', { dateStyle: 'medium' });

/** Every text about a model before it is downloaded, in one place. */
export const words = {
  about: 'About This Model',
  noReadme: 'Nobody wrote a description.',
  shortened: 'The description is longer. Its page on Hugging Face has all of it.',
  showMore: 'Show More',
  openPage: 'Open Its Page',
  facts: (model: FoundModel): ReadonlyArray<readonly [string, string]> => [
    ...(model.license === null ? [] : [['License', model.license] as const]),
    ...(model.task === null ? [] : [['Task', sentence(model.task)] as const]),
    ...(model.parameters === null ? [] : [['Parameters', formatCount(model.parameters)] as const]),
    ...(model.architecture === undefined ? [] : [['Architecture', model.architecture] as const]),
    ...(model.contextTokens === undefined
      ? []
      : [['Context', `up to ${model.contextTokens.toLocaleString('en-US')} tokens`] as const]),
    ...(model.downloads === null ? [] : [['Downloads', formatCount(model.downloads)] as const]),
    ...(model.likes === null ? [] : [['Likes', formatCount(model.likes)] as const]),
    ...(model.updatedAt === null ? [] : [['Updated', day.format(new Date(model.updatedAt))] as const]),
    ...(model.quantizedFrom === null ? [] : [['Made from', model.quantizedFrom] as const]),
  ],

  choice: 'Which version?',
  choiceWhy: ({ why, leftOut }: FileChoice) => [why, leftOut].filter((part) => part !== '').join(' '),
  recommended: 'Recommended',
  setName: ({ title, code, bytes, words: text }: JudgedSet, verdict: string | null) =>
    [title, code, formatBytes(bytes), verdict, text].filter((part) => part !== null).join(', '),
  setSize: ({ bytes }: JudgedSet) => formatBytes(bytes),
  speed: (tokens: number) => `at most ${tokens} tokens a second`,
  why: 'Why?',
  showAll: (count: number) => `Show All ${count} Versions`,

  access: {
    'no-token':
      'Its owners want to know who downloads it. Ask for access on its page, then enter a token of your account.',
    none: 'Its owners want to know who downloads it. Ask for access on its page, then come back.',
    pending: 'You asked for access. The owners haven’t answered yet.',
    rejected: 'The owners turned your request for access down.',
    granted: 'You have access.',
  } satisfies Readonly<Record<AccessCheck['state'], string>>,
  as: (account: string) => `Signed in as ${account}.`,
  askForAccess: 'Ask for Access',
  enterToken: 'Enter Token…',
  iHaveAccess: 'I Have Access',
} as const;

function sentence(name: string): string {
  const plain = name.replaceAll('-', ' ');
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}
