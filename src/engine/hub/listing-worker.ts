import { parentPort, workerData } from 'node:worker_threads';
import { type ListingHead, type ListingKind, NO_HEAD, readListing } from './listing.ts';
import { failureOf } from './listing-failure.ts';
import type { ListingReply, ListingTask } from './listing-protocol.ts';
import { type ListedModel, readModels } from './models-listing.ts';
import type { RemoteFile } from './remote-file.ts';

/**
 * Entry point of the thread that reads one long listing. The text is treated as hostile until it has been read:
 * whatever it does to a parser, it does to this thread and its own small heap.
 */

/** Files per message. Receiving a thousand costs the engine less than a millisecond. */
const PART = 1000;

const post = (reply: ListingReply): void => parentPort?.postMessage(reply);

const { kind, bytes } = workerData as ListingTask;
try {
  post({ head: kind === 'models' ? sendModels() : sendFiles(kind) });
} catch (error) {
  post({ failure: failureOf(error) });
}

function sendFiles(listing: ListingKind): ListingHead {
  let files: RemoteFile[] = [];
  let names: string[] = [];
  const send = (): void => {
    if (files.length + names.length > 0) post({ files, names });
    files = [];
    names = [];
  };
  const sendFull = (): void => {
    if (files.length + names.length >= PART) send();
  };
  const head = readListing(listing, bytes, {
    onFile: (file) => {
      files.push(file);
      sendFull();
    },
    onName: (path) => {
      names.push(path);
      sendFull();
    },
  });
  send();
  return head;
}

/** A page has a thousand models at most: one part. */
function sendModels(): ListingHead {
  const models: ListedModel[] = [];
  readModels(bytes, (model) => models.push(model));
  post({ models });
  return NO_HEAD;
}
