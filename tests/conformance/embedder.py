"""Where texts become vectors, whosever it is: an address, a key, a deployment, and the two clients that OpenAI has for it.

An account's are read from `ASKALOUD_TEST_AZURE_…`, never from the settings of the service.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from azure.search.documents.indexes.models import AzureOpenAIVectorizerParameters
from openai import AsyncAzureOpenAI, AsyncOpenAI
from tests.contract.account import given
from tests.stand_in import StandIn

from askaloud.settings import resource_of

API_VERSION = "2024-10-21"
MODEL = "text-embedding-3-small"

Client = AsyncOpenAI | AsyncAzureOpenAI


@dataclass(frozen=True, slots=True)
class Embedder:
    """`endpoint` is the address without a path; the deployment's model is text-embedding-3-small."""

    endpoint: str
    key: str = field(repr=False)
    deployment: str

    def client(self, form: str) -> Client:
        """`v1`: the route that every client of OpenAI knows; `deployment`: the one of Azure's older clients."""
        if form == "deployment":
            return AsyncAzureOpenAI(azure_endpoint=self.endpoint, api_key=self.key, api_version=API_VERSION, max_retries=0)
        return AsyncOpenAI(base_url=f"{self.endpoint}/openai/v1", api_key=self.key, max_retries=0)

    @property
    def vectorizer(self) -> AzureOpenAIVectorizerParameters:
        """What an index says of it."""
        return AzureOpenAIVectorizerParameters(
            resource_url=self.endpoint, deployment_name=self.deployment, model_name=MODEL, api_key=self.key
        )

    async def vectors(self, texts: list[str], dimensions: int) -> list[list[float]]:
        """One for each text."""
        async with self.client("v1") as client:
            answer = await client.embeddings.create(input=texts, model=self.deployment, dimensions=dimensions)
        return [one.embedding for one in answer.data]


def here(running: StandIn) -> Embedder:
    """The stand-in's."""
    return Embedder(running.search, running.key, MODEL)


def account() -> Embedder:
    """An account's; skips the test where none is named."""
    said = given("OPENAI_ENDPOINT", "OPENAI_API_KEY", "EMBEDDING_DEPLOYMENT")
    return Embedder(resource_of(said["OPENAI_ENDPOINT"]).replace("wss:", "https:", 1), said["OPENAI_API_KEY"], said["EMBEDDING_DEPLOYMENT"])
