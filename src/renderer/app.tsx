import { CancelBuildDialog } from './features/builds/cancel-build-dialog.tsx';
import { DiscoverPane } from './features/discover/discover-pane.tsx';
import { PreviewDialog } from './features/discover/preview-dialog.tsx';
import { CancelDialog } from './features/downloads/cancel-dialog.tsx';
import { DownloadsPane } from './features/downloads/downloads-pane.tsx';
import { LibraryPane } from './features/library/library-pane.tsx';
import { SettingsPane } from './features/settings/settings-pane.tsx';
import { WindowFrame } from './features/shell/window-frame.tsx';
import type { Stores } from './stores/stores.ts';
import { StoresProvider } from './stores/stores-context.tsx';

const PANES = {
  discover: DiscoverPane,
  downloads: DownloadsPane,
  library: LibraryPane,
  settings: SettingsPane,
};

/** The whole page. */
export function App({ stores }: { readonly stores: Stores }) {
  return (
    <StoresProvider stores={stores}>
      <WindowFrame panes={PANES}>
        <PreviewDialog />
        <CancelDialog />
        <CancelBuildDialog />
      </WindowFrame>
    </StoresProvider>
  );
}
