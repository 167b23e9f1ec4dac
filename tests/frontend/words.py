"""What is asked and answered on pictures of the page and before the accessibility checker, in a script that runs to the right and in one
that runs to the left.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """One small conversation. `passages` are title, page and excerpt of what was found, the first of them used."""

    language: str
    question: str
    query: str
    answer: str
    passages: tuple[tuple[str, int | None, str], ...]
    follow_up: str
    follow_up_answer: str
    not_found: str
    not_found_answer: str


ENGLISH = Words(
    language="en",
    question="How many days can I work from abroad?",
    query="days working from another country per calendar year",
    answer=(
        "You can work from abroad for up to 30 days in a calendar year. Only working days count towards the 30 days; weekends, public "
        "holidays and annual leave do not, and neither do business trips for the company."
    ),
    passages=(
        (
            "Employee Handbook",
            7,
            "You can work from abroad for up to 30 days in a calendar year. Only working days count towards the 30 days; weekends, public "
            "holidays and annual leave do not, and neither do business trips for the company.",
        ),
        ("Employee Handbook", 8, "Your salary is paid as usual while you work abroad, in the currency and to the account that we know."),
        (
            "Travel and Expenses Policy",
            None,
            "City | Hotel limit | Daily allowance\nLyon | 135 euros | 46 euros\nLondon | 210 euros | 52 euros\n"
            "Leeds | 125 euros | 44 euros\nHamburg | 150 euros | 28 euros\nOslo | 185 euros | 60 euros",
        ),
        ("Benefits overview 2026", 2, "Health insurance abroad covers business trips and stays that were approved."),
    ),
    follow_up="And how much of it is paid?",
    follow_up_answer="All of it: your salary is paid as usual while you work abroad.",
    not_found="Who won the race in Le Mans?",
    not_found_answer="I could not find that in the documents.",
)

ARABIC = Words(
    language="ar",
    question="كم يومًا يمكنني العمل من الخارج؟",
    query="أيام العمل من بلد آخر في السنة",
    answer=(
        "يمكنك العمل من الخارج حتى 30 يومًا في السنة الميلادية. تُحسب أيام العمل فقط، ولا تُحسب عطلات نهاية الأسبوع والعطل الرسمية والإجازة "
        "السنوية، ولا رحلات العمل لصالح الشركة."
    ),
    passages=(
        ("دليل الموظف", 7, "يمكنك العمل من الخارج حتى 30 يومًا في السنة الميلادية. تُحسب أيام العمل فقط، ولا تُحسب عطلات نهاية الأسبوع."),
        ("دليل الموظف", 8, "يُدفع راتبك كالمعتاد أثناء عملك في الخارج."),
        ("سياسة السفر والنفقات", None, "المدينة | حد الفندق\nليون | 135 يورو\nلندن | 210 يورو"),
        ("Benefits overview 2026", 2, "Health insurance abroad covers business trips and stays that were approved."),
    ),
    follow_up="وكم يُدفع منها؟",
    follow_up_answer="كلها: يُدفع راتبك كالمعتاد أثناء عملك في الخارج.",
    not_found="من فاز بسباق لومان؟",
    not_found_answer="لم أجد ذلك في الوثائق.",
)
