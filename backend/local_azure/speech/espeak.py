"""espeak-ng from the `espeakng-loader` wheel through ctypes: speaks, and tells how words are said. Loaded only by the mouth's process.

The library is under the GPL (3.0 or later): nothing else may import this module or load what it loads.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable

CHUNK_MS = 60
WORDS_A_MINUTE = 145
"""Speed 1.0: slower than the library's own 175, for its consonants are short and are missed."""

SLOWEST, FASTEST = 110, 450
"""In words a minute: more slowly it does not speak in proportion (and never below 80), and the second is all that it can."""

_SYNCHRONOUS = 2
_DO_NOT_EXIT = 1 << 15
_RATE_PARAMETER = 1
_FROM_CHARACTERS = 1
_UTF8, _PAUSE_AT_END = 1, 0x1000
_SEPARATED = ord("_") << 8

_OnAudio = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)


class Espeak:
    """One engine. Raises `OSError` or `ImportError` where it is not installed."""

    name = "espeak-ng"
    intones = True

    def __init__(self) -> None:
        import espeakng_loader

        self._espeak = ctypes.CDLL(espeakng_loader.get_library_path())
        self._espeak.espeak_SetVoiceByName.argtypes = [ctypes.c_char_p]
        size, flags, void = ctypes.c_size_t, ctypes.c_uint, ctypes.c_void_p
        self._espeak.espeak_Synth.argtypes = [ctypes.c_char_p, size, flags, ctypes.c_int, flags, flags, void, void]
        self._espeak.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._espeak.espeak_TextToPhonemes.argtypes = [ctypes.POINTER(ctypes.c_char_p), ctypes.c_int, ctypes.c_int]
        self.rate = int(self._espeak.espeak_Initialize(_SYNCHRONOUS, CHUNK_MS, espeakng_loader.get_data_path().encode(), _DO_NOT_EXIT))
        if self.rate <= 0:
            raise OSError("espeak-ng does not find its data")
        self._on_audio = _OnAudio(self._hand_over)
        self._espeak.espeak_SetSynthCallback(self._on_audio)
        self._emit: Callable[[bytes], bool] = lambda _: False
        self._voice = ""

    def _hand_over(self, samples: int | None, count: int, _events: int | None) -> int:
        return 0 if not samples or count <= 0 or self._emit(ctypes.string_at(samples, 2 * count)) else 1

    def _use(self, voice: str) -> None:
        if voice != self._voice:
            self._espeak.espeak_SetVoiceByName(voice.encode())
            self._voice = voice

    def pace(self, speed: float) -> tuple[float, float]:
        """What is slower than it can speak is for somebody else to stretch."""
        least = SLOWEST / WORDS_A_MINUTE
        return (speed, 1.0) if speed >= least else (least, speed / least)

    def say(self, text: str, voice: str, speed: float, emit: Callable[[bytes], bool]) -> None:
        """Speak plain text; 16-bit audio goes to `emit` until that is false."""
        self._use(voice)
        pace = min(max(round(WORDS_A_MINUTE * speed), SLOWEST), FASTEST)
        self._espeak.espeak_SetParameter(_RATE_PARAMETER, pace, 0)
        self._emit = emit
        plain = text.encode()
        self._espeak.espeak_Synth(plain, len(plain) + 1, 0, _FROM_CHARACTERS, 0, _UTF8 | _PAUSE_AT_END, None, None)

    def phonemes(self, word: str) -> str:
        """How American English says one word: the library's ASCII phonemes, separated by underscores."""
        self._use("en-us")
        rest = ctypes.c_char_p(word.encode())
        said = self._espeak.espeak_TextToPhonemes(ctypes.byref(rest), _UTF8, _SEPARATED)
        return said.decode("ascii", "replace") if said else ""
