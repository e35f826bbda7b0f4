import { ArrowDownToLine, Compass, LibraryBig, Settings } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { SECTIONS, type Section } from '../../../shared/contract/bridge.ts';
import { visibleText } from '../../../shared/format/visible-text.ts';
import { isBuildActive } from '../../../shared/projection/build-totals.ts';
import { isActive } from '../../../shared/projection/totals.ts';
import type { EngineStoreState } from '../../stores/engine-store.ts';
import { useEngine, useNavigation } from '../../stores/stores-context.tsx';
import { MakingSummary } from '../builds/making-summary.tsx';
import styles from './sidebar.module.css';
import { TotalsSummary } from './totals-summary.tsx';
import { words } from './words.ts';

const ICONS = { discover: Compass, downloads: ArrowDownToLine, library: LibraryBig, settings: Settings };

/** The sections of the window, and all downloads together at its foot. */
export function Sidebar() {
  return (
    <nav className={styles.sidebar} aria-label={words.navigation}>
      <div className={styles.top}>
        <span className={styles.name}>{words.app}</span>
      </div>
      <ul className={styles.list} onKeyDown={moveFocus}>
        {SECTIONS.map((section) => (
          <li key={section}>
            <SectionLink section={section} />
          </li>
        ))}
      </ul>
      <div className={styles.foot}>
        <MakingSummary />
        <OwnerNote />
        <TotalsSummary />
      </div>
    </nav>
  );
}

/** Another program does the downloads: everything is as live as ever, and it ends when that program does. */
function OwnerNote() {
  const owner = useEngine(({ status }) => (status.state === 'running' ? (status.owner ?? null) : null));
  return owner === null ? null : <p className={styles.owner}>{words.runBy(visibleText(owner))}</p>;
}

/** Number of unfinished downloads and builds. */
function activeCount(state: EngineStoreState['downloads']): number {
  if (!state) return 0;
  return state.downloads.filter(isActive).length + state.builds.filter(isBuildActive).length;
}

/** Arrow up and down go from link to link, as in every list of the Mac. */
function moveFocus(event: KeyboardEvent<HTMLUListElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const links = [...event.currentTarget.querySelectorAll('a')];
  const focused = links.findIndex((link) => link.matches(':focus'));
  const next = links[focused + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function SectionLink({ section }: { readonly section: Section }) {
  const isCurrent = useNavigation((state) => state.section === section);
  const go = useNavigation((state) => state.go);
  // The count alone, so that received bytes do not render the links again.
  const active = useEngine(({ downloads }) => activeCount(downloads));
  const count = section === 'downloads' && active > 0 ? active : null;
  const Icon = ICONS[section];
  return (
    <a
      href={`#${section}`}
      className={styles.link}
      aria-label={words.sections[section]}
      {...(isCurrent ? { 'aria-current': 'page' as const } : {})}
      {...(count === null ? {} : { 'aria-description': words.activeCount(count) })}
      draggable={false}
      onClick={(event) => {
        event.preventDefault();
        go(section);
      }}
    >
      <Icon size={16} strokeWidth={1.9} aria-hidden="true" className={styles.icon} />
      <span>{words.sections[section]}</span>
      {count === null ? null : <span className={styles.count} aria-hidden="true" data-count={count} />}
    </a>
  );
}
