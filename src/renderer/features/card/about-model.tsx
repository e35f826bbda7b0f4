import { useEffect, useRef, useState } from 'react';
import type { ModelCard } from '../../../shared/model/search.ts';
import { useCall } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import styles from './about-model.module.css';
import { beginningOf, renderReadme } from './render-readme.ts';
import { words } from './words.ts';

/** This much of a description is drawn at first: more would block the window for longer than a frame. */
const FIRST_CHARACTERS = 12_000;

/** Facts and description of a model. */
export function AboutModel({ card }: { readonly card: ModelCard }) {
  const call = useCall();
  const [isWhole, setWhole] = useState(false);
  const readme = card.readme?.trim() ?? '';
  const shown = isWhole ? readme : beginningOf(readme, FIRST_CHARACTERS);
  return (
    <section className={styles.about} aria-label={words.about}>
      <div className={styles.head}>
        <h3 className={styles.title}>{words.about}</h3>
        <Button look="plain" size="small" onClick={() => void call('shell.open', { url: card.pageUrl })}>
          {words.openPage}
        </Button>
      </div>
      <dl className={styles.facts}>
        {words.facts(card.model).map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
      {readme === '' ? (
        <p className={styles.none}>{card.readmeProblem ?? words.noReadme}</p>
      ) : (
        <Readme text={shown} />
      )}
      {shown.length < readme.length ? (
        <Button size="small" onClick={() => setWhole(true)}>
          {words.showMore}
        </Button>
      ) : null}
      {card.shortened && shown.length === readme.length ? (
        <p className={styles.none}>{words.shortened}</p>
      ) : null}
    </section>
  );
}

/** The nodes are inserted as they are: serializing them again could undo the sanitizing. */
function Readme({ text }: { readonly text: string }) {
  const box = useRef<HTMLDivElement>(null);
  const call = useCall();
  const open = useRef(call);
  open.current = call;
  useEffect(() => {
    box.current?.replaceChildren(renderReadme(text, (url) => void open.current('shell.open', { url })));
  }, [text]);
  return <div ref={box} className={styles.readme} data-selectable dir="auto" />;
}
