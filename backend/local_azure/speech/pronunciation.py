"""How words are said, in the phones of the recogniser (ARPAbet without stress): from its own dictionary, else from espeak-ng's phonemes.

Pure but for reading the dictionary's file. espeak-ng itself is asked elsewhere: it is under the GPL and lives in a worker of its own.
"""

from __future__ import annotations

import re
from collections.abc import Container
from pathlib import Path

_PHONES = {
    "tS": "CH",
    "dZ": "JH",
    "aI@": "AY ER",
    "aI3": "AY ER",
    "aU@": "AW ER",
    "i@3": "IH R",
    "i@": "IY AH",
    "e@": "EH R",
    "E@": "EH R",
    "U@": "UH R",
    "o@": "AO R",
    "O@": "AO R",
    "A@": "AA R",
    "IR": "IH R",
    "aI": "AY",
    "aU": "AW",
    "eI": "EY",
    "oU": "OW",
    "OI": "OY",
    "i:": "IY",
    "u:": "UW",
    "3:": "ER",
    "A:": "AA",
    "O:": "AO",
    "@L": "AH L",
    "n-": "AH N",
    "m-": "AH M",
    "I2": "IH",
    "I#": "IH",
    "E2": "EH",
    "E#": "EH",
    "a#": "AH",
    "aa": "AE",
    "@2": "AH",
    "@5": "AH",
    "@": "AH",
    "3": "ER",
    "a": "AE",
    "A": "AA",
    "0": "AA",
    "O2": "AO",
    "O": "AO",
    "E": "EH",
    "I": "IH",
    "i": "IY",
    "U": "UH",
    "u": "UW",
    "V": "AH",
    "t#": "T",
    "t2": "T",
    "d#": "D",
    "z#": "Z",
    "s": "S",
    "z": "Z",
    "S": "SH",
    "Z": "ZH",
    "T": "TH",
    "D": "DH",
    "N": "NG",
    "n": "N",
    "m": "M",
    "l": "L",
    "r": "R",
    "r-": "R",
    "R": "R",
    "w": "W",
    "j": "Y",
    "h": "HH",
    "H": "HH",
    "x": "K",
    "C": "K",
    "p": "P",
    "b": "B",
    "t": "T",
    "d": "D",
    "k": "K",
    "g": "G",
    "f": "F",
    "v": "V",
    "?": "T",
}
_STRESS = re.compile(r"[',%=;|!]|:$(?<![i3uAO]:)")


def phones(phonemes: str) -> str | None:
    """espeak-ng's phonemes, separated by underscores, as phones separated by spaces; None where one has no counterpart."""
    said = []
    for phoneme in phonemes.replace(" ", "_").split("_"):
        plain = _STRESS.sub("", phoneme)
        if not plain or plain in {"-", ":"}:
            continue
        if plain not in _PHONES:
            return None
        said.append(_PHONES[plain])
    return " ".join(said) or None


def entries(dictionary: Path, wanted: Container[str]) -> dict[str, list[str]]:
    """The wanted words that the dictionary knows, each with all its pronunciations, the usual one first."""
    found: dict[str, list[str]] = {}
    with dictionary.open(encoding="utf-8") as lines:
        for line in lines:
            entry, _, said = line.strip().partition(" ")
            word = entry.partition("(")[0]
            if said and word in wanted:
                found.setdefault(word, []).append(said)
    return found


def dictionary_lines(pronunciations: dict[str, list[str]]) -> list[str]:
    """As the recogniser reads them: `word`, then `word(2)` for the next pronunciation."""
    return [
        f"{word}{f'({number})' if number > 1 else ''} {said}"
        for word, all_said in sorted(pronunciations.items())
        for number, said in enumerate(all_said, 1)
    ]
