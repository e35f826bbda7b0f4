import { describe, expect, it } from 'vitest';
import type { BuildView } from '../../shared/model/build.ts';
import type { DownloadState, DownloadView } from '../../shared/model/download.ts';
import { sampleBuild, sampleDownload } from '../tray/sample-downloads.ts';
import { menuState, movedTo } from './menu-state.ts';

const PAGE = { isInspectorOpen: false, isSidebarShown: true, selected: null as string | null };
const queue = (...states: readonly DownloadState[]): readonly DownloadView[] =>
  states.map((state, index) => sampleDownload({ id: String(index), state }));
const stateOf = (downloads: readonly DownloadView[], selected: string | null, isEngineRunning = true) =>
  menuState({ downloads, builds: [], isEngineRunning, page: { ...PAGE, selected } });
const enabled = (downloads: readonly DownloadView[], selected: string | null = null) =>
  [...stateOf(downloads, selected)].filter(([, state]) => state.enabled).map(([id]) => id);

describe('menuState', () => {
  it.each([
    ['isInspectorOpen', 'inspector'],
    ['isSidebarShown', 'sidebar'],
  ] as const)('says Hide for what is there and Show for what is not (%s)', (fact, name) => {
    for (const isThere of [true, false]) {
      const state = menuState({
        downloads: [],
        builds: [],
        isEngineRunning: true,
        page: { ...PAGE, [fact]: isThere },
      });
      expect(state.get(`hide-${name}`)).toEqual({ visible: isThere });
      expect(state.get(`show-${name}`)).toEqual({ visible: !isThere });
    }
  });

  it('pauses and resumes what is made here with all others', () => {
    const of = (build: BuildView, isEngineRunning = true) =>
      menuState({ downloads: [], builds: [build], isEngineRunning, page: PAGE });
    expect(of(sampleBuild()).get('pause-all')).toEqual({ enabled: true });
    expect(of(sampleBuild()).get('resume-all')).toEqual({ enabled: false });
    expect(of(sampleBuild({ state: 'paused' })).get('resume-all')).toEqual({ enabled: true });
    expect(of(sampleBuild(), false).get('pause-all')).toEqual({ enabled: false });
  });

  it('offers nothing that would do nothing', () => {
    expect(enabled([])).toEqual([]);
    expect(enabled(queue('downloading'))).toEqual(['pause-all']);
    expect(enabled(queue('paused'))).toEqual(['resume-all']);
    expect(enabled(queue('ready'))).toEqual(['clear-finished']);
  });

  it('offers to pause or to resume the selected download, whichever it needs', () => {
    expect(enabled(queue('downloading'), '0')).toContain('pause-selected');
    expect(stateOf(queue('paused'), '0').get('resume-selected')).toEqual({ visible: true, enabled: true });
    expect(stateOf(queue('paused'), '0').get('pause-selected')).toMatchObject({ visible: false });
    expect(enabled(queue('ready'), '0')).not.toContain('pause-selected');
  });

  it('offers to start now only what waits for its turn or its hour', () => {
    expect(enabled(queue('queued'), '0')).toContain('start-selected');
    expect(enabled(queue('downloading'), '0')).not.toContain('start-selected');
    const closed = sampleDownload({ id: '0', state: 'waiting', wait: { reason: 'schedule' } });
    expect(enabled([closed], '0')).toContain('start-selected');
  });

  it('offers nothing while there is no engine to do it', () => {
    const state = stateOf(queue('downloading', 'paused', 'ready'), '0', false);
    expect([...state].filter(([, { enabled }]) => enabled)).toEqual([]);
  });
});

describe('moving in the queue', () => {
  it('is not offered for a single download, nor beyond the ends', () => {
    expect(enabled(queue('downloading'), '0')).not.toContain('move-up');
    expect(enabled(queue('downloading'), '0')).not.toContain('move-down');
    expect(enabled(queue('downloading', 'queued'), '0')).toContain('move-down');
    expect(enabled(queue('downloading', 'queued'), '0')).not.toContain('move-up');
  });

  it('steps over what is finished', () => {
    const downloads = queue('downloading', 'ready', 'queued');
    expect(movedTo(downloads, '2', -1)).toBe(0);
    expect(movedTo(downloads, '0', 1)).toBe(2);
  });

  it('is not for what is finished or gone', () => {
    expect(movedTo(queue('ready', 'queued'), '0', 1)).toBeNull();
    expect(movedTo(queue('queued'), 'gone', 1)).toBeNull();
  });
});
