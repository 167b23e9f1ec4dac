"""Sound as numbers: what the microphone gives becomes 16-bit samples, and base64 on the wire, and back."""

from __future__ import annotations

import base64
import struct

import pytest
from playwright.async_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]


@pytest.mark.parametrize(
    ("sample", "pcm"),
    [(0, 0), (1, 32767), (-1, -32768), (0.5, 16384), (-0.5, -16384), (2, 32767), (-2, -32768), (1 / 65536, 0)],
)
async def test_a_sample_is_scaled_rounded_and_clipped(bench: Page, sample: float, pcm: int) -> None:
    got = await bench.evaluate("async (x) => [...(await import('/audio/pcm.js')).toPcm16(new Float32Array([x]))]", sample)
    assert got == [pcm]


async def test_base64_holds_little_endian_samples(bench: Page) -> None:
    got = await bench.evaluate("async () => (await import('/audio/pcm.js')).toBase64(new Int16Array([1, -2, 256]))")
    assert base64.b64decode(got) == struct.pack("<3h", 1, -2, 256)


async def test_a_long_stretch_goes_to_base64_and_back(bench: Page) -> None:
    same = await bench.evaluate(
        """async () => {
          const { toBase64, fromBase64 } = await import('/audio/pcm.js');
          const pcm = Int16Array.from({ length: 100_001 }, (_, i) => (i * 7919) % 65536 - 32768);
          const back = fromBase64(toBase64(pcm));
          return back.length === pcm.length && back.every((sample, i) => sample === pcm[i]);
        }"""
    )
    assert same


@pytest.mark.parametrize(("text", "samples"), [("", []), ("AQ==", []), ("AQAC", [1]), ("not base64!", [])])
async def test_what_is_not_whole_samples_is_left_out(bench: Page, text: str, samples: list[int]) -> None:
    assert await bench.evaluate("async (text) => [...(await import('/audio/pcm.js')).fromBase64(text)]", text) == samples


async def test_loudness_is_the_root_of_the_mean_square(bench: Page) -> None:
    got = await bench.evaluate(
        "async () => { const { loudness } = await import('/audio/pcm.js');"
        " return [loudness(new Float32Array([0.6, -0.8])), loudness(new Float32Array())]; }"
    )
    assert got == pytest.approx([0.7071, 0], abs=1e-3)
