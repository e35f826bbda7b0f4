import { Pause, Play, X } from 'lucide-react';
import { useShallow } from 'zustand/shallow';
import type { BuildView } from '../../../shared/model/build.ts';
import { useCall, useCatalog, useEngine, useNavigation } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { BuildBar } from './build-bar.tsx';
import { buildFigures, buildName } from './build-figures.ts';
import styles from './builds.module.css';
import { ReadyBuild } from './ready-build.tsx';
import { words } from './words.ts';

/** Running and recently finished builds. Nothing when there are none. */
export function BuildList() {
  const builds = useEngine(useShallow((state) => state.downloads?.builds ?? []));
  if (builds.length === 0) return null;
  return (
    <section>
      <h2 className="visually-hidden">{words.list}</h2>
      <ul className={styles.rows} aria-label={words.list}>
        {builds.map((build) => (
          <BuildItem key={build.id} build={build} />
        ))}
      </ul>
    </section>
  );
}

function BuildItem({ build }: { readonly build: BuildView }) {
  const catalog = useCatalog((state) => state.catalog);
  const { model, variant, source } = build;
  const name = buildName({ model, variant, repo: source.repo }, catalog);
  return (
    <li aria-label={name}>
      {build.state === 'ready' ? (
        <ReadyBuild build={build} name={name} />
      ) : (
        <BuildRow build={build} name={name} />
      )}
    </li>
  );
}

function BuildRow({ build, name }: { readonly build: BuildView; readonly name: string }) {
  const { text, tone, amount, rate, timeLeft } = buildFigures(build);
  const figures = [amount, rate, timeLeft].filter((part) => part !== null);
  return (
    <div className={styles.row}>
      <div className={styles.head}>
        <span className={styles.name}>{name}</span>
        <Buttons build={build} name={name} />
      </div>
      <p className={styles.words} data-tone={tone}>
        {text}
      </p>
      <BuildBar build={build} name={name} />
      <p className={styles.words}>{figures.join(' · ')}</p>
    </div>
  );
}

function Buttons({ build, name }: { readonly build: BuildView; readonly name: string }) {
  const call = useCall();
  const askCancel = useNavigation((navigation) => navigation.askCancel);
  const { id, state } = build;
  const isPaused = state === 'paused';
  return (
    <>
      {state === 'failed' || state === 'waiting' ? (
        <Button size="small" onClick={() => void call('build.resume', { id })}>
          {state === 'failed' ? words.tryAgain : words.tryNow}
        </Button>
      ) : null}
      {state === 'failed' ? null : (
        <IconButton
          label={isPaused ? words.resume(name) : words.pause(name)}
          icon={isPaused ? <Play size={16} /> : <Pause size={16} />}
          onClick={() => void call(isPaused ? 'build.resume' : 'build.pause', { id })}
        />
      )}
      <IconButton label={words.cancel(name)} icon={<X size={16} />} onClick={() => askCancel(id)} />
    </>
  );
}
