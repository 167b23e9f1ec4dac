"""How long a conversation waits, and for whom. All its times in one place, so that a test can have less of them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds; the same for every conversation of this server."""

    connect_s: float = 10.0
    """DNS, TCP, TLS and the handshake of the model's door together, and as much for signing in; a healthy service needs well under one."""
    setup_s: float = 10.0
    """The service answers a `session.update` in well under a second; after ten it will not."""
    tone_s: float = 1.5
    """The page says after so long that a search still goes on: silence of this length makes people ask whether they were heard."""
    tool_s: float = 8.0
    """A person waits in silence; after eight seconds an apology is better than an answer."""
    words_s: float = 10.0
    """How long a moderator's verdict waits for the words of a spoken message; they take a second or two."""
    moderator_s: float = 3.0
    """How long a moderator may think about a message: a service for that takes a fraction of a second, and the person waits."""
    goodbye_s: float = 30.0
    """How long a browser may take to hear why the conversation ended, before it is let go of; nothing but its socket waits."""
    ping_s: float = 5.0
    """How often the model is asked whether it is still there: a line that died without a word takes what is said to nobody."""
    pong_s: float = 10.0
    """How long it may take to say so; a healthy service needs a tenth of a second, and the rest is for a machine that is busy."""
    hang_up_s: float = 3.0
    """How long the model may take to answer our close."""
    resume_s: float = 120.0
    """How long a conversation waits for a page whose network is away; none: it is over at once."""
    rest_s: float = 300.0
    """After so long without a word the model is let go of, and called again by the next one: an open session costs and ends anyway."""
    model_session_s: float = 1_500.0
    """How long the model keeps a session where it does not say so: Azure ends one after 30 minutes."""
    reopen_s: tuple[float, ...] = (0.0, 0.5, 2.0, 4.0)
    """Before each attempt to replace a line to the model that was lost; after the last one it is given up. A person waits meanwhile."""
    heartbeat_s: float = 5.0
    """The page takes 12 s of silence for a lost network: two heartbeats may get lost."""


PATIENCE = Patience()
