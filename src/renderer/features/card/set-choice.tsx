import { Radio } from '@base-ui/react/radio';
import { RadioGroup } from '@base-ui/react/radio-group';
import { useState } from 'react';
import type { FileChoice, JudgedSet } from '../../../shared/model/file-choice.ts';
import { Button } from '../../ui/button.tsx';
import { FitWord } from '../fit/fit-word.tsx';
import { VERDICT_WORDS } from '../fit/words.ts';
import styles from './set-choice.module.css';
import { words } from './words.ts';

/** Number shown before *Show All*: more than this is a list to study, not a choice. */
const FIRST = 4;

/** Chooses a copy of the weights: each is described in words, with its size and how it would run on this computer. */
export function SetChoice(props: {
  readonly choice: FileChoice;
  /** Id of the chosen set; null when the files were chosen one by one. */
  readonly value: string | null;
  readonly onChange: (set: JudgedSet) => void;
}) {
  const { choice, value } = props;
  const [isAll, setAll] = useState(false);
  const shown = isAll ? choice.sets : firstOf(choice, value);
  return (
    <section className={styles.choice} aria-label={words.choice}>
      <h3 className={styles.title}>{words.choice}</h3>
      <p className={styles.why}>{words.choiceWhy(choice)}</p>
      <RadioGroup
        aria-label={words.choice}
        className={styles.sets}
        value={value ?? ''}
        onValueChange={(id) => {
          const set = choice.sets.find((each) => each.id === id);
          if (set) props.onChange(set);
        }}
      >
        {shown.map((set) => (
          <SetOption key={set.id} set={set} isProposed={set.id === choice.proposed} />
        ))}
      </RadioGroup>
      {shown.length < choice.sets.length ? (
        <Button look="plain" size="small" onClick={() => setAll(true)}>
          {words.showAll(choice.sets.length)}
        </Button>
      ) : null}
    </section>
  );
}

/** Returns the proposed one, the chosen one, and those closest in quality, in order of quality. */
function firstOf({ sets, proposed }: FileChoice, value: string | null): readonly JudgedSet[] {
  const at = Math.max(
    0,
    sets.findIndex(({ id }) => id === proposed),
  );
  const start = Math.max(0, Math.min(at - 1, sets.length - FIRST));
  const near = sets.slice(start, start + FIRST);
  return sets.filter((set) => near.includes(set) || set.id === value);
}

function SetOption({ set, isProposed }: { readonly set: JudgedSet; readonly isProposed: boolean }) {
  const { verdict, mostTokensPerSecond: tokens } = set.suitability;
  return (
    <Radio.Root
      value={set.id}
      className={styles.set}
      aria-label={words.setName(set, verdict === null ? null : VERDICT_WORDS[verdict])}
      title={set.suitability.reasons.join('\n')}
    >
      <span className={styles.mark} aria-hidden="true" />
      <span className={styles.text}>
        <span className={styles.name}>
          {set.title}
          {set.code === null ? null : <span className={styles.code}>{set.code}</span>}
          {isProposed ? <span className={styles.recommended}>{words.recommended}</span> : null}
        </span>
        <span className={styles.words}>{set.words}</span>
      </span>
      <span className={styles.facts}>
        <span>{words.setSize(set)}</span>
        {verdict === null ? null : <FitWord verdict={verdict} />}
        {tokens === null ? null : <span className={styles.speed}>{words.speed(tokens)}</span>}
      </span>
    </Radio.Root>
  );
}
