"""espeak-ng's phonemes in the recogniser's phones, and the recogniser's own dictionary."""

from __future__ import annotations

from pathlib import Path

import pytest

from local_azure.speech.pronunciation import dictionary_lines, entries, phones


@pytest.mark.parametrize(
    ("phonemes", "expected"),
    [
        ("h_@_l_'oU", "HH AH L OW"),
        ("d_I#_s_k_'eI_l", "D IH S K EY L"),
        ("w_'O:_t#_3", "W AO T ER"),
        ("b_'3:_d", "B ER D"),
        ("tS_'OI_s", "CH OY S"),
        ("k_j_'u:", "K Y UW"),
        ("T_'I_N", "TH IH NG"),
        ("l_'I_t#_@L", "L IH T AH L"),
        ("v_,i:_p_,i:_;_'E_n", "V IY P IY EH N"),
        ("h_e_l_X", None),
        ("", None),
    ],
)
def test_phonemes_become_phones(phonemes: str, expected: str | None) -> None:
    assert phones(phonemes) == expected


def test_all_pronunciations_of_a_word_are_found_and_written_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "dictionary"
    file.write_text("a AH\na(2) EY\nabout AH B AW T\ntea T IY\n")
    found = entries(file, {"a", "tea", "absent"})
    assert found == {"a": ["AH", "EY"], "tea": ["T IY"]}
    assert dictionary_lines(found) == ["a AH", "a(2) EY", "tea T IY"]
