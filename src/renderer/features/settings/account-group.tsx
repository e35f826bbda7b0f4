import { type FormEvent, useState } from 'react';
import { useCall, usePreferences, useStores, useToasts } from '../../stores/stores-context.tsx';
import { useWantedFocus } from '../../stores/use-wanted-focus.ts';
import { Button } from '../../ui/button.tsx';
import { Field } from '../../ui/field.tsx';
import { SettingGroup, SettingRow } from './setting-row.tsx';
import styles from './settings.module.css';
import { useGoOnWithToken } from './use-go-on-with-token.ts';
import { words } from './words.ts';

/** The token: whether there is one, a field for another, never the token itself. */
export function AccountGroup() {
  const status = usePreferences(({ token }) => token);
  const call = useCall();
  const { preferences } = useStores();
  const show = useToasts((state) => state.show);
  const withheld = status ? words.tokenWithheld(status) : null;
  const canForget = status?.present === true && status.kept !== 'environment';
  const forget = async () => {
    const outcome = await call('token.forget', {});
    if (!outcome.ok) return;
    preferences.setToken(outcome.value);
    show({ tone: 'good', text: words.tokenForgotten });
  };
  return (
    <SettingGroup title={words.account}>
      <SettingRow label={words.token} text={words.tokenText} below={<TokenForm />}>
        {canForget ? <Button onClick={() => void forget()}>{words.forget}</Button> : null}
      </SettingRow>
      {status ? (
        <p role="status" className={styles.status}>
          {words.tokenStatus(status)}
          {withheld === null ? null : <strong className={styles.withheld}>{withheld}</strong>}
        </p>
      ) : null}
    </SettingGroup>
  );
}

function TokenForm() {
  const field = useWantedFocus('token');
  const call = useCall();
  const { preferences } = useStores();
  const goOn = useGoOnWithToken();
  const [text, setText] = useState('');
  const [isBad, setBad] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const token = text.trim();
    if (token === '' || /\s/.test(token)) return setBad(true);
    setBusy(true);
    const outcome = await call('token.save', { token });
    setBusy(false);
    if (!outcome.ok) return;
    setText('');
    preferences.setToken(outcome.value);
    await goOn();
  };
  return (
    <form className={styles.wide} onSubmit={(event) => void save(event)}>
      <Field
        ref={field}
        label={words.tokenNew}
        isLabelHidden
        type="password"
        placeholder={words.tokenPlaceholder}
        value={text}
        maxLength={500}
        error={isBad ? words.tokenBad : null}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setBad(false);
        }}
        after={
          <Button type="submit" isBusy={isBusy}>
            {words.save}
          </Button>
        }
      />
    </form>
  );
}
