#!/usr/bin/env python3
"""Asks Haulyard for a model and shows its progress: python3 download_model.py moshi

Works the same whether the Haulyard app is open or not. Needs nothing but Python 3.9 and the `haulyard` command; HAULYARD names
another command, for instance "node /path/to/out/cli/index.js".
"""

import json
import os
import shlex
import subprocess
import sys


class DownloadFailed(Exception):
    """code is one of the codes of docs/integration.md; retryable is True when the same may work later."""

    def __init__(self, code, message, retryable):
        super().__init__(message)
        self.code = code
        self.retryable = retryable


def download(reference, on_progress=lambda received, total, state: None):
    """Brings a model here and returns the folder with its files. Ending this program leaves no half a file behind."""
    command = shlex.split(os.environ.get("HAULYARD", "haulyard"))
    process = subprocess.Popen(
        [*command, "download", reference, "--json"],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    snapshot = failure = None
    for line in process.stdout:
        message = json.loads(line)
        event = message.get("event")
        if event == "progress":
            on_progress(message["receivedBytes"], message["totalBytes"], message["state"])
        elif event == "done":
            snapshot = message["snapshot"]
        elif event == "failed":
            failure = message
        elif event is None and "error" in message:
            failure = message["error"]
    process.wait()
    if failure:
        raise DownloadFailed(failure["code"], failure["message"], failure["retryable"])
    if process.returncode != 0 or snapshot is None:
        raise DownloadFailed("Cancelled", f"haulyard ended with {process.returncode}", True)
    return snapshot


if __name__ == "__main__":

    def show(received, total, state):
        percent = 100 * received // total if total else 0
        print(f"{state}: {received / 1e6:.1f} of {total / 1e6:.1f} MB, {percent} %", file=sys.stderr)

    try:
        print(download(sys.argv[1], show))
    except DownloadFailed as error:
        sys.exit(f"{error.code}: {error}")
