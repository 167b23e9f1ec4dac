"""How much the relay costs: CPU per frame pair and delay added, beside a pass-through on picows in the same run.

    python3 scripts/bench_relay.py [--sessions 20,100,200] [--seconds 10]

A frame pair is 20 ms of sound up (checked, as every client frame is) and 20 ms of sound down. The far end and the callers are the same for
both; the peer forwards frames without looking into them. CPU is that of the relaying process alone, user and system. Linux only (/proc).
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    from run import in_environment

    in_environment("local", "test")

import uvloop
from picows import WSAutoPingStrategy, WSFrame, WSListener, WSMsgType, WSTransport, ws_connect, ws_create_server

FRAME_BYTES = 960
"""20 ms of 16-bit mono PCM at 24 kHz."""
FRAME_S = 0.02
STAMP_BYTES = 8
FRAME_CHARS = FRAME_BYTES * 4 // 3
GOALS = {20: 1.7, 100: 2.4, 200: 2.0}
"""Times the peer's CPU: what an aiohttp relay takes that checks nothing (VoiceRAG's), measured beside the same peer."""
WARM_UP_S = 2.0
READY_MAX_S = 20.0
LAST_FRAMES_S = 0.5


class FarEnd(WSListener):
    """Answers each 20 ms of sound with the same 20 ms."""

    def on_ws_connected(self, transport: WSTransport) -> None:
        """A session begins."""
        self._begun = False
        transport.send(WSMsgType.TEXT, b'{"type":"session.created","event_id":"e","session":{"type":"realtime"}}')

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Sound comes back as it was sent; an update of the session is taken."""
        payload = frame.get_payload_as_bytes()
        if b'"input_audio_buffer.append"' not in payload[:64]:
            if b'"session.update"' in payload[:64]:
                transport.send(WSMsgType.TEXT, b'{"type":"session.updated","event_id":"e","session":{"type":"realtime"}}')
            return
        if not self._begun:
            self._begun = True
            transport.send(WSMsgType.TEXT, b'{"type":"response.created","event_id":"e","response":{"id":"r","output":[]}}')
            transport.send(
                WSMsgType.TEXT,
                b'{"type":"response.output_item.added","event_id":"e","response_id":"r","output_index":0,'
                b'"item":{"id":"i","type":"message","role":"assistant","content":[]}}',
            )
        at = payload.index(b'"audio":"') + 9
        end = payload.index(b'"', at)
        for start in range(at, end, FRAME_CHARS):  # frames that waited come joined
            transport.send(
                WSMsgType.TEXT,
                b'{"type":"response.output_audio.delta","event_id":"event_0123456789","response_id":"r","item_id":"i","output_index":0,'
                b'"content_index":0,"delta":"%b"}' % payload[start : start + FRAME_CHARS],
            )


class Forward(WSListener):
    """The peer: whatever comes goes on."""

    def __init__(self, other: WSTransport | None = None, address: str = "") -> None:
        self.other = other
        self._address = address
        self._waiting: list[bytes] = []

    def on_ws_connected(self, transport: WSTransport) -> None:
        """Somebody came: call the far end."""
        if self._address:
            self._opening = asyncio.ensure_future(self._open(transport))

    async def _open(self, transport: WSTransport) -> None:
        far, _ = await ws_connect(lambda: Forward(transport), self._address)
        for payload in self._waiting:
            far.send(WSMsgType.TEXT, payload)
        self.other = far

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Pass it on."""
        if self.other is None:
            self._waiting.append(frame.get_payload_as_bytes())
        else:
            self.other.send(WSMsgType.TEXT, frame.get_payload_as_memoryview())


class Caller(WSListener):
    """One person who talks all the time."""

    def __init__(self, delays: list[float]) -> None:
        self._delays = delays

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Read from the sound when it was sent."""
        payload = frame.get_payload_as_bytes()
        at = payload.find(b'"delta":"')
        if at < 0 or b'"response.output_audio.delta"' not in payload[:64]:
            return
        stamp = base64.b64decode(payload[at + 9 : at + 9 + 12])[:STAMP_BYTES]
        self._delays.append((time.monotonic_ns() - int.from_bytes(stamp, "little")) / 1e6)


async def talk(address: str, sessions: int, seconds: float, delays: list[float]) -> int:
    """So many people talk for so long; gives how many frames they sent."""
    transports = [(await ws_connect(lambda: Caller(delays), address))[0] for _ in range(sessions)]
    silence = bytes(FRAME_BYTES - STAMP_BYTES)
    sent, tick, begin = 0, 0, time.monotonic()
    while time.monotonic() - begin < seconds:
        for number, transport in enumerate(transports):
            if number % 4 == tick % 4:  # spread over the 20 ms in four groups
                audio = base64.b64encode(time.monotonic_ns().to_bytes(STAMP_BYTES, "little") + silence)
                transport.send(WSMsgType.TEXT, b'{"type":"input_audio_buffer.append","audio":"%b"}' % audio)
                sent += 1
        tick += 1
        await asyncio.sleep(max(0.0, begin + tick * FRAME_S / 4 - time.monotonic()))
    await asyncio.sleep(LAST_FRAMES_S)
    for transport in transports:
        transport.disconnect()
    return sent


