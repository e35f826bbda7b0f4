import type { LibraryModel } from '../../shared/model/library.ts';

/** Moshi BF16, complete and intact; `change` overrides fields. */
export function sampleModel(change: Partial<LibraryModel> = {}): LibraryModel {
  return {
    repo: 'kyutai/moshiko-mlx-bf16',
    commit: '0123456789abcdef0123456789abcdef01234567',
    bytes: 15_760_894_886,
    freeableBytes: 15_760_894_886,
    files: 4,
    complete: true,
    path: '/cache/models--kyutai--moshiko-mlx-bf16/snapshots/0123456789abcdef0123456789abcdef01234567',
    refs: ['main'],
    model: 'moshi',
    variant: 'bf16',
    verifiedAt: '2026-01-05T12:00:00.000Z',
    verifiedOk: true,
    ...change,
  };
}
