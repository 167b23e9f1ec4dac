"""What came of a turn only in part: an answer without its end, words that nobody wrote down; who is told of it, and how often. Pure.

Knows no setting's value and none of the service's own words.
"""

from __future__ import annotations

from ..errors import Notice
from . import refusal
from .actions import Action, Note
from .events.objects import Response, StatusError
from .notices import MODEL_CUT_SHORT, MODEL_FAILED, MODEL_WITHHELD, not_written_down
from .quota import Quota
from .teller import Teller
from .visible import Heard

WITHHELD = "content_filter"
"""The reason of a response that the service's content filter has ended, and the code of an error of that filter."""
TOO_LONG = "max_output_tokens"
"""The reason of a response that reached the most tokens that it may have."""


class Shortfall:
    """Owned by one conversation."""

    def __init__(self, teller: Teller) -> None:
        self._teller = teller
        self.quota = Quota()
        self._told_unwritten = False

    def answer(self, response: Response, heard: Heard | None) -> list[Action]:
        """A response has ended: what the person is told where it did not come whole. `heard`: what the client knew of it before it ended.

        Nobody is told of a response beside the conversation, or of one in whose place another is given; nor that the rest is missing of
        what they interrupted themselves.
        """
        if response.conversation_id is None or (heard is not None and heard.asked_again):
            return []
        details = response.status_details
        if response.status == "failed":
            error = details.error if details else None
            code = error.code if error else None
            notice = MODEL_WITHHELD if code == WITHHELD else self.failed(error)
            return [Note(f"the model failed to answer{refusal.detail(code)}"), *self._teller.notify(notice)]
        if response.status != "incomplete":
            return []
        reason = details.reason if details else None
        note = Note(f"the model did not finish its answer{refusal.detail(reason)}")
        if heard is not None and heard.interrupted:
            return [note]
        return [note, *self._teller.notify({WITHHELD: MODEL_WITHHELD, TOO_LONG: MODEL_CUT_SHORT}.get(reason or "", MODEL_FAILED))]

    def failed(self, error: StatusError | None) -> Notice:
        """What the person is told of something that the model did not do."""
        if error is None or not refusal.used_up(error):
            return MODEL_FAILED
        return self.quota.used_up(error.code or error.type)

    def unwritten(self, error: StatusError) -> list[Action]:
        """The words of a turn were not written down. Told once: where a setting is wrong, it is so with every turn."""
        if self._told_unwritten:
            return []
        self._told_unwritten = True
        notice = not_written_down(refusal.detail(error.code or error.type))
        return [Note(f"{notice.code}: {notice.message}"), *self._teller.notify(notice)]
