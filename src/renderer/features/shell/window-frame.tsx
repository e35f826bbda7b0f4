import type { ReactNode } from 'react';
import type { Section } from '../../../shared/contract/bridge.ts';
import { useNavigation, useToasts } from '../../stores/stores-context.tsx';
import { Announcer } from './announcer.tsx';
import { EngineBanner } from './engine-banner.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { Sidebar } from './sidebar.tsx';
import { Toasts } from './toasts.tsx';
import { useFailureToasts } from './use-failure-toasts.ts';
import { useKeyboard } from './use-keyboard.ts';
import { usePageRequests } from './use-page-requests.ts';
import { usePastedLink } from './use-pasted-link.ts';
import { useSectionFocus } from './use-section-focus.ts';
import { useWindowReport } from './use-window-report.ts';
import styles from './window-frame.module.css';

/** The window: sidebar, the chosen section, notices, and everything that is the same in every section. */
export function WindowFrame(props: {
  readonly panes: Readonly<Record<Section, () => ReactNode>>;
  /** Dialogs that can open over any section. */
  readonly children?: ReactNode;
}) {
  useKeyboard();
  usePageRequests();
  useFailureToasts();
  usePastedLink();
  useWindowReport();
  const section = useNavigation((state) => state.section);
  const isSidebarShown = useNavigation((state) => state.isSidebarShown);
  const content = useSectionFocus(section);
  const Current = props.panes[section];
  return (
    <div className={styles.window} data-sidebar={isSidebarShown ? 'shown' : 'hidden'}>
      {isSidebarShown ? <Sidebar /> : null}
      <main ref={content} className={styles.content}>
        <EngineBanner />
        <div className={styles.pane}>
          <ErrorBoundary view={section}>
            <Current />
          </ErrorBoundary>
        </div>
      </main>
      {props.children}
      <Announcer />
      <Notices />
    </div>
  );
}

function Notices() {
  const toasts = useToasts((state) => state.toasts);
  const dismiss = useToasts((state) => state.dismiss);
  return <Toasts toasts={toasts} onDismiss={dismiss} />;
}
