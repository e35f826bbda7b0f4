import { WindowFrame } from './features/shell/window-frame.tsx';
import type { Stores } from './stores/stores.ts';
import { StoresProvider } from './stores/stores-context.tsx';
import { Pane } from './ui/pane.tsx';

const PANES = {
  discover: () => <Pane title="Discover">{null}</Pane>,
  downloads: () => <Pane title="Downloads">{null}</Pane>,
  library: () => <Pane title="Library">{null}</Pane>,
  settings: () => <Pane title="Settings">{null}</Pane>,
};

/** The whole page. */
export function App({ stores }: { readonly stores: Stores }) {
  return (
    <StoresProvider stores={stores}>
      <WindowFrame panes={PANES} />
    </StoresProvider>
  );
}
