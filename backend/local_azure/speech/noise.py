"""Takes steady noise (a fan, a street) out of an utterance that holds much of it, and leaves every other as it is.

Spectral subtraction: what sounds in the quietest moments is taken for the noise, and its share out of every moment. A recogniser hears
the traces that this leaves in a quiet recording worse than the little noise there was; so the noise is measured first. Pure; loads numpy.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

NOISY_BELOW_DB = 30.0
"""Speech less than this above the noise is cleared, as measured here: 5 dB more than the noise was mixed with. A room with closed windows
has 35 and more; at 20 and less a quarter of the words is misheard."""

AUDIBLE_RMS = 8.0
"""Steps of 16 bits. What is softer is no noise but the rounding of a recording without any."""

FRAME, STEP = 512, 128
"""Samples of 16 kHz: 32 ms, each 8 ms after the one before."""

QUIETEST = 8
"""One frame of so many is taken for noise: the pauses before and after a question alone are more."""

LOUDEST_FROM = 0.7
"""The speech is as loud as the loudest frames from this share on."""

LEFT = 0.3
"""How much of a sound is left at least, so that none is chopped up; 10 dB."""

TAKEN = 1.5
"""How much more noise is taken away than was measured: it is not the same at every moment."""

_WINDOW = np.hanning(FRAME + 1)[:-1]
_OVERLAP = float((_WINDOW**2).sum()) / STEP
_AUDIBLE = AUDIBLE_RMS**2 * float((_WINDOW**2).sum()) * (FRAME // 2 + 1)  # as the sum of a frame's powers
_SMOOTH = np.array([1, 2, 3, 2, 1]) / 9

Samples = npt.NDArray[np.int16]
Spectrum = npt.NDArray[np.complex128]


def cleared(audio: Samples) -> Samples:
    """One utterance at 16 kHz, its noise taken out where it is noisy; the same array where it is not, or too short to tell."""
    if audio.size < FRAME * QUIETEST:
        return audio
    padded = np.pad(audio.astype(np.float64), (FRAME, 2 * FRAME))
    spectrum = np.fft.rfft(np.lib.stride_tricks.sliding_window_view(padded, FRAME)[::STEP] * _WINDOW, axis=1)
    power = np.abs(spectrum) ** 2
    inside = power[FRAME // STEP : (FRAME + audio.size) // STEP - FRAME // STEP + 1]  # frames without padding
    order = np.argsort(inside.sum(axis=1))
    noise = inside[order[: len(order) // QUIETEST]].mean(axis=0)
    speech = inside[order[int(len(order) * LOUDEST_FROM) :]].sum(axis=1).mean()
    if noise.sum() < _AUDIBLE or speech >= noise.sum() * 10 ** (NOISY_BELOW_DB / 10):
        return audio
    return _joined(spectrum * _kept(power, noise), audio.size)


def _kept(power: npt.NDArray[np.float64], noise: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Which share of each frequency of each frame is kept; smoothed over time, so that nothing is heard to ring."""
    smooth = np.apply_along_axis(lambda band: np.convolve(band, _SMOOTH, "same"), 0, power)
    kept: npt.NDArray[np.float64] = np.maximum(LEFT, 1 - np.sqrt(TAKEN * noise / np.maximum(smooth, 1e-9)))
    return kept


def _joined(spectrum: Spectrum, count: int) -> Samples:
    """The frames put together again, `count` samples long."""
    frames = np.fft.irfft(spectrum, FRAME, axis=1) * _WINDOW
    sound = np.zeros((len(frames) - 1) * STEP + FRAME)
    for at, frame in enumerate(frames):
        sound[at * STEP : at * STEP + FRAME] += frame
    return np.clip(np.round(sound[FRAME : FRAME + count] / _OVERLAP), -32_768, 32_767).astype(np.int16)
