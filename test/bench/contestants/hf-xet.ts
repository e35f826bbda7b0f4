import { join } from 'node:path';
import { type Contestant, checkedByOpenssl, shell } from './contestant.ts';

const DOWNLOAD =
  'import sys; from huggingface_hub import hf_hub_download; print(hf_hub_download(sys.argv[1], sys.argv[2]))';
const VARIABLES = 'HF_ENDPOINT="$2" HF_HOME="$3" HF_HUB_DISABLE_TELEMETRY=1 HF_HUB_DISABLE_PROGRESS_BARS=1';

/**
 * The official Python client, which fetches through `hf_xet` and checks nothing, then `openssl`. `bin` is where its environment
 * has its programs.
 */
export function hfXet(bin: string, isHighPerformance: boolean): Contestant {
  const mode = isHighPerformance ? 'HF_XET_HIGH_PERFORMANCE=1 ' : '';
  return {
    name: `hf_xet${isHighPerformance ? ' (high performance)' : ''}, openssl`,
    verifies: true,
    needs: ['openssl'],
    argv: ({ hubUrl, repo, path, folder, sha256 }) =>
      shell(
        `file=$(${mode}${VARIABLES} "$1" -c '${DOWNLOAD}' "$4" "$5") && ${checkedByOpenssl('"$file"', '"$6"')}`,
        join(bin, 'python'),
        hubUrl,
        folder,
        repo,
        path,
        sha256,
      ),
  };
}
