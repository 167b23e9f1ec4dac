from __future__ import annotations

from askaloud.indexing.estimate import PASSAGES_PER_S, Assumptions, estimate
from askaloud.indexing.plan import Plan, Tally

PLAN = Plan(added=Tally(10, 1000, 200_000), changed=Tally(1, 500, 100_000), moved=Tally(1, 100), gone=200)


def test_cost_is_tokens_times_price_and_time_is_what_the_quota_needs() -> None:
    found = estimate(PLAN, embeds=True, assumed=Assumptions(usd_per_million=0.5, tokens_per_minute=60_000))
    assert (found.tokens, found.usd, found.seconds) == (300_000, 0.15, 300.0)


def test_without_embedding_only_writing_takes_time() -> None:
    found = estimate(PLAN, embeds=False, assumed=Assumptions())
    assert (found.tokens, found.usd, found.seconds) == (0, 0.0, 1800 / PASSAGES_PER_S)


def test_an_empty_plan_costs_nothing() -> None:
    found = estimate(Plan(), embeds=True, assumed=Assumptions())
    assert (found.tokens, found.usd, found.seconds) == (0, 0.0, 0.0)
