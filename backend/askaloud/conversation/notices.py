"""The sentences of a conversation's own notices: what a person is told when the conversation itself, or the model, fails."""

from __future__ import annotations

from ..errors import Notice, NoticeCode

TOO_FAST = Notice(NoticeCode.TOO_FAST, "Sound or events came faster than they can be taken.", recoverable=False)
MODEL_HUNG_UP = Notice(NoticeCode.MODEL_HUNG_UP, "The model ended the conversation. Please start again.", recoverable=False)
MODEL_REFUSED_SESSION = Notice(NoticeCode.MODEL_REFUSED_SESSION, "The model does not accept our instructions or tools.", recoverable=False)
MODEL_FAILED = Notice(NoticeCode.MODEL_FAILED, "The model could not do what we asked of it. Please ask again.")
MODEL_BUSY = Notice(NoticeCode.MODEL_QUOTA, "The model has answered as much as it may for now. Please ask again in a little while.")
MODEL_WITHHELD = Notice(
    NoticeCode.MODEL_WITHHELD,
    "The model's content filter withheld the answer, or the rest of it. Please ask in other words; if that comes often, somebody should "
    "look at the content filter of the model's deployment.",
)
MODEL_CUT_SHORT = Notice(
    NoticeCode.MODEL_CUT_SHORT,
    "The answer was longer than it may be, so its end is missing. If that comes often, somebody should look at ASKALOUD_MAX_OUTPUT_TOKENS.",
)
MODEL_STUCK = Notice(NoticeCode.MODEL_TIMEOUT, "The model does not take what you say. Please start again.", recoverable=False)
TOO_SLOW = Notice(NoticeCode.TOO_SLOW, "Your connection is too slow for the answer's sound.", recoverable=False)
TOO_LONG = Notice(NoticeCode.TOO_LONG, "The conversation has become so long that its beginning is forgotten.")
TOO_MANY = Notice(
    NoticeCode.TOO_MANY, "Too many people are talking right now. Please try again soon.", recoverable=False, retry_after_ms=30_000
)
WRONG_KEY = Notice(NoticeCode.WRONG_KEY, "The access key is missing or wrong.", recoverable=False)
GOING_AWAY = Notice(
    NoticeCode.GOING_AWAY, "The service is being restarted. Please come back in a moment.", recoverable=False, retry_after_ms=5_000
)
INTERNAL = Notice(NoticeCode.INTERNAL, "Something went wrong on our side. Please start again.", recoverable=False)
TOOL_FAILED = Notice(NoticeCode.TOOL_FAILED, "Looking that up did not work.")
TOOL_SLOW = Notice(NoticeCode.TOOL_FAILED, "Looking that up took too long.")


MESSAGE_UNCHECKED = Notice(
    NoticeCode.MESSAGE_UNCHECKED, "That message could not be checked, so it was not answered. Please say it again, or type it."
)


def message_refused(why: str = "") -> Notice:
    """The moderator does not let a message through; `why` is its own sentence for the person, where it has one."""
    return Notice(NoticeCode.MESSAGE_REFUSED, why or "That message was not let through, so it was not answered.", detail=why)


def not_written_down(detail: str) -> Notice:
    """What somebody said could not be written down; `detail` is what the service named as wrong."""
    return Notice(
        NoticeCode.NOT_WRITTEN_DOWN, f"What is said cannot be written down. Somebody should look at ASKALOUD_TRANSCRIPTION_MODEL.{detail}"
    )


def setting_refused(setting: str) -> Notice:
    """The model does not take one optional field; the conversation goes on without it."""
    return Notice(NoticeCode.MODEL_REFUSED_SETTING, f"The model does not take the setting {setting}; the conversation goes on without it.")
