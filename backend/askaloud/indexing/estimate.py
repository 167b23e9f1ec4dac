"""What carrying out a plan will cost and how long it will take, about. Pure: prices and quotas are assumptions, and are said to be."""

from __future__ import annotations

from dataclasses import dataclass

from .plan import Plan

USD_PER_MILLION = 0.13
"""What a million tokens are assumed to cost: the list price of text-embedding-3-large, the dearest of Azure OpenAI's."""

TOKENS_PER_MINUTE = 120_000
"""The quota that a deployment is assumed to have; Azure's portal shows and changes it."""

PASSAGES_PER_S = 100
"""Passages that a small search service is assumed to take in a second."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What an estimate stands on."""

    usd_per_million: float = USD_PER_MILLION
    tokens_per_minute: int = TOKENS_PER_MINUTE


@dataclass(frozen=True, slots=True)
class Estimate:
    """Tokens to embed, US dollars for them, and seconds for all."""

    tokens: int
    usd: float
    seconds: float


def estimate(plan: Plan, *, embeds: bool, assumed: Assumptions) -> Estimate:
    """The estimate for a plan; `embeds`: an embedding deployment is set."""
    tokens = plan.tokens if embeds else 0
    seconds = max(60 * tokens / assumed.tokens_per_minute, (plan.written + plan.gone) / PASSAGES_PER_S)
    return Estimate(tokens, tokens * assumed.usd_per_million / 1_000_000, seconds)
