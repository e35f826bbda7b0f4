import { snapshotDownload } from '@huggingface/hub';

/**
 * Downloads a repository with the official JavaScript client and prints the folder. Arguments: Hub, repository, cache.
 * The client's own output goes to the same place as the path, and is left out.
 */
console.debug = () => undefined;
const [hubUrl = '', repo = '', cacheDir = ''] = process.argv.slice(2);
process.stdout.write(`${await snapshotDownload({ hubUrl, repo, cacheDir })}\n`);
