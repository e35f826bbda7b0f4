import { downloadName } from '../../../shared/format/download-name.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import { useCall, useCatalog, useDownload, useNavigation } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { words } from '../download/words.ts';

/** Asks what to do with the partial when a download is canceled, wherever that was requested. */
export function CancelDialog() {
  const asked = useNavigation(({ cancelAsked }) => cancelAsked);
  const view = useDownload(asked);
  const askCancel = useNavigation((state) => state.askCancel);
  const call = useCall();
  const catalog = useCatalog((state) => state.catalog);
  const close = () => askCancel(null);
  const cancel = (keepPartial: boolean) => {
    if (view) void call('downloads.cancel', { id: view.id, keepPartial });
    close();
  };
  return (
    <Dialog
      isOpen={view !== undefined}
      onClose={close}
      title={view ? words.cancelTitle(downloadName(view, catalog)) : ''}
      description={view ? words.cancelText(view.receivedBytes, view.totalBytes) : ''}
      actions={view ? <Choices view={view} onClose={close} onCancel={cancel} /> : null}
    />
  );
}

function Choices(props: {
  readonly view: DownloadView;
  readonly onClose: () => void;
  readonly onCancel: (keepPartial: boolean) => void;
}) {
  const goOn = <Button onClick={props.onClose}>{words.goOn}</Button>;
  if (props.view.receivedBytes === 0) {
    return (
      <>
        {goOn}
        <Button look="danger" onClick={() => props.onCancel(false)}>
          {words.cancelDownload}
        </Button>
      </>
    );
  }
  return (
    <>
      {goOn}
      <Button look="danger" onClick={() => props.onCancel(false)}>
        {words.deletePartial}
      </Button>
      <Button look="primary" onClick={() => props.onCancel(true)}>
        {words.keepPartial(props.view.receivedBytes, props.view.totalBytes)}
      </Button>
    </>
  );
}
