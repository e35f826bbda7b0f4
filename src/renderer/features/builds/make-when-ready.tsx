import { useState } from 'react';
import type { Precision } from '../../../shared/model/catalog.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import { useCall } from '../../stores/stores-context.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import styles from './builds.module.css';
import { words } from './words.ts';

/** Schedules a build for when the download that it is built from is ready. */
export function MakeWhenReady(props: {
  readonly download: DownloadView;
  readonly variant: Precision;
  readonly from: Precision;
}) {
  const { download, variant, from } = props;
  const call = useCall();
  // The clicked value applies until the engine reports the stored one.
  const [wished, setWished] = useState<boolean | null>(null);
  const change = async (isOn: boolean) => {
    setWished(isOn);
    await call('downloads.make', { id: download.id, make: isOn ? variant : null });
    setWished(null);
  };
  return (
    <div className={styles.tick}>
      <Checkbox isOn={wished ?? download.make === variant} onChange={(isOn) => void change(isOn)}>
        {words.makeThen(variant.toUpperCase(), from.toUpperCase())}
      </Checkbox>
    </div>
  );
}
