import { useCall, useCatalog, useEngine, useNavigation } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { buildName } from './build-figures.ts';
import { words } from './words.ts';

/** Asks before a build is canceled, wherever that was requested: its output is deleted. */
export function CancelBuildDialog() {
  const asked = useNavigation(({ cancelAsked }) => cancelAsked);
  const build = useEngine(({ downloads }) => downloads?.builds.find(({ id }) => id === asked));
  const askCancel = useNavigation((state) => state.askCancel);
  const catalog = useCatalog((state) => state.catalog);
  const call = useCall();
  const close = () => askCancel(null);
  const cancel = () => {
    if (build) void call('build.cancel', { id: build.id });
    close();
  };
  // A build that became ready in the meantime can no longer be canceled.
  const isOpen = build !== undefined && build.state !== 'ready';
  const name = build
    ? buildName({ model: build.model, variant: build.variant, repo: build.source.repo }, catalog)
    : '';
  return (
    <Dialog
      isOpen={isOpen}
      onClose={close}
      title={words.cancelTitle(name)}
      description={words.cancelText(build?.writtenBytes ?? 0)}
      actions={
        <>
          <Button onClick={close}>{words.keepMaking}</Button>
          <Button look="danger" onClick={cancel}>
            {words.stopMaking}
          </Button>
        </>
      }
    />
  );
}
