import { useState } from 'react';
import type { EndpointTest } from '../../../shared/contract/commands.ts';
import { usePreferences, useStores } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { AddressField, isWebAddress } from './address-field.tsx';
import { SettingGroup, SettingRow } from './setting-row.tsx';
import styles from './settings.module.css';
import { useSaved } from './use-saved.ts';
import { useSavePreferences } from './use-settings.ts';
import { words } from './words.ts';

/** Which Hub, and how it is reached. */
export function NetworkGroup() {
  return (
    <SettingGroup title={words.network}>
      <EndpointRow />
      <ProxyRow />
    </SettingGroup>
  );
}

function EndpointRow() {
  const chosen = usePreferences(({ preferences }) => preferences?.endpoint ?? null);
  const used = usePreferences(({ info }) => info?.endpoint ?? '');
  const { bridge } = useStores();
  const save = useSavePreferences();
  const [isSaved, markSaved] = useSaved();
  const [result, setResult] = useState<EndpointTest | 'asking' | null>(null);
  const keep = async (endpoint: string | null) => {
    setResult(null);
    if (await save({ endpoint })) markSaved();
  };
  const test = async (text: string) => {
    setResult('asking');
    const outcome = await bridge.call('endpoint.test', { endpoint: text === '' ? used : text });
    setResult(
      outcome.ok ? outcome.value : { ok: false, message: errorWords(outcome.error), milliseconds: null },
    );
  };
  return (
    <SettingRow
      label={words.endpoint}
      text={words.endpointText}
      isSaved={isSaved}
      below={
        <>
          <AddressField
            key={chosen}
            label={words.endpoint}
            saved={chosen}
            placeholder={used}
            wrong={words.endpointBad}
            save={(address) => void keep(address)}
            after={(text) => (
              <Button
                disabled={text !== '' && !isWebAddress(text)}
                isBusy={result === 'asking'}
                onClick={() => void test(text)}
              >
                {words.test}
              </Button>
            )}
          />
          <TestResult result={result} />
        </>
      }
    >
      {chosen === null ? null : <Button onClick={() => void keep(null)}>{words.reset}</Button>}
    </SettingRow>
  );
}

function TestResult({ result }: { readonly result: EndpointTest | 'asking' | null }) {
  const isDone = result !== null && result !== 'asking';
  return (
    <p role="status" className={styles.result} data-ok={isDone ? result.ok : undefined} data-selectable>
      {result === 'asking' ? words.testing : result?.message}
    </p>
  );
}

function ProxyRow() {
  const chosen = usePreferences(({ preferences }) => preferences?.proxy ?? null);
  const used = usePreferences(({ info }) => info?.proxy ?? '');
  const save = useSavePreferences();
  const [isSaved, markSaved] = useSaved();
  const keep = async (proxy: string | null) => {
    if (await save({ proxy })) markSaved();
  };
  return (
    <SettingRow
      label={words.proxy}
      text={words.proxyText}
      isSaved={isSaved}
      below={
        <AddressField
          key={chosen}
          label={words.proxy}
          saved={chosen}
          placeholder={used === '' ? 'http://proxy.example:8080' : used}
          wrong={words.proxyBad}
          save={(address) => void keep(address)}
        />
      }
    >
      {chosen === null ? null : <Button onClick={() => void keep(null)}>{words.reset}</Button>}
    </SettingRow>
  );
}
