"""Reads a cache as an offline program does. Arguments: repository, revision. Prints what it found as JSON."""
import hashlib
import json
import os
import sys

from huggingface_hub import hf_hub_download, scan_cache_dir, snapshot_download

repo, revision = sys.argv[1:3]
folder = snapshot_download(repo, revision=revision, local_files_only=True)
files = {}
for at, _, names in os.walk(folder):
    for name in names:
        path = os.path.relpath(os.path.join(at, name), folder).replace(os.sep, "/")
        found = hf_hub_download(repo, path, revision=revision, local_files_only=True)
        with open(found, "rb") as file:
            files[path] = hashlib.sha256(file.read()).hexdigest()
scan = scan_cache_dir()
print(json.dumps({
    "folder": folder,
    "files": files,
    "warnings": [str(warning) for warning in scan.warnings],
    "repos": [{"id": r.repo_id, "files": r.nb_files, "bytes": r.size_on_disk, "refs": sorted(r.refs)} for r in scan.repos],
}))
