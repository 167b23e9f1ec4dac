"""What the settings make of every conversation: the policy, and one table for the log of what is in use.

A setting that the door's server does not know is not sent, and the table says so. Knows no socket, and shows no key and no instructions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from .conversation import moderation
from .conversation.patience import PATIENCE, Patience
from .conversation.policy import Policy, instructions
from .conversation.upstream import address
from .settings import RealtimeDoor, Settings

GA_ONLY = {"reasoning_effort": "ASKALOUD_REASONING_EFFORT", "truncation": "ASKALOUD_TRUNCATION"}
PREVIEW_ONLY = {"temperature": "ASKALOUD_TEMPERATURE"}
DEFAULT_TRANSCRIBER = "whisper-1"
SEARCH_SHARE = 0.75
"""Of the time that a tool has, what the search service has; the rest is for what comes before and after."""


def policy(settings: Settings, door: RealtimeDoor) -> Policy:
    """The same for every conversation. Raises `SettingsError` where the moderator cannot be found."""
    own = settings.instructions_file
    unknown = _unknown(door)
    return Policy(
        model=door.model,
        instructions=instructions(own.text) if own else instructions(),
        voice=settings.azure_openai_realtime_voice_choice,
        transcription_model=_transcriber(settings, door),
        language=settings.transcription_language,
        detection=settings.turn_detection,
        threshold=settings.vad_threshold,
        prefix_padding_ms=settings.vad_prefix_padding_ms,
        silence_duration_ms=settings.vad_silence_ms,
        eagerness=settings.vad_eagerness,
        create_response=settings.create_response,
        interrupt_after_ms=settings.interrupt_after_ms,
        moderator=moderation.load(settings.moderator) if settings.moderator else None,
        noise_reduction=settings.noise_reduction,
        speed=settings.speed,
        max_output_tokens=settings.max_output_tokens,
        reasoning_effort=None if "reasoning_effort" in unknown else settings.reasoning_effort,
        truncation=None if "truncation" in unknown else settings.truncation,
        temperature=None if "temperature" in unknown else settings.temperature,
    )


def patience(settings: Settings) -> Patience:
    """How long a conversation waits, as far as that is for the settings to say."""
    return replace(
        PATIENCE,
        tone_s=settings.tone_after_ms / 1000,
        tool_s=float(settings.tool_s),
        resume_s=float(settings.resume_s),
        rest_s=float(settings.rest_after_s),
        model_session_s=float(settings.session_max_s),
    )


def search_s(settings: Settings) -> float:
    """Seconds for one search with its retry: below those of the tool, so that the person hears what failed."""
    return settings.tool_s * SEARCH_SHARE


def table(settings: Settings, door: RealtimeDoor, scope: str | None) -> Iterator[tuple[str, str]]:
    """Pairs of what and how, in the order in which they are read. `scope` is that of the Entra ID token, where one is used."""
    used = policy(settings, door)
    yield "model's server", door.flavour
    yield "address", address(door)
    yield "deployment" if door.kind == "azure" else "model", door.model
    yield "signs in with", "a key" if door.api_key else f"Entra ID, for {scope}" if scope else "nothing"
    yield "voice", used.voice + ("" if used.speed is None else f", at {used.speed:g} times its pace")
    yield "transcription", _transcription(used)
    yield "turn detection", _detection(used)
    yield "asks for answers", "this server" if used.asks else "the service itself"
    after = used.interrupt_after_ms
    yield "interruption", f"after {after} ms of speech" if after else "at once"
    yield "moderator", _moderator(settings, used)
    yield "noise reduction", used.noise_reduction or "none"
    for name, value in (
        ("most output tokens", used.max_output_tokens),
        ("reasoning effort", used.reasoning_effort),
        ("truncation", used.truncation),
        ("temperature", used.temperature),
    ):
        yield name, "as the service has it" if value is None else str(value)
    own = settings.instructions_file
    yield "manner of speaking", f"{own.path}, in place of our own; our rules for searching and citing stay" if own else "our own"
    for name, setting in _unknown(door).items():
        if getattr(settings, name) is not None:
            yield "not sent", f"{setting}: the {'preview' if door.preview else 'GA'} protocol does not know it"


def _unknown(door: RealtimeDoor) -> dict[str, str]:
    return GA_ONLY if door.preview else PREVIEW_ONLY


def _transcriber(settings: Settings, door: RealtimeDoor) -> str | None:
    """What writes down the person's words. On Azure it is a deployment of one's own: no name fits everywhere, a wrong one is refused."""
    if settings.transcription_model is None:
        return None if door.kind == "azure" else DEFAULT_TRANSCRIBER
    return settings.transcription_model or None


def _transcription(used: Policy) -> str:
    if used.transcription_model is None:
        return "none: spoken questions are not written down (ASKALOUD_TRANSCRIPTION_MODEL)"
    return f"{used.transcription_model}, {used.language or 'any language'}"


def _moderator(settings: Settings, used: Policy) -> str:
    unheard = "" if used.transcription_model else "; nobody writes down what is said aloud, so only what is typed is ever answered"
    return f"{settings.moderator}{unheard}" if settings.moderator else "none"


def _detection(used: Policy) -> str:
    if used.detection == "server_vad":
        times = f"{used.prefix_padding_ms} ms kept from before, {used.silence_duration_ms} ms of silence"
        return f"server_vad, threshold {used.threshold:g}, {times}"
    return f"semantic_vad, eagerness {used.eagerness}" if used.detection == "semantic_vad" else "none: clients end their turns"
