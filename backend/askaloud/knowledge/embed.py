"""Vectors for queries and for indexing, made by an embedding deployment through the `openai` package.

Only where AZURE_OPENAI_EMBEDDING_DEPLOYMENT is set, and AZURE_OPENAI_ENDPOINT or the stand-in is there to ask; everywhere else there is
no `Embedder`, and search is by keyword. It knows no index; the length of the vectors is the caller's.
"""

from __future__ import annotations

from collections.abc import Sequence

from azure.core.exceptions import AzureError
from openai import APIStatusError, AsyncOpenAI, OpenAIError

from ..errors import KnowledgeError, Notice, NoticeCode
from ..identity import Identity, entra_id
from ..settings import SearchDoor, Settings, resource_of, token_scope

TEXTS_AT_ONCE = 64
"""Texts in one request: with passages of a few hundred tokens well below the service's limits of 2,048 texts and 300,000 tokens."""

REQUEST_TIMEOUT_S = 30.0
"""Seconds for one request; a search has its own, shorter deadline around it."""

NOT_SIGNED_IN = (
    "There is no key for the embedding deployment and signing in with Entra ID failed. Look at AZURE_OPENAI_API_KEY or the Entra ID login."
)


class Embedder:
    """Turns texts into vectors of a given length. Made by `open_embedder`, closed by who made it."""

    def __init__(self, client: AsyncOpenAI, deployment: str, credential: Identity | None = None, scope: str = "") -> None:
        self.deployment = deployment
        self._client = client
        self._credential = credential
        self._scope = scope
        self._must_say: dict[int, bool] = {}

    @property
    def signing_in(self) -> bool:
        """Whether a token of Entra ID is still on its way; it goes on to come where a caller gives up."""
        return self._credential is not None and self._credential.fetching

    def sign_in_soon(self) -> None:
        """Fetch the first token before somebody waits for it, where there is no key."""
        if self._credential is not None:
            self._credential.fetch_soon(self._scope)

    async def vectors(self, texts: Sequence[str], dimensions: int | None) -> list[tuple[float, ...]]:
        """One vector for each text, in order, each of `dimensions` numbers (None: as the model makes them). Raises `KnowledgeError`."""
        made: list[tuple[float, ...]] = []
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            made += await self._some(list(texts[start : start + TEXTS_AT_ONCE]), dimensions)
        return made

    def impatient(self) -> Embedder:
        """The same one, which raises at once where the package would ask again: for a caller who counts and paces. It needs no closing."""
        return Embedder(self._client.with_options(max_retries=0), self.deployment)

    async def close(self) -> None:
        """Close the connections and the credential."""
        await self._client.close()
        if self._credential is not None:
            await self._credential.close()

    async def _some(self, texts: list[str], dimensions: int | None) -> list[tuple[float, ...]]:
        """The length is named only where the model's own is another, for the older models refuse the parameter."""
        try:
            if dimensions is not None and self._must_say.get(dimensions):
                return await self._ask(texts, dimensions)
            made = await self._ask(texts, None)
            if dimensions is None or all(len(vector) == dimensions for vector in made):
                return made
            self._must_say[dimensions] = True
            made = await self._ask(texts, dimensions)
        except OpenAIError as failure:
            raise _failed(_reason(failure)) from failure
        except AzureError as failure:
            raise KnowledgeError(Notice(NoticeCode.SEARCH_DOWN, NOT_SIGNED_IN)) from failure
        except (ValueError, TypeError, AttributeError, KeyError) as failure:  # a body of another shape; the package does not validate it
            raise _failed("What answered is no embedding deployment.") from failure
        if any(len(vector) != dimensions for vector in made):
            raise _failed(f"The embedding deployment makes no vectors of {dimensions} numbers, as the index wants.")
        return made

    async def _ask(self, texts: list[str], dimensions: int | None) -> list[tuple[float, ...]]:
        if dimensions is None:
            answer = await self._client.embeddings.create(input=texts, model=self.deployment)
        else:
            answer = await self._client.embeddings.create(input=texts, model=self.deployment, dimensions=dimensions)
        made = [tuple(each.embedding) for each in sorted(answer.data, key=lambda each: each.index)]
        if len(made) != len(texts):
            raise ValueError("not one vector for each text")
        return made


def open_embedder(settings: Settings, door: SearchDoor | None = None) -> Embedder | None:
    """The embedder that the settings describe, or None. Makes no call.

    A search door that is the stand-in's embeds too, where no resource of Azure OpenAI is named.
    """
    endpoint, deployment = settings.azure_openai_endpoint, settings.azure_openai_embedding_deployment
    if endpoint is None and deployment is not None and door is not None and door.kind == "stand-in" and door.api_key:
        return Embedder(AsyncOpenAI(base_url=embeddings_base(door.endpoint), api_key=door.api_key, timeout=REQUEST_TIMEOUT_S), deployment)
    if endpoint is None or deployment is None:
        return None
    base_url, key = embeddings_base(endpoint), settings.azure_openai_api_key
    if key:
        return Embedder(AsyncOpenAI(base_url=base_url, api_key=key, timeout=REQUEST_TIMEOUT_S), deployment)
    from azure.identity.aio import get_bearer_token_provider  # here, as in `identity`: with a key it is not needed

    credential, scope = entra_id(settings.azure_tenant_id), settings.entra_scope or token_scope(endpoint)
    tokens = get_bearer_token_provider(credential, scope)
    return Embedder(AsyncOpenAI(base_url=base_url, api_key=tokens, timeout=REQUEST_TIMEOUT_S), deployment, credential, scope)


def embeddings_base(endpoint: str) -> str:
    """The https address of the resource's `/openai/v1`, however the setting was written."""
    scheme, colon, rest = resource_of(endpoint).partition(":")
    secure = {"wss": "https", "ws": "http"}.get(scheme, scheme)
    return f"{secure}{colon}{rest}/openai/v1"


def _reason(failure: OpenAIError) -> str:
    """Nothing that the service wrote is repeated, for its messages may quote the text."""
    status = failure.status_code if isinstance(failure, APIStatusError) else None
    if status in {401, 403}:
        return "The embedding deployment's resource refused us: look at AZURE_OPENAI_API_KEY or the roles of this identity."
    if status == 404:
        return "There is no embedding deployment of the name that is set."
    if status == 429:
        return "The embedding deployment has too many requests just now."
    return "The embedding deployment did not answer." if status is None else f"The embedding deployment failed (status {status})."


def _failed(sentence: str) -> KnowledgeError:
    return KnowledgeError(Notice(NoticeCode.SEARCH_DOWN, f"{sentence} Look at AZURE_OPENAI_EMBEDDING_DEPLOYMENT."))
