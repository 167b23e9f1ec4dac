"""What becomes of the answers when the line to the model is lost: the client hears how each ended, and what is owed is asked for again.

An answer whose words were all said stays as it is. One that was broken off is taken back and given anew on the next line, so that none
is doubled or lost; one that the person spoke over, or did not want any more, only ends.
"""

from __future__ import annotations

from .actions import Action, DropAudio, ToBrowser
from .answers import Answers
from .events import own
from .events.objects import Response
from .events.server import ItemDeleted, ResponseDone
from .sequencer import Wish
from .visible import Heard


def lost(answers: Answers) -> list[Action]:
    """End everything that went on; the wishes for what is owed come last, as events for the next line."""
    actions: list[Action] = []
    owed: list[Wish] = []
    waiting = answers.sequencer.lost()
    answers.visible.here.clear()
    for response_id, heard in list(answers.visible.responses.items()):
        round_ = answers.rounds.open.get(response_id)
        if round_ is not None and round_.status is not None:
            continue  # it had ended, only its tools still run
        whole = bool(heard.words) and not heard.speaking
        actions += _ended(answers, response_id, heard, whole=whole)
        wanted = not heard.interrupted
        if round_ is not None and round_.calls:
            round_.status, round_.spoke = ("completed" if wanted else "cancelled"), whole
            actions += answers.round_moved(round_)
            continue
        if whole:
            actions += answers.cite(response_id, heard.item_id, answers.grounding.of_answer(" ".join(heard.words)))
        elif wanted:
            owed.append(Wish(answers.next_id(), dict(answers.wishes.get(response_id, {})), of_itself=True))
        answers.forget(response_id)
    owed += waiting
    if not owed and answers.due:
        owed.append(Wish(answers.next_id(), {}, of_itself=True))
    answers.due = False
    if owed and not answers.sequencer.busy:  # one answer serves them all: each would be to the same words
        theirs = [wish for wish in owed if not wish.for_tools]
        actions += answers.create(answers.sequencer.want((theirs or owed)[-1]))
    return actions


def _ended(answers: Answers, response_id: str, heard: Heard, *, whole: bool) -> list[Action]:
    """The end of a response that the client knows of; its words and sound are taken back where they broke off in the middle."""
    if heard.created is not None:
        return []
    actions: list[Action] = []
    if heard.item_id is not None and not whole and not heard.interrupted:
        answers.memory.forget(heard.item_id)
        actions += [DropAudio(), ToBrowser(own.encode(ItemDeleted(event_id=answers.next_id(), item_id=heard.item_id)))]
    status = "completed" if whole and not heard.interrupted else "cancelled"
    done = ResponseDone(event_id=answers.next_id(), response=Response(id=response_id, object="realtime.response", status=status))
    return [*actions, ToBrowser(own.encode(done))]
