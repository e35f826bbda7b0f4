import type { BuildView } from '../../../shared/model/build.ts';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { buildFigures } from './build-figures.ts';
import { words } from './words.ts';

/** How much of the source was processed; darker, how much of it was verified. */
export function BuildBar(props: {
  readonly build: BuildView;
  readonly name: string;
  readonly size?: 'normal' | 'thin';
}) {
  const { build, name, size = 'normal' } = props;
  const { sourceBytes, outputBytes, hashedBytes, sourceBytesDone } = build;
  const checked = outputBytes > 0 ? (hashedBytes / outputBytes) * sourceBytes : 0;
  return (
    <ProgressBar
      label={words.progressOf(name)}
      verifiedBytes={checked}
      receivedBytes={sourceBytesDone}
      totalBytes={sourceBytes}
      tone={toneOf(build)}
      size={size}
      valueText={buildFigures(build).spoken}
    />
  );
}

function toneOf({ state }: BuildView): 'active' | 'resting' | 'failed' | 'done' {
  switch (state) {
    case 'failed':
      return 'failed';
    case 'ready':
      return 'done';
    case 'paused':
    case 'queued':
    case 'waiting':
      return 'resting';
    default:
      return 'active';
  }
}
