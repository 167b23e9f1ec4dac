"""The words between the module that decides and the module that waits."""

from __future__ import annotations

import inspect
from typing import get_args

import msgspec
import pytest

from askaloud.conversation import actions


def test_every_action_is_one_that_the_relay_must_carry_out() -> None:
    words = {
        kind
        for _, kind in inspect.getmembers(actions, inspect.isclass)
        if issubclass(kind, msgspec.Struct) and kind.__module__ == actions.__name__
    }
    assert words == set(get_args(actions.Action))


@pytest.mark.parametrize("kind", get_args(actions.Action))
def test_no_action_can_be_changed_on_its_way(kind: type[msgspec.Struct]) -> None:
    assert kind.__struct_config__.frozen
