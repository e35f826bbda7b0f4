"""A second Hub, written from the protocol notes alone and sharing no code with test/hub.

    python3 hub.py ROOT [--log FILE]

Serves the folders ROOT/org/name as model repositories with one commit each, on 127.0.0.1, and their large files from a
"CDN" under the host name localhost. The first line on stdout is {"url": ..., "cdn": ...}. Python 3.9, standard library.
"""
import argparse
import base64
import hashlib
import json
import os
import re
import secrets
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, unquote, urlencode, urlsplit

LARGE = re.compile(r"\.(safetensors|bin|gguf|model)$")
PAGE = 1000
EXPOSED = "X-Repo-Commit,X-Request-Id,X-Error-Code,X-Error-Message,X-Total-Count,ETag,Link,Accept-Ranges,Content-Range,X-Linked-Size,X-Linked-ETag,X-Xet-Hash"
CHALLENGE = 'Bearer realm="Authentication required", charset="UTF-8"'


class Entry:
    """A file: small ones are git blobs, large ones have a git blob that is a pointer."""

    def __init__(self, root, path):
        self.path, self.disk = path, os.path.join(root, *path.split("/"))
        with open(self.disk, "rb") as file:
            content = file.read()
        self.size, self.large = len(content), bool(LARGE.search(path))
        self.sha256 = hashlib.sha256(content).hexdigest()
        pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.sha256}\nsize {self.size}\n".encode()
        self.pointer_size = len(pointer)
        blob = pointer if self.large else content
        self.oid = hashlib.sha1(b"blob %d\0" % len(blob) + blob).hexdigest()
        self.etag = self.sha256 if self.large else self.oid

    def lfs(self, key):
        return {"lfs": {key: self.sha256, "size": self.size, "pointerSize": self.pointer_size}} if self.large else {}


class Repository:
    def __init__(self, root, repo):
        folder = os.path.join(root, *repo.split("/"))
        paths = sorted(os.path.relpath(os.path.join(at, name), folder).replace(os.sep, "/")
                       for at, _, names in os.walk(folder) for name in names)
        self.id, self.files = repo, {path: Entry(folder, path) for path in paths}
        self.commit = hashlib.sha1("".join(f"{e.path} {e.oid}\n" for e in self.files.values()).encode()).hexdigest()

    def tree(self):
        folders = {"/".join(p.split("/")[:n]) for p in self.files for n in range(1, p.count("/") + 1)}
        rows = [{"type": "directory", "oid": hashlib.sha1(f.encode()).hexdigest(), "size": 0, "path": f} for f in folders]
        rows += [{"type": "file", "oid": e.oid, "size": e.size, "path": e.path, **e.lfs("oid")} for e in self.files.values()]
        return sorted(rows, key=lambda row: row["path"])


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub = None  # Set by main: what both servers share.

    def log_message(self, *_):
        pass

    def handle_any(self):
        url = urlsplit(self.path)
        self.hub["log"]({"server": self.kind, "method": self.command, "path": url.path, "range": self.headers.get("Range"),
                         "authorization": "Authorization" in self.headers})
        self.route(url, parse_qs(url.query, keep_blank_values=True))

    do_GET = do_HEAD = do_POST = handle_any

    def reply(self, status, headers, body=b""):
        self.send_response(status)
        for name, value in {"Content-Length": len(body), **headers}.items():
            self.send_header(name, str(value))
        self.end_headers()
        if self.command != "HEAD" and status != 304:
            self.wfile.write(body)

    def content(self, entry, headers):
        """The file, or the part that Range asks for."""
        match = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
        start, end = 0, entry.size - 1
        if match:
            start, end = int(match[1]), min(int(match[2] or end), end)
            if start >= entry.size:
                return self.reply(416, {"Content-Range": f"bytes */{entry.size}"},
                                  f"Requested range: {match[0]}. Content-Range: bytes */{entry.size}".encode())
            headers = {**headers, "Content-Range": f"bytes {start}-{end}/{entry.size}"}
        with open(entry.disk, "rb") as file:
            file.seek(start)
            return self.reply(206 if match else 200, {**headers, "Accept-Ranges": "bytes"}, file.read(end - start + 1))


