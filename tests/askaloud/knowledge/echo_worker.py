"""A process for tests of `worker.py`: says back what it hears, or hangs, dies or chatters as it is told."""

from __future__ import annotations

import os
import threading

from askaloud.knowledge.worker import work_until_owner_leaves


def answer(request: bytes) -> bytes:
    if request == b"hang":
        threading.Event().wait()
    if request == b"die":
        os._exit(3)
    if request == b"raise":
        raise ValueError("no")
    if request == b"chatter":
        os.write(1, b"a library's warning\n")
        print("and ours")  # noqa: T201 - what must not come between the answers
    if request == b"large":
        return b"x" * 5000
    if request == b"keys":
        return ",".join(sorted(name for name in os.environ if name.endswith("_KEY"))).encode()
    if request == b"pid":
        return str(os.getpid()).encode()
    return b"heard " + request


if __name__ == "__main__":
    work_until_owner_leaves(answer)
