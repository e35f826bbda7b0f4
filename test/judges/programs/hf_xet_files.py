"""Downloads files through hf_xet (`download REPO PATH...`) or hashes local ones as it does (`hash`, names on stdin)."""

import hashlib
import json
import sys

import hf_xet
from huggingface_hub import hf_hub_download


def sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


if sys.argv[1] == "download":
    repo, *paths = sys.argv[2:]
    found = {path: sha256(hf_hub_download(repo, path)) for path in paths}
else:
    names = sys.stdin.read().split()
    found = {name: info.hash for name, info in zip(names, hf_xet.hash_files(names))}
print(json.dumps(found))
