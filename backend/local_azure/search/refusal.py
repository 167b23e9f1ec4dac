"""A request that is refused, and the shape in which the service says so: `{"error": {"code", "message"}}`.

Owns status, code and message of every refusal of the search door. It knows no route and no table.
"""

from __future__ import annotations

from typing import Any

NOT_OFFERED = "NotOfferedByStandIn"
"""Our own code: Azure has the feature, this stand-in does not. The status is 400, for asking again does not help."""


class Refusal(Exception):  # noqa: N818 - it names what happens to the request, as the service's errors do
    """One refusal. `message` is fit for the caller to read; it repeats names from the request, never a document's words."""

    def __init__(self, status: int, code: str, message: str, *, detail: str | None = None) -> None:
        self.status = status
        self.code = code
        self.message = message
        self.detail = detail
        super().__init__(f"{status} {code}")

    def body(self) -> dict[str, Any]:
        """The JSON body of the answer. Where the service gives a narrower code, it stands in `details` with the same sentence."""
        details = {} if self.detail is None else {"details": [{"code": self.detail, "message": self.message}]}
        return {"error": {"code": self.code, "message": self.message, **details}}


def invalid(message: str, *, code: str = "") -> Refusal:
    """400: the request is malformed or contradicts the index. The service leaves the code empty for most of these."""
    return Refusal(400, code, message)


def invalid_expression(message: str, parameter: str) -> Refusal:
    """400 in the words the service uses for `$filter`, `$orderby`, `$select` and their like (Azure-Samples/chat-with-your-data#64)."""
    return Refusal(400, "", f"Invalid expression: {message}\r\nParameter name: {parameter}")


def no_property(name: str, parameter: str) -> Refusal:
    """400: a parameter names a field that the index does not have; the service's own sentence."""
    return invalid_expression(f"Could not find a property named '{name}' on type 'search.document'.", parameter)


def not_offered(feature: str) -> Refusal:
    """400: Azure AI Search offers this, the stand-in does not. `feature` is a noun phrase that begins the sentence."""
    return Refusal(400, NOT_OFFERED, f"{feature}: not offered by this local stand-in for Azure AI Search.")


def no_index(name: str) -> Refusal:
    """404: no index has that name."""
    return Refusal(404, "", f"No index with the name '{name}' was found in the service 'local_azure'.")


def too_large(message: str) -> Refusal:
    """413: the official client answers it by splitting its batch."""
    return Refusal(413, "RequestEntityTooLarge", message)


def busy() -> Refusal:
    """503: too many requests wait for the store; the official client asks again by itself."""
    return Refusal(503, "ServiceUnavailable", "Too many requests are waiting. Try again.")


def invalid_parameter(sentence: str, detail: str, parameter: str | None = None) -> Refusal:
    """400 as the service says it of vector and semantic parameters (sample-app-aoai-chatGPT#1227): `detail` is the narrow code."""
    message = sentence if parameter is None else f"{sentence}\r\nParameter name: {parameter}"
    return Refusal(400, "InvalidRequestParameter", message, detail=detail)


def vectorization_failed(reason: str) -> Refusal:
    """400: a text of a query could not be made a vector (Azure-Samples/azure-search-openai-demo#2679, azure-search-vector-samples#133)."""
    return Refusal(400, "", f"Could not complete vectorization action. {reason}")
