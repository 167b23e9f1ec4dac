"""What can go wrong, and what a person is told.

    AskAloudError
    ├── SettingsError           a setting is missing or malformed; lists every one of them
    ├── DoorError               no realtime or search address, or the stand-in did not start
    ├── ListenError             the address to serve at is taken, or not ours
    ├── UpstreamError           the model cannot be reached or refused us; carries a notice code
    ├── KnowledgeError          the search service failed; carries a notice code
    │   └── PassageNotFound     no passage of that id
    ├── ToolError               a tool could not do its work; the model hears the message, so it must be fit to be spoken
    └── IndexingError           indexing cannot go on at all (single files that fail are listed, not raised)

A `Notice` is what the browser gets as `askaloud.notice`. The page shows its own sentence for a code and falls back to `message`.
No message carries a key, a prompt, a transcript or a traceback.
"""

from __future__ import annotations

import errno
from dataclasses import dataclass
from enum import StrEnum


class NoticeCode(StrEnum):
    """Every code that a page may see. The frontend's locales carry a sentence for each; a test compares them."""

    NOT_ALLOWED = "not_allowed"
    BAD_EVENT = "bad_event"
    TOO_FAST = "too_fast"
    TOO_SLOW = "too_slow"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many_conversations"
    WRONG_KEY = "wrong_access_key"
    GOING_AWAY = "server_going_away"
    INTERNAL = "internal_error"
    MODEL_UNREACHABLE = "model_unreachable"
    MODEL_REFUSED_KEY = "model_refused_key"
    MODEL_UNTRUSTED = "model_untrusted"
    MODEL_MISSING = "model_missing"
    MODEL_WRONG_DIALECT = "model_wrong_dialect"
    MODEL_QUOTA = "model_quota"
    MODEL_TIMEOUT = "model_timeout"
    MODEL_HUNG_UP = "model_hung_up"
    MODEL_REFUSED_SETTING = "model_refused_setting"
    MODEL_REFUSED_SESSION = "model_refused_session"
    MODEL_FAILED = "model_failed"
    MODEL_WITHHELD = "model_withheld"
    MODEL_CUT_SHORT = "model_cut_short"
    NOT_WRITTEN_DOWN = "not_written_down"
    SEARCH_DOWN = "search_down"
    SEARCH_SLOW = "search_slow"
    SEARCH_REFUSED = "search_refused"
    SEARCH_EMPTY = "search_index_empty"
    SEARCH_REDUCED = "search_reduced"
    TOOL_FAILED = "tool_failed"
    TOO_LONG = "conversation_too_long"
    MESSAGE_REFUSED = "message_refused"
    MESSAGE_UNCHECKED = "message_unchecked"


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence for a person. `retry_after_ms` is None where waiting does not help."""

    code: NoticeCode
    message: str
    recoverable: bool = True
    retry_after_ms: int | None = None
    detail: str = ""
    """The organisation's own words, which a page shows beside its sentence."""


class AskAloudError(Exception):
    """The base of every error of ours."""


class SettingsError(AskAloudError):
    """One or more settings are wrong. `problems` holds one sentence each, beginning with the setting's name."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("\n".join(problems))


class DoorError(AskAloudError):
    """A door has no address, or the stand-in could not be started. The message is for the person at the terminal."""


class ListenError(AskAloudError):
    """The service cannot listen where it was told to. The message is for the person at the terminal."""

    def __init__(self, host: str, port: int, wrong: OSError) -> None:
        if wrong.errno == errno.EADDRINUSE:
            sentence = f"Port {port} at {host} is in use by another program. Stop that one, or choose another port with --port."
        elif wrong.errno == errno.EACCES:
            sentence = f"Port {port} is not for everybody's use on this machine. Choose one above 1023 with --port."
        else:
            sentence = f"--host {host} is no address of this machine ({wrong.strerror})."
        super().__init__(sentence)


class UpstreamError(AskAloudError):
    """The model's side failed before or during a conversation. `detail` is for the log alone: a status or a code, no sentence of theirs."""

    def __init__(self, notice: Notice, detail: str = "") -> None:
        self.notice = notice
        super().__init__(f"{notice.code}: {notice.message}{f' [{detail}]' if detail else ''}")


class KnowledgeError(AskAloudError):
    """The search service failed. `notice.message` names the setting to look at where one can help."""

    def __init__(self, notice: Notice) -> None:
        self.notice = notice
        super().__init__(f"{notice.code}: {notice.message}")


class PassageNotFound(KnowledgeError):  # noqa: N818 - an answer of the service more than a mistake
    """No passage has that id (any more)."""


class ToolError(AskAloudError):
    """A tool could not do its work. `heard` is what the model is told; a notice goes to the page where there is one."""

    def __init__(self, heard: str, notice: Notice | None = None) -> None:
        self.heard = heard
        self.notice = notice
        super().__init__(heard)


class IndexingError(AskAloudError):
    """Indexing cannot go on: the folder is missing, the index refuses us. The message is for the admin."""
