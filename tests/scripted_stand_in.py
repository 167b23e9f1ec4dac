"""A program that behaves like the stand-in at its edges: the same arguments, the same files, its addresses on stdout, its end with stdin.

The first argument says how it misbehaves: `well` does not, `dies` ends before it is ready, `mute` never says an address, `stubborn`
does not end with its stdin, `deaf` answers nobody. It writes `started` and `ended` to `journal` in the data folder.
"""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class _Door(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        knows = self.headers["api-key"] == os.environ["LOCAL_AZURE_KEY"]
        self.send_response(404 if knows else 403)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: stderr is for what went wrong."""


def main() -> int:
    """Behave as told."""
    parser = argparse.ArgumentParser()
    parser.add_argument("manner", choices=["well", "dies", "mute", "stubborn", "deaf"])
    parser.add_argument("--port", type=int)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--until-stdin-closes", action="store_true")
    options = parser.parse_args()
    with (options.data / "journal").open("a") as journal:
        print("started", file=journal, flush=True)
        (options.data / "seen.json").write_text(json.dumps({"arguments": sys.argv, "environment": dict(os.environ)}))
        if options.manner == "dies":
            sys.stderr.write("the disk is on fire\n")
            return 7
        lock = (options.data / "local_azure.lock").open("a")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        server = ThreadingHTTPServer(("127.0.0.1", options.port), _Door)
        if options.manner != "deaf":
            threading.Thread(target=server.serve_forever, daemon=True).start()
        if options.manner != "mute":
            address = f"127.0.0.1:{server.server_port}"
            record = {
                "realtime": f"ws://{address}/openai/v1",
                "search": f"http://{address}",
                "key": os.environ["LOCAL_AZURE_KEY"],
                "pid": os.getpid(),
            }
            (options.data / "local_azure.json").write_text(json.dumps(record))
            sys.stdout.write(f"realtime: ws://{address}/openai/v1\nsearch: http://{address}\n")
            sys.stdout.flush()
        sys.stdin.buffer.read()
        if options.manner == "stubborn":
            threading.Event().wait()
        (options.data / "local_azure.json").unlink(missing_ok=True)
        print("ended", file=journal, flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
