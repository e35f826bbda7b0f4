import type { DownloadPlan } from '../../../shared/contract/commands.ts';
import { formatBytes } from '../../../shared/format/bytes.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import styles from './preview.module.css';
import { words } from './words.ts';

/** The files of a plan, largest first, each with a tick. */
export function PreviewFiles(props: {
  readonly plan: DownloadPlan;
  readonly unticked: ReadonlySet<string>;
  readonly onChange: (unticked: ReadonlySet<string>) => void;
}) {
  const { plan, unticked, onChange } = props;
  const files = [...plan.files].sort((one, other) => other.size - one.size);
  const chosen = files.filter(({ path }) => !unticked.has(path)).length;
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
      <ul className={styles.files}>
        {files.map(({ path, size, chunks, present }) => (
          <li key={path}>
            <Checkbox isOn={!unticked.has(path)} onChange={(isOn) => tick(path, isOn)}>
              <span className={styles.path}>{path}</span>
              <span className={styles.facts}>{present ? words.fileHere : words.chunks(chunks)}</span>
              <span className={styles.size}>{formatBytes(size)}</span>
            </Checkbox>
          </li>
        ))}
      </ul>
    </section>
  );
}
