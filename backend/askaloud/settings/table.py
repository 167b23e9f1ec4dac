"""The table: one row for each variable. The README repeats it, and a test compares the two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .reading import (
    access_key,
    address,
    documents,
    field_name,
    flag,
    function,
    hosts,
    instructions,
    interruption,
    number,
    one_of,
    origins,
    output_tokens,
    path,
    scope,
    text,
    truncation,
    whole,
)

PREVIEWS = ("2024-10-01-preview", "2024-12-17", "2025-04-01-preview")
"""The dated versions in which Azure offers the preview of the Realtime API."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: the variable, how it is read, and what it is for."""

    name: str
    read: Callable[[str], Any]
    sentence: str

    @property
    def field(self) -> str:
        """The field of `Settings` that this variable fills: its name in small letters, without our own prefix."""
        return self.name.removeprefix("ASKALOUD_").lower()


TABLE: tuple[Setting, ...] = (
    Setting(
        "AZURE_OPENAI_ENDPOINT",
        address("https", "wss", "http", "ws"),
        "The Azure OpenAI resource; with or without `/openai/v1`. Not set: the stand-in.",
    ),
    Setting("AZURE_OPENAI_REALTIME_DEPLOYMENT", text, "The name of the realtime model's deployment."),
    Setting("AZURE_OPENAI_REALTIME_VOICE_CHOICE", text, "The voice of the answers."),
    Setting("AZURE_OPENAI_API_KEY", text, "The key of the Azure OpenAI resource. Not set: Entra ID."),
    Setting("AZURE_OPENAI_EMBEDDING_DEPLOYMENT", text, "The deployment that makes vectors. Not set: keyword search."),
    Setting("AZURE_SEARCH_ENDPOINT", address("https", "http"), "The Azure AI Search service. Not set: the stand-in."),
    Setting("AZURE_SEARCH_INDEX", text, "The index to search and to fill."),
    Setting("AZURE_SEARCH_API_KEY", text, "The key of the search service. Not set: Entra ID."),
    Setting("AZURE_SEARCH_SEMANTIC_CONFIGURATION", text, "The semantic configuration to rank with. Not set: no semantic ranking."),
    Setting("AZURE_SEARCH_IDENTIFIER_FIELD", text, "The index's key field, where it is not found by itself."),
    Setting("AZURE_SEARCH_CONTENT_FIELD", text, "The field that holds a passage's text, where it is not found by itself."),
    Setting("AZURE_SEARCH_EMBEDDING_FIELD", text, "The field that holds a passage's vector, where it is not found by itself."),
    Setting("AZURE_SEARCH_TITLE_FIELD", text, "The field that holds a document's title, where it is not found by itself."),
    Setting("AZURE_SEARCH_USE_VECTOR_QUERY", flag, "Whether to search by vector too, where the index can."),
    Setting(
        "ASKALOUD_SEARCH_PAGE_FIELD",
        field_name,
        "The field that holds a passage's page (`7`, or `file.pdf#page=7`), where it is not found by itself. `none`: there is none.",
    ),
    Setting(
        "ASKALOUD_SEARCH_GROUPS_FIELD",
        field_name,
        "The field that lists the groups which may read a passage, where it is not found by itself. `none`: everybody may.",
    ),
    Setting(
        "ASKALOUD_SEARCH_PEOPLE_FIELD",
        field_name,
        "The field that lists the people who may read a passage, where it is not found by itself. `none`: everybody may.",
    ),
    Setting("ASKALOUD_SEARCH_TOP", whole(1, 20), "Passages that one search gives to the model, 1 to 20."),
    Setting(
        "ASKALOUD_SEARCH_MIN_SCORE",
        number(0, 1_000),
        "The least score of a passage: the semantic ranker's, 0 to 4, where it ranks; else the search's own, whose scale is another for "
        "words, vectors and both. Not set: none.",
    ),
    Setting(
        "ASKALOUD_PASSAGE_TOKENS",
        whole(50, 2_000),
        "The most tokens of one passage when a folder is indexed, 50 to 2000; another number writes everything again.",
    ),
    Setting("AZURE_TENANT_ID", text, "The tenant to sign in to with Entra ID."),
    Setting(
        "ASKALOUD_ENTRA_SCOPE",
        scope,
        "What the tokens of Entra ID for the model and the embeddings are for. Not set: what the resource's address wants.",
    ),
    Setting("OPENAI_API_KEY", text, "OpenAI's own key; used only together with ASKALOUD_REALTIME_MODEL."),
    Setting(
        "ASKALOUD_REALTIME_URL",
        address("wss", "ws"),
        "Any Realtime server, up to the part before `/realtime`; goes before all others.",
    ),
    Setting("ASKALOUD_REALTIME_API_KEY", text, "The key of that server."),
    Setting("ASKALOUD_REALTIME_MODEL", text, "The model to ask of that server, or of OpenAI."),
    Setting(
        "ASKALOUD_REALTIME_API_VERSION",
        one_of(*PREVIEWS),
        "For a server that still speaks the preview: `2024-10-01-preview`, `2024-12-17` or `2025-04-01-preview`. Not set: GA.",
    ),
    Setting(
        "ASKALOUD_TRANSCRIPTION_MODEL",
        text,
        "What writes down the person's words, on Azure a deployment's name. Not set: `whisper-1`, on Azure nothing. Empty: nothing.",
    ),
    Setting("ASKALOUD_TRANSCRIPTION_LANGUAGE", text, "The language people speak, as in `en`. Not set: the model finds out."),
    Setting(
        "ASKALOUD_TURN_DETECTION",
        one_of("server_vad", "semantic_vad", "none"),
        "What ends a person's turn: silence (`server_vad`), the sense of the words (`semantic_vad`), "
        "or only the client (`none`: on the page its button is held).",
    ),
    Setting("ASKALOUD_VAD_THRESHOLD", number(0.1, 0.95), "How sure `server_vad` must be that it hears speech, from 0.1 to 0.95."),
    Setting(
        "ASKALOUD_VAD_PREFIX_PADDING_MS", whole(0, 1_000), "Milliseconds of sound that `server_vad` keeps from before it heard speech."
    ),
    Setting("ASKALOUD_VAD_SILENCE_MS", whole(200, 2_000), "Milliseconds of silence that end a turn with `server_vad`."),
    Setting(
        "ASKALOUD_VAD_EAGERNESS",
        one_of("low", "medium", "high", "auto"),
        "How soon a turn counts as ended with `semantic_vad`: `low`, `medium`, `high` or `auto`.",
    ),
    Setting(
        "ASKALOUD_CREATE_RESPONSE",
        flag,
        "Whether the service answers a spoken turn by itself; `false`: this server asks it to, as it does with the next two in any case.",
    ),
    Setting(
        "ASKALOUD_INTERRUPT_AFTER_MS",
        interruption,
        "Milliseconds of speech over an answer that interrupt it, 100 to 1000; after less, as a cough, it goes on. 0: any speech does.",
    ),
    Setting(
        "ASKALOUD_MODERATOR",
        function,
        "An async function of yours, as `package.module:function`, that looks at each message before it is answered. Not set: none.",
    ),
    Setting(
        "ASKALOUD_NOISE_REDUCTION",
        one_of("near_field", "far_field"),
        "Filters noise before listening: `near_field` for headsets, `far_field` for a room. Not set: none.",
    ),
    Setting("ASKALOUD_MAX_OUTPUT_TOKENS", output_tokens, "The most tokens of one answer, 1 to 4096 or `inf`. Not set: the service's own."),
    Setting("ASKALOUD_SPEED", number(0.25, 1.5), "How fast answers are spoken, from 0.25 to 1.5. Not set: the voice's own pace."),
    Setting(
        "ASKALOUD_REASONING_EFFORT",
        one_of("minimal", "low", "medium", "high", "xhigh"),
        "How long a reasoning model thinks: `minimal`, `low`, `medium`, `high` or `xhigh`; GA only.",
    ),
    Setting(
        "ASKALOUD_TRUNCATION",
        truncation,
        "What happens when a conversation is too long for the model: `auto`, `disabled`, or the part to keep, as in `0.8`; GA only.",
    ),
    Setting("ASKALOUD_TEMPERATURE", number(0.6, 1.2), "How freely words are chosen, from 0.6 to 1.2; preview only."),
    Setting(
        "ASKALOUD_INSTRUCTIONS_FILE",
        instructions,
        "A text file that says who the assistant is and how it speaks, in place of our own words; the rules for searching and citing stay.",
    ),
    Setting(
        "ASKALOUD_TONE_AFTER_MS",
        whole(0, 60_000),
        "Milliseconds after which the page says that a search still goes on, and a quiet tone is heard until the answer.",
    ),
    Setting(
        "ASKALOUD_TOOL_S",
        whole(2, 60),
        "Seconds after which a search is given up and the model apologises, 2 to 60.",
    ),
    Setting(
        "ASKALOUD_RESUME_S",
        whole(0, 600),
        "Seconds for which a conversation waits for a page whose network is away; 0: it does not.",
    ),
    Setting(
        "ASKALOUD_REST_AFTER_S",
        whole(10, 3_600),
        "Seconds of silence after which a conversation rests: the model is let go of until the next word.",
    ),
    Setting(
        "ASKALOUD_SESSION_MAX_S",
        whole(30, 86_400),
        "Seconds after which the model's session is followed by a new one, where the service does not say when it ends.",
    ),
    Setting("ASKALOUD_DATA", path, "The folder of the stand-in's index and of its running address."),
    Setting(
        "ASKALOUD_DOCUMENTS",
        documents,
        "The originals, from which pages are shown: a folder, or a container's address, as in "
        "`https://ACCOUNT.blob.core.windows.net/CONTAINER`; with a signature (SAS) behind it, or Entra ID signs in.",
    ),
    Setting(
        "ASKALOUD_STORAGE_CONNECTION",
        text,
        "How the search service reaches the storage account of `--with-indexer`: a connection string, or `ResourceId=…;` for its own "
        "identity.",
    ),
    Setting("ASKALOUD_ACCESS_KEY", access_key, "What a visitor must know; needed when others than this machine may connect."),
    Setting(
        "ASKALOUD_ALLOWED_HOSTS",
        hosts,
        "More names under which this service may be called, as in `ask.example.com` or `ask.example.com:8443`, separated by commas; "
        "any other than these, that of `--host` and `localhost` is refused.",
    ),
    Setting(
        "ASKALOUD_ALLOWED_ORIGINS",
        origins,
        "More origins whose pages may connect, as in `https://intranet.example.com`, separated by commas.",
    ),
    Setting("ASKALOUD_LOG_LEVEL", one_of("DEBUG", "INFO", "WARNING", "ERROR"), "How much is logged: DEBUG, INFO, WARNING or ERROR."),
)

EMPTY_MEANS_NONE = frozenset({"ASKALOUD_TRANSCRIPTION_MODEL"})
"""Everywhere else an empty value counts as not set, as in the samples' `.env` files."""
