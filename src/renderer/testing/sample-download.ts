import type { DownloadView } from '../../shared/model/download.ts';
import { sampleDownload as anyDownload } from './samples.ts';

/** Moshi BF16 at 6.3 of 15.4 GB, 41 %, as on the experience page; `change` overrides fields. */
export function sampleDownload(change: Partial<DownloadView> = {}): DownloadView {
  return anyDownload({
    id: 'moshi',
    receivedBytes: 6_313_000_000,
    verifiedBytes: 6_291_456_000,
    totalBytes: 15_375_697_208,
    etaSeconds: 2157,
    ...change,
  });
}