class Hub(Handler):
    kind = "hub"

    def reply(self, status, headers, body=b""):
        bucket, quota = ("api", 500) if self.path.startswith("/api/") else ("resolvers", 3000)
        super().reply(status, {"RateLimit": f'"{bucket}";r={quota - 1};t=295', "X-Powered-By": "huggingface-moon",
                               "RateLimit-Policy": f'"fixed window";"{bucket}";q={quota};w=300', "Vary": "Origin",
                               "X-Request-Id": secrets.token_hex(8), "Access-Control-Expose-Headers": EXPOSED, **headers}, body)

    def json(self, value, headers=None, status=200):
        self.reply(status, {"Content-Type": "application/json; charset=utf-8", **(headers or {})}, json.dumps(value).encode())

    def error(self, status, code, message, **headers):
        coded = {"X-Error-Code": code} if code else {}
        self.json({"error": message}, {**coded, "X-Error-Message": message, "ETag": 'W/"f-error"', **headers}, status)

    def route(self, url, query):
        parts = [unquote(part) for part in url.path.split("/")[1:]]
        if parts[:3] == ["api", "resolve-cache", "models"] and len(parts) > 6:
            return self.at(parts[3:5], parts[5], lambda repo: self.cached(repo, "/".join(parts[6:])))
        if parts[:2] == ["api", "models"] and len(parts) >= 4:
            kind, revision = (parts[4:6] + ["main"])[:2] if len(parts) > 5 else ("revision", "main")
            answers = {"revision": self.info, "tree": self.tree, "paths-info": self.paths_info}
            if kind in answers:
                return self.at(parts[2:4], revision, lambda repo: answers[kind](repo, query))
        if len(parts) > 4 and parts[2] == "resolve":
            return self.at(parts[:2], parts[3], lambda repo: self.resolve(repo, "/".join(parts[4:])))
        return self.error(404, None, "Sorry, we can't find the page you are looking for.")

    def at(self, name, revision, answer):
        repo = self.hub["repositories"].get("/".join(name))
        if "Authorization" in self.headers:
            return self.error(401, None, "Invalid credentials in Authorization header", **{"WWW-Authenticate": CHALLENGE})
        if repo is None:
            return self.error(401, None, "Invalid username or password.", **{"WWW-Authenticate": CHALLENGE})
        if revision not in ("main", repo.commit):
            return self.error(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        return answer(repo)

    def info(self, repo, query):
        blobs = query.get("blobs") == ["true"]
        siblings = [{"rfilename": e.path, **({"size": e.size, "blobId": e.oid, **e.lfs("sha256")} if blobs else {})} for e in repo.files.values()]
        self.json({"_id": repo.commit[:24], "id": repo.id, "modelId": repo.id, "sha": repo.commit, "private": False, "disabled": False,
                   "gated": False, "tags": [], "downloads": 0, "likes": 0, "siblings": siblings})

    def tree(self, repo, query):
        rows = repo.tree()
        start = int(base64.urlsafe_b64decode(query["cursor"][0])) if "cursor" in query else 0
        more = urlencode({"recursive": "true", "expand": "false", "limit": PAGE, "cursor": base64.urlsafe_b64encode(b"%d" % (start + PAGE)).decode()})
        link = f'<{self.hub["url"]}/api/models/{repo.id}/tree/{repo.commit}?{more}>; rel="next"'
        self.json(rows[start:start + PAGE], {"Link": link} if len(rows) > start + PAGE else {})

    def paths_info(self, repo, _):
        text = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        asked = json.loads(text)["paths"] if text.startswith("{") else parse_qs(text).get("paths", [])
        self.json([row for row in repo.tree() if row["path"] in asked])

    def resolve(self, repo, path):
        entry, common = repo.files.get(path), {"X-Repo-Commit": repo.commit, "Accept-Ranges": "bytes"}
        if entry is None:
            return self.reply(404, {**common, "X-Error-Code": "EntryNotFound", "X-Error-Message": "Entry not found", "ETag": 'W/"f-missing"'}, b"Entry not found")
        linked = {**common, "X-Linked-ETag": f'"{entry.etag}"', "Content-Type": "text/plain; charset=utf-8"}
        if not entry.large:
            tail = f"{quote(repo.id)}/{repo.commit}/{quote(path)}?{quote(self.path, safe='')}=&etag=%22{entry.oid}%22"
            return self.reply(307, {**linked, "Location": f"/api/resolve-cache/models/{tail}"}, b"Temporary Redirect")
        # The URL is good for the range of this very request: any range without one, exactly that range with one.
        expires, policy = int(time.time()) + 3600, base64.urlsafe_b64encode((self.headers.get("Range") or "*").encode()).decode()
        place = f"/repos/{entry.sha256}"
        signed = urlencode({"Expires": expires, "Policy": policy, "Signature": sign(place, expires, policy), "Key-Pair-Id": "K1"})
        return self.reply(302, {**linked, "X-Linked-Size": entry.size, "Cache-Control": "no-store", "Location": f'{self.hub["cdn"]}{place}?{signed}'}, b"Found")

    def cached(self, repo, path):
        entry = repo.files[path]
        headers = {"ETag": f'"{entry.oid}"', "X-Repo-Commit": repo.commit, "Content-Type": "text/plain; charset=utf-8"}
        return self.reply(304, headers) if self.headers.get("If-None-Match") == headers["ETag"] else self.content(entry, headers)


class Cdn(Handler):
    kind = "cdn"

    def route(self, url, query):
        expires, policy, signature = (query.get(name, [""])[0] for name in ("Expires", "Policy", "Signature"))
        entry = self.hub["large"].get(url.path)
        if entry is None or signature != sign(url.path, expires, policy) or int(expires) < time.time() or "Authorization" in self.headers:
            return self.reply(403, {"Content-Type": "application/xml"}, b"<Error><Code>AccessDenied</Code><Message>Access denied</Message></Error>")
        bound = base64.urlsafe_b64decode(policy).decode()
        if bound not in ("*", self.headers.get("Range")):
            return self.reply(403, {"Content-Type": "text/plain"}, b"Auth failed: invalid range")
        return self.content(entry, {"ETag": f'"{hashlib.sha256(entry.sha256.encode()).hexdigest()}"', "Content-Type": "application/octet-stream"})


KEY = secrets.token_bytes(16)


def sign(path, expires, policy):
    return hashlib.blake2b(f"{path} {expires} {policy}".encode(), key=KEY, digest_size=20).hexdigest()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("root")
    parser.add_argument("--log")
    options = parser.parse_args()
    names = [f"{org}/{name}" for org in sorted(os.listdir(options.root)) for name in sorted(os.listdir(os.path.join(options.root, org)))]
    repositories = {name: Repository(options.root, name) for name in names}
    log, lock = open(options.log, "a") if options.log else sys.stderr, threading.Lock()

    def write(record):
        with lock:
            print(json.dumps(record), file=log, flush=True)

    hub, cdn = ThreadingHTTPServer(("127.0.0.1", 0), Hub), ThreadingHTTPServer(("127.0.0.1", 0), Cdn)
    Handler.hub = {"url": f"http://127.0.0.1:{hub.server_port}", "cdn": f"http://localhost:{cdn.server_port}", "log": write,
                   "repositories": repositories,
                   "large": {f"/repos/{e.sha256}": e for r in repositories.values() for e in r.files.values() if e.large}}
    threading.Thread(target=cdn.serve_forever, daemon=True).start()
    print(json.dumps({"url": Handler.hub["url"], "cdn": Handler.hub["cdn"]}), flush=True)
    hub.serve_forever()


if __name__ == "__main__":
    main()
