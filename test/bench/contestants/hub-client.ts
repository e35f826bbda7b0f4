import { downloadFileToCacheDir } from '@huggingface/hub';

/**
 * Downloads one file with the official JavaScript client and prints its path. Arguments: Hub, repository, path, cache.
 * The client's own output goes to the same place as the path, and is left out.
 */
console.debug = () => undefined;
const [hubUrl = '', repo = '', path = '', cacheDir = ''] = process.argv.slice(2);
process.stdout.write(`${await downloadFileToCacheDir({ hubUrl, repo, path, cacheDir })}\n`);