def memory_kb(pid: int) -> int:
    """Resident memory of a process now."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * (os.sysconf("SC_PAGE_SIZE") // 1024)


def cpu_s(pid: int) -> float:
    """User and system time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def measure(address: str, pid: int | None, sessions: int, seconds: float) -> tuple[float, list[float]]:
    """CPU in microseconds per frame pair, and the delays in milliseconds, sorted."""
    await talk(address, sessions, WARM_UP_S, [])
    delays: list[float] = []
    before = cpu_s(pid) if pid else 0.0
    sent = await talk(address, sessions, seconds, delays)
    spent = cpu_s(pid) - before if pid else 0.0
    if len(delays) < sent * 0.99:
        print(f"  only {len(delays)} of {sent} frames came back")
    return spent / max(1, len(delays)) * 1e6, sorted(delays)


async def serve_listener(factory: Callable[..., WSListener]) -> None:
    """Serve on a free port, print it, until stdin closes."""
    server = await ws_create_server(factory, "127.0.0.1", 0, enable_auto_ping=False, auto_ping_strategy=WSAutoPingStrategy.PING_WHEN_IDLE)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


async def serve_ours(far: str) -> None:
    """Ask Aloud itself, as `python -m askaloud` serves it, with the far end as its model."""
    from askaloud.app import create_app
    from askaloud.doors import Doors
    from askaloud.serving import Server, bind
    from askaloud.settings import RealtimeDoor, SearchDoor, Settings

    listener = bind("127.0.0.1", 0)
    port = listener.getsockname()[1]
    doors = Doors(RealtimeDoor(far, "bench", "key", "custom"), SearchDoor("http://127.0.0.1:9", "bench", "key", "azure"))
    app = create_app(Settings(), doors, host="127.0.0.1", port=port)
    server = Server(app, lambda: print(port, flush=True))
    serving = asyncio.create_task(server.serve_at("127.0.0.1", listener))
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await serving


@contextlib.contextmanager
def role(name: str, *more: str) -> Iterator[tuple[int, int]]:
    """Another process of this script; gives its pid and port."""
    child = subprocess.Popen([sys.executable, __file__, "--role", name, *more], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    if child.stdin is None or child.stdout is None:
        raise AssertionError("both were asked for as pipes")
    try:
        yield child.pid, int(child.stdout.readline())
    finally:
        child.stdin.close()
        child.wait(READY_MAX_S)


async def compare(sessions: list[int], seconds: float) -> None:
    """The table."""
    print(f"{'sessions':>8} {'':10} {'CPU us/pair':>12} {'p50 ms':>8} {'p99 ms':>8}   times the peer (goal)")
    with role("far-end") as (_, far):
        direct = f"ws://127.0.0.1:{far}/v1/realtime"
        for count in sessions:
            _, none = await measure(direct, None, count, seconds)
            show(count, "direct", 0.0, none)
            with role("peer", "--far", direct) as (pid, port):
                peer_cpu, peer = await measure(f"ws://127.0.0.1:{port}/", pid, count, seconds)
            show(count, "picows", peer_cpu, peer)
            with role("ours", "--far", f"ws://127.0.0.1:{far}/v1") as (pid, port):
                empty = memory_kb(pid)
                our_cpu, ours = await measure(f"ws://127.0.0.1:{port}/v1/realtime", pid, count, seconds)
                grown = (memory_kb(pid) - empty) / count
            goal = GOALS.get(count)
            verdict = f"{our_cpu / peer_cpu:.2f}" + (f" ({goal}{', missed' if our_cpu / peer_cpu > goal else ''})" if goal else "")
            show(count, "Ask Aloud", our_cpu, ours, f"{verdict}; {grown:.0f} kB a session, {empty / 1024:.0f} MB before the first")


def show(sessions: int, name: str, cpu: float, delays: list[float], more: str = "") -> None:
    """One row."""
    p50, p99 = (delays[int(len(delays) * share)] for share in (0.5, 0.99))
    print(f"{sessions:>8} {name:10} {cpu:>12.1f} {p50:>8.2f} {p99:>8.2f}   {more}", flush=True)


async def main() -> None:
    """Read the arguments; be the comparison, or one of its processes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", default="20,100,200", help="how many people talk at once")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each is measured")
    parser.add_argument("--role", choices=("far-end", "peer", "ours"), help=argparse.SUPPRESS)
    parser.add_argument("--far", default="", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.role == "far-end":
        await serve_listener(lambda _request: FarEnd())
    elif options.role == "peer":
        await serve_listener(lambda _request: Forward(address=options.far))
    elif options.role == "ours":
        await serve_ours(options.far)
    else:
        await compare([int(count) for count in options.sessions.split(",")], options.seconds)


if __name__ == "__main__":
    uvloop.run(main())
