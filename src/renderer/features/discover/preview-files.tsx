import { useMemo } from 'react';
import type { DownloadPlan } from '../../../shared/contract/commands.ts';
import { formatBytes } from '../../../shared/format/bytes.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { CutName } from '../../ui/cut-name.tsx';
import { WindowedList } from '../../ui/windowed-list.tsx';
import styles from './preview.module.css';
import { words } from './words.ts';

/** Height of a file's line, in pixels. */
const ROW_HEIGHT = 28;

/** The files of a plan, largest first, each with a tick. */
export function PreviewFiles(props: {
  readonly plan: DownloadPlan;
  readonly unticked: ReadonlySet<string>;
  readonly onChange: (unticked: ReadonlySet<string>) => void;
}) {
  const { plan, unticked, onChange } = props;
  const files = useMemo(() => plan.files.toSorted((one, other) => other.size - one.size), [plan.files]);
  const chosen = useMemo(() => files.filter(({ path }) => !unticked.has(path)).length, [files, unticked]);
  const tick = (path: string, isOn: boolean) => {
    const next = new Set(unticked);
    if (isOn) next.delete(path);
    else next.add(path);
    onChange(next);
  };
  return (
    <section aria-label={words.files}>
      <div className={styles.filesHead}>
        <p>{words.fileCount(chosen, files.length)}</p>
        <Button look="plain" size="small" onClick={() => onChange(new Set())}>
          {words.all}
        </Button>
        <Button look="plain" size="small" onClick={() => onChange(new Set(files.map(({ path }) => path)))}>
          {words.none}
        </Button>
      </div>
      <WindowedList className={styles.files} items={files} keyOf={({ path }) => path} rowHeight={ROW_HEIGHT}>
        {(file) => (
          <Checkbox isOn={!unticked.has(file.path)} onChange={(isOn) => tick(file.path, isOn)}>
            <CutName className={styles.path} name={file.path} />
            <span className={styles.facts}>{hereWords(file)}</span>
            <span className={styles.size}>{formatBytes(file.size)}</span>
          </Checkbox>
        )}
      </WindowedList>
    </section>
  );
}

function hereWords({ present, presentBytes }: DownloadPlan['files'][number]): string | null {
  if (present) return words.fileHere;
  return presentBytes > 0 ? words.filePart(presentBytes) : null;
}
