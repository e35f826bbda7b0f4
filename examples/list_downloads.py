#!/usr/bin/env python3
"""Asks the running Haulyard what it downloads, over its socket: python3 list_downloads.py DATA_FOLDER [SECONDS]

Prints one line for each download, then, for SECONDS, one for each piece of news. Ends with 3 when no Haulyard runs. Needs nothing but
Python 3.9 on macOS or Linux. docs/integration.md describes the protocol.
"""

import json
import os
import socket
import struct
import sys
import time

GOES_ON = 0x80000000


class Haulyard:
    """A guest of the program that owns the data folder. Raises OSError when there is none."""

    def __init__(self, data_folder):
        with open(os.path.join(data_folder, "engine.json"), encoding="utf-8") as file:
            owner = json.load(file)
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(owner["socket"])
        self.events = []
        self.calls = 0
        self.send(
            {
                "type": "hello",
                "secret": owner["secret"],
                "protocol": 1,
                "version": "1.0",
                "program": "list_downloads.py",
            }
        )
        self.owner = self.receive()
        if self.owner["type"] != "welcome":
            raise ConnectionError(f"refused: {self.owner['because']}")

    def send(self, message):
        body = json.dumps(message).encode()
        self.socket.sendall(struct.pack(">I", len(body)) + body)

    def receive(self):
        """The next message. A long one comes in several frames."""
        body = b""
        while True:
            (header,) = struct.unpack(">I", self.read(4))
            body += self.read(header & ~GOES_ON)
            if not header & GOES_ON:
                return json.loads(body)

    def read(self, size):
        data = b""
        while len(data) < size:
            part = self.socket.recv(size - len(data))
            if not part:
                raise ConnectionError("Haulyard ended")
            data += part
        return data

    def call(self, name, **arguments):
        self.calls += 1
        self.send({"type": "call", "id": self.calls, "name": name, "args": arguments})
        while True:
            message = self.receive()
            if message["type"] == "event":
                self.events.append(message["event"])
            elif message["type"] == "answer" and message["id"] == self.calls:
                outcome = message["outcome"]
                if outcome["ok"]:
                    return outcome.get("value")
                raise RuntimeError(f"{outcome['error']['code']}: {outcome['error']['message']}")


if __name__ == "__main__":
    try:
        haulyard = Haulyard(sys.argv[1])
    except OSError:
        print("Haulyard does not run.", file=sys.stderr)
        sys.exit(3)
    print(f"{haulyard.owner['program']} {haulyard.owner['version']}")
    for download in haulyard.call("snapshot")["downloads"]:
        print(f"{download['id']} {download['repo']} {download['state']} {download['receivedBytes']}")
    if len(sys.argv) > 2:
        haulyard.send({"type": "subscribe"})
        until = time.monotonic() + float(sys.argv[2])
        while time.monotonic() < until:
            message = haulyard.receive()
            if message["type"] == "event" and message["event"]["event"] == "progress":
                print(f"{message['event']['download']} {message['event']['receivedBytes']}")
