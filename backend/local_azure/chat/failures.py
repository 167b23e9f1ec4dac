"""What can go wrong with a chat server, each as the end of a response: a code and a sentence for a person, never the server's own words.

APIConnectionError, TimeoutError   chat_unreachable, chat_timeout
401, 403 · 404 · 429 · any other   chat_key_refused · chat_model_not_found · rate_limit_exceeded · chat_refused
an error within the stream         chat_failed
a stream that breaks               chat_cut_off
what is no answer of a chat        chat_garbled
what does not end                  chat_too_long
"""

from __future__ import annotations

import openai

from ..realtime.parts import BreakOff


def _failed(code: str, message: str) -> BreakOff:
    return BreakOff("failed", code, message)


UNREACHABLE = _failed("chat_unreachable", "The chat server of this local stand-in cannot be reached.")
TIMED_OUT = _failed("chat_timeout", "The chat server of this local stand-in took too long.")
KEY_REFUSED = _failed("chat_key_refused", "The chat server of this local stand-in does not accept its key.")
NO_MODEL = _failed("chat_model_not_found", "The chat server of this local stand-in does not know the model, or nothing is at its address.")
BUSY = _failed("rate_limit_exceeded", "The chat server of this local stand-in has too much to do. Please try again.")
REFUSED = _failed("chat_refused", "The chat server of this local stand-in refused the request.")
FAILED = _failed("chat_failed", "The chat server of this local stand-in failed in the middle of its answer.")
CUT_OFF = _failed("chat_cut_off", "The answer of the chat server ended before it was complete.")
GARBLED = _failed("chat_garbled", "What the chat server of this local stand-in sent is no answer.")
TOO_LONG = _failed("chat_too_long", "The answer of the chat server did not come to an end.")

_SHAPE = (openai.APIResponseValidationError, ValueError, TypeError, LookupError, AttributeError)
"""What comes of words in another shape than an answer has."""


def failure_of(wrong: Exception, *, began: bool) -> BreakOff:
    """The end that an exception leads to; `began` says whether any of the answer had come."""
    match wrong:
        case openai.APITimeoutError() | TimeoutError():
            return TIMED_OUT
        case openai.APIConnectionError():
            return CUT_OFF if began else UNREACHABLE
        case openai.APIStatusError(status_code=status):
            return {401: KEY_REFUSED, 403: KEY_REFUSED, 404: NO_MODEL, 429: BUSY}.get(status, REFUSED)
        case _ if isinstance(wrong, _SHAPE):
            return GARBLED
        case openai.APIError():
            return FAILED
        case _:
            return CUT_OFF
