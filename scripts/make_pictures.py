"""Makes pictures of the page: of every state it can be in, to be looked at, or the two that the README shows.

    python3 scripts/make_pictures.py FOLDER [--forms light,dark] [--scenes cited,settings]
    python3 scripts/make_pictures.py --readme

The states are the scenes of `tests/frontend/scenes.py`, played by a scripted server; each is pictured in each form (light, dark, narrow,
arabic and others: see FORMS), as FOLDER/SCENE.FORM.png. The README's are of the whole program with the sample documents.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import sys
import tempfile
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    from run import in_environment

    in_environment("local", "test")
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # the scenes are the tests'

from PIL import Image
from playwright.async_api import Browser, Page
from tests.browser.driving import chromium, page_in
from tests.browser.visit import visiting
from tests.frontend.far_end import FarEnd, far_end
from tests.frontend.scenes import SCENES
from tests.frontend.stage import Stage
from tests.frontend.words import ARABIC, ENGLISH, Words
from tests.whole import Whole, whole_program

ROOT = Path(__file__).resolve().parents[1]
IMAGES = ROOT / ".github" / "images"
DESK: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}}
FORMS: dict[str, tuple[dict[str, Any], Words]] = {
    "light": (DESK, ENGLISH),
    "dark": ({**DESK, "color_scheme": "dark"}, ENGLISH),
    "narrow": (PHONE, ENGLISH),
    "narrow-dark": ({**PHONE, "color_scheme": "dark"}, ENGLISH),
    "arabic": ({**DESK, "locale": "ar"}, ARABIC),
    "arabic-narrow": ({**PHONE, "locale": "ar"}, ARABIC),
    "enlarged": ({"viewport": {"width": 320, "height": 256}}, ENGLISH),
    "lying": ({"viewport": {"width": 740, "height": 360}}, ENGLISH),
    "wide": ({"viewport": {"width": 2560, "height": 1440}}, ENGLISH),
    "contrast": ({**DESK, "contrast": "more"}, ENGLISH),
    "forced": ({**DESK, "forced_colors": "active"}, ENGLISH),
    "german": ({**PHONE, "locale": "de"}, ENGLISH),
    "japanese": ({**PHONE, "locale": "ja"}, ENGLISH),
}
"""What a browser is told for each form, and the words that are spoken in it. `enlarged` is a screen of 1280 by 1024 at 400 %."""

QUESTION = "How many days can I work from abroad?"
COLOURS = 128
"""Of a picture in the README: enough for a page of few colours, and a third of the bytes."""


async def picture(page: Page) -> bytes:
    """The page as it stands, without motion and without a blinking caret."""
    return await page.screenshot(animations="disabled", caret="hide")


async def scenes(browser: Browser, far: FarEnd, folder: Path, form: str, names: list[str]) -> None:
    """Play each scene in one form and put its picture into the folder."""
    options, words = FORMS[form]
    for name in names:
        async with page_in(browser, **options) as page:
            await page.goto(far.address)
            await SCENES[name](Stage(page, far, await far.line(), words))
            (folder / f"{name}.{form}.png").write_bytes(await picture(page))
    print(f"{form}: {len(names)} pictures")


async def all_scenes(folder: Path, forms: list[str], names: list[str]) -> None:
    """Every scene in every form."""
    async with chromium() as browser, far_end() as far:
        for form in forms:
            await scenes(browser, far, folder, form, names)


async def for_the_readme(whole: Whole) -> None:
    """The page while it answers, and the source of that answer, opened in the dark."""
    sharp = {**DESK, "device_scale_factor": 1.5}
    async with chromium() as browser:
        async with visiting(browser, whole.address, **sharp) as visit:
            await visit.type(QUESTION)
            await visit.answered()
            await visit.page.locator("li[data-cited]").wait_for()
            await visit.page.wait_for_function("() => document.querySelector('.answer .heard')?.textContent.length > 60")
            keep("page-light.png", await picture(visit.page))
        async with visiting(browser, whole.address, **sharp, color_scheme="dark") as visit:
            await visit.type(QUESTION)
            await visit.answered()
            await visit.page.locator("li[data-cited] .card").click()
            await visit.page.wait_for_function("() => document.querySelector('ask-passage img')?.naturalWidth > 0")
            keep("page-dark.png", await picture(visit.page))


def keep(name: str, png: bytes) -> None:
    """Lay a picture of few colours beside the README."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    path = IMAGES / name
    flat = Image.open(io.BytesIO(png)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    flat.save(path, optimize=True)
    print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")


def named(known: list[str], wanted: str) -> list[str]:
    """Names from a comma-separated list; all of them where it is empty. Ends the program where one is unknown."""
    names = [name for name in wanted.split(",") if name] or known
    if unknown := [name for name in names if name not in known]:
        sys.exit(f"unknown: {', '.join(unknown)}; known are {', '.join(known)}")
    return names


def main() -> None:
    """Read the command and make the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--forms", default="light,dark,narrow,arabic")
    parser.add_argument("--scenes", default="")
    parser.add_argument("--readme", action="store_true")
    told = parser.parse_args()
    if told.readme:
        with tempfile.TemporaryDirectory() as data, whole_program(Path(data)) as whole:
            asyncio.run(for_the_readme(whole))
    elif told.folder:
        told.folder.mkdir(parents=True, exist_ok=True)
        asyncio.run(all_scenes(told.folder, named(list(FORMS), told.forms), named(list(SCENES), told.scenes)))
    else:
        parser.error("name a FOLDER, or --readme")


if __name__ == "__main__":
    main()
