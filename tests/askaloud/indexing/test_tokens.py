from __future__ import annotations

import pytest
from semantic_text_splitter import TextSplitter

from askaloud.indexing.split import TOKENS_OF
from askaloud.indexing.tokens import about_tokens

TEXTS = {
    "English": "You can work from abroad for thirty days in a calendar year, and only working days count. Ask your manager first.",
    "German": "Sie können im Kalenderjahr dreißig Tage aus dem Ausland arbeiten; es zählen nur Arbeitstage.",
    "Russian": "Вы можете работать из-за границы тридцать дней в календарном году, считаются только рабочие дни.",
    "Arabic": "يمكنك العمل من الخارج لمدة ثلاثين يوما في السنة التقويمية، وتحتسب أيام العمل فقط.",
    "Chinese": "您每个日历年可以在国外工作三十天，只计算工作日。出发前请询问您的经理。",
    "table": "Name | Room | Phone\nAnna | 204 | 0301234567\nBert | 310 | 0307654321\nCem | 412 | 0309998877",
}


def counted(text: str) -> int:
    """Exactly, by finding the least size that takes all of it."""
    least, most = 0, 4 * len(text)
    while most - least > 1:
        middle = (least + most) // 2
        fits = len(TextSplitter.from_tiktoken_model(TOKENS_OF, middle).chunks(text)) == 1
        least, most = (least, middle) if fits else (middle, most)
    return most


@pytest.mark.parametrize("language", TEXTS)
def test_the_estimate_is_near_the_truth_and_rather_too_high_than_far_too_low(language: str) -> None:
    text = TEXTS[language]
    assert 0.7 * counted(text) <= about_tokens(text) <= 2.0 * counted(text)


def test_no_text_costs_nothing() -> None:
    assert about_tokens("") == 1
