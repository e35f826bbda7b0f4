import type { FileChoice, JudgedSet } from '../../shared/model/file-choice.ts';
import type { FoundModel, ModelCard, SearchPage } from '../../shared/model/search.ts';

/** A model that search found; `more` overrides fields. */
export function sampleFound(repo: string, more: Partial<FoundModel> = {}): FoundModel {
  return {
    ...{
      repo,
      downloads: 320_000,
      likes: 12,
      updatedAt: '2025-03-04T12:00:00.000Z',
      task: 'text-generation',
    },
    ...{ license: 'llama3.2', gated: false, format: 'mlx', precision: '4-bit', parameters: 1e9 },
    ...{ bytes: 695_000_000, approximate: false, quantizedFrom: null, here: null },
    suitability: sampleSuitability('fits'),
    ...more,
  };
}

/** How something runs on this computer, by its word. */
export function sampleSuitability(verdict: FoundModel['suitability']['verdict']): FoundModel['suitability'] {
  return {
    verdict,
    estimated: true,
    neededBytes: 1.2e9,
    mostTokensPerSecond: null,
    reasons: ['Needs 1.2 GB.'],
  };
}

/** A page of search. */
export function samplePage(models: readonly FoundModel[], more: Partial<SearchPage> = {}): SearchPage {
  return { models, cursor: null, offline: false, offlineReason: null, ...more };
}

/** A card with a description. */
export function sampleCard(repo: string, more: Partial<ModelCard> = {}): ModelCard {
  return {
    model: sampleFound(repo),
    readme: '# A model\n\nWhat it is **for**.',
    shortened: false,
    readmeProblem: null,
    pageUrl: `https://huggingface.co/${repo}`,
    ...more,
  };
}

/** Sets of GGUF with these codes, the second one proposed. */
export function sampleChoice(repo: string, commit: string, codes: readonly string[]): FileChoice {
  const sets = codes.map(
    (code, at): JudgedSet => ({
      ...{ id: `gguf ${code}`, title: `${8 - at}-bit`, words: 'Answers well.', code, format: 'gguf' },
      ...{ paths: [`m-${code}.gguf`], bytes: (codes.length - at) * 1e9, quality: 99 - at },
      suitability: sampleSuitability('runs-well'),
    }),
  );
  return {
    ...{ repo, commit, sets, proposed: sets[1]?.id ?? null, why: 'The best of those that run here.' },
    ...{ leftOut: 'Leaves out others.', companions: ['README.md'], companionBytes: 100 },
  };
}
