"""Debian's flite through ctypes: its voices hand over audio while they speak. Loaded only by the mouth's process.

The structures are those of flite 2.x (cst_voice, cst_wave, cst_audio_streaming_info); other versions are not taken.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

RATE = 16_000
CHUNK_SAMPLES = 960
"""60 ms: what is handed over at a time."""

VOICES = ("slt", "rms", "awb")

_GO_ON, _STOP = 0, -1
_VERSION = ".so.1"


class _Wave(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_char_p),
        ("rate", ctypes.c_int),
        ("count", ctypes.c_int),
        ("channels", ctypes.c_int),
        ("samples", ctypes.c_void_p),
    )


class _Voice(ctypes.Structure):
    _fields_ = (("name", ctypes.c_char_p), ("features", ctypes.c_void_p))


_OnAudio = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(_Wave), ctypes.c_int, ctypes.c_int, ctypes.c_int, ctypes.c_void_p)


class _Streaming(ctypes.Structure):
    _fields_ = (
        ("least", ctypes.c_int),
        ("on_audio", _OnAudio),
        ("user", ctypes.c_void_p),
        ("utterance", ctypes.c_void_p),
        ("item", ctypes.c_void_p),
    )


class Flite:
    """One engine with its voices, each loaded when first used. Raises `OSError` where flite is not installed."""

    name = "flite"
    rate = RATE
    intones = False

    def __init__(self) -> None:
        everywhere = ctypes.RTLD_GLOBAL  # the voices refer to the language and the lexicon
        self._flite = ctypes.CDLL(f"libflite{_VERSION}", mode=everywhere)
        for part in ("usenglish", "cmulex"):
            ctypes.CDLL(f"libflite_{part}{_VERSION}", mode=everywhere)
        self._declare()
        self._flite.flite_init()
        self._on_audio = _OnAudio(self._hand_over)
        self._emit: Callable[[bytes], bool] = lambda _: False
        self._voices: dict[str, Any] = {}
        self._voice(VOICES[0])

    def _declare(self) -> None:
        flite, void = self._flite, ctypes.c_void_p
        flite.new_audio_streaming_info.restype = ctypes.POINTER(_Streaming)
        flite.audio_streaming_info_val.restype = void
        flite.audio_streaming_info_val.argtypes = [ctypes.POINTER(_Streaming)]
        flite.feat_set.argtypes = [void, ctypes.c_char_p, void]
        flite.feat_set_float.argtypes = [void, ctypes.c_char_p, ctypes.c_float]
        flite.flite_text_to_wave.restype = ctypes.POINTER(_Wave)
        flite.flite_text_to_wave.argtypes = [ctypes.c_char_p, void]
        flite.delete_wave.argtypes = [ctypes.POINTER(_Wave)]

    def _voice(self, name: str) -> Any:
        if name not in self._voices:
            register = getattr(ctypes.CDLL(f"libflite_cmu_us_{name}{_VERSION}"), f"register_cmu_us_{name}")
            register.restype, register.argtypes = ctypes.POINTER(_Voice), [ctypes.c_char_p]
            voice = register(None)
            streaming = self._flite.new_audio_streaming_info()
            streaming.contents.least = CHUNK_SAMPLES
            streaming.contents.on_audio = self._on_audio
            self._flite.feat_set(voice.contents.features, b"streaming_info", self._flite.audio_streaming_info_val(streaming))
            self._voices[name] = voice
        return self._voices[name]

    def _hand_over(self, wave: Any, start: int, count: int, _last: int, _user: int | None) -> int:
        if count <= 0:
            return _GO_ON
        return _GO_ON if self._emit(ctypes.string_at(wave.contents.samples + 2 * start, 2 * count)) else _STOP

    def pace(self, speed: float) -> tuple[float, float]:
        """Every speed is its own."""
        return speed, 1.0

    def say(self, text: str, voice: str, speed: float, emit: Callable[[bytes], bool]) -> None:
        """Speak plain ASCII; 16-bit audio goes to `emit` until that is false."""
        spoken_by = self._voice(voice)
        self._flite.feat_set_float(spoken_by.contents.features, b"duration_stretch", 1 / speed)
        self._emit = emit
        wave = self._flite.flite_text_to_wave(text.encode("ascii", "ignore"), spoken_by)
        if wave:
            self._flite.delete_wave(wave)
