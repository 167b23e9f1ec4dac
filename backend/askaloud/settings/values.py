"""The settings of one process, typed. What each is for stands in `table`."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from .addresses import BlobContainer
from .reading import ROOT, Instructions


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. A None is a variable that was not set and has no default of ours."""

    azure_openai_endpoint: str | None = None
    azure_openai_realtime_deployment: str | None = None
    azure_openai_realtime_voice_choice: str = "alloy"
    azure_openai_api_key: str | None = None
    azure_openai_embedding_deployment: str | None = None
    azure_search_endpoint: str | None = None
    azure_search_index: str = "askaloud"
    azure_search_api_key: str | None = None
    azure_search_semantic_configuration: str | None = None
    azure_search_identifier_field: str | None = None
    azure_search_content_field: str | None = None
    azure_search_embedding_field: str | None = None
    azure_search_title_field: str | None = None
    azure_search_use_vector_query: bool = True
    search_page_field: str | None = None
    search_groups_field: str | None = None
    search_people_field: str | None = None
    search_top: int = 5
    search_min_score: float | None = None
    passage_tokens: int = 200
    azure_tenant_id: str | None = None
    entra_scope: str | None = None
    openai_api_key: str | None = None
    realtime_url: str | None = None
    realtime_api_key: str | None = None
    realtime_model: str | None = None
    realtime_api_version: str | None = None
    transcription_model: str | None = None
    transcription_language: str | None = None
    turn_detection: str = "server_vad"
    vad_threshold: float = 0.5
    vad_prefix_padding_ms: int = 300
    vad_silence_ms: int = 500
    vad_eagerness: str = "auto"
    create_response: bool = True
    interrupt_after_ms: int = 0
    moderator: str | None = None
    noise_reduction: str | None = None
    max_output_tokens: int | str | None = None
    speed: float | None = None
    reasoning_effort: str | None = None
    truncation: str | float | None = None
    temperature: float | None = None
    instructions_file: Instructions | None = None
    tone_after_ms: int = 1_500
    tool_s: int = 8
    resume_s: int = 120
    rest_after_s: int = 300
    session_max_s: int = 1_500
    data: Path = ROOT / ".data"
    documents: Path | BlobContainer = ROOT / "scripts" / "sample_documents"
    storage_connection: str | None = None
    access_key: str | None = None
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    log_level: str = "INFO"

    def __repr__(self) -> str:
        """Without secrets: a settings object may end up in a log."""
        shown = [
            f"{f.name}={'…' if f.name.endswith(('_key', '_connection')) and getattr(self, f.name) else getattr(self, f.name)!r}"
            for f in fields(self)
        ]
        return f"Settings({', '.join(shown)})"
