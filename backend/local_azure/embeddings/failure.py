"""What can go wrong with embeddings, each with what the service's error says: a status, a code, a sentence, a parameter."""

from __future__ import annotations

from typing import Any


class EmbeddingsError(Exception):
    """One refusal or failure, fit for the caller to read; it holds no text that was to be embedded."""

    def __init__(self, status: int, code: str | None, message: str, parameter: str | None = None) -> None:
        self.status, self.code, self.message, self.parameter = status, code, message, parameter
        super().__init__(f"{status} {code}")

    def body(self) -> dict[str, Any]:
        """The JSON body of the answer, in the shape of OpenAI's errors."""
        kind = "invalid_request_error" if self.status < 500 else "server_error"
        return {"error": {"message": self.message, "type": kind, "param": self.parameter, "code": self.code}}


class EmbeddingsSettingError(Exception):
    """A setting cannot be used. The message is a sentence for the person at the terminal."""


def invalid(message: str, parameter: str | None = None, code: str | None = None) -> EmbeddingsError:
    """400; OpenAI leaves the code empty for most of these."""
    return EmbeddingsError(400, code, message, parameter)


def server_failed(reason: str) -> EmbeddingsError:
    """502: the server behind LOCAL_AZURE_EMBEDDINGS_URL did not do its part. Clients ask again by themselves."""
    return EmbeddingsError(502, "embedding_server_failed", f"The server at LOCAL_AZURE_EMBEDDINGS_URL {reason}.")
