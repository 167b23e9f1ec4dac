"""What kind of thing was said: a question, or a word to the assistant itself, which needs no search.

Each kind has the words that make it (`heads`) and those that may stand beside them; any other word makes it a question, and so do the
words of asking where the kind has none of its own: `stop` is no question, `how do I stop the machine` and `how do I stop` are.
"""

from __future__ import annotations

import re
from typing import Literal

from .words import WORD

Manner = Literal[
    "question", "greeting", "thanks", "goodbye", "again", "silence", "stop", "wait", "nothing", "yes", "voice", "present", "self"
]

SAID_MAX_CHARS = 2_000
"""Of one thing that was said; two minutes of speech."""

_PLAIN = (
    "please ok okay all right alright well so oh um uh er hm hmm ah now just you your the a an it that this that's it's sorry really"
    " very much so then for and but can could would will me thanks thank hey no yes at once"
)
"""What stands beside any of them and means nothing by itself."""
_FILLERS = frozenset(("um", "umm", "uh", "uhh", "er", "erm", "hm", "hmm", "mhm", "ah", "eh", "oh", "huh"))
_BESIDE = frozenset(_PLAIN.split())

_TABLE: tuple[tuple[Manner, str, str], ...] = (
    (
        "again",
        r"\b(?:again|repeat|pardon|one more time|once more|what did you say|did(?:n't| not) (?:get|hear|catch|understand))\b"
        r"|^(?:sorry )?what$|^sorry$",
        "again repeat pardon say said one more time once come what did last answer sentence didn't not i get hear catch understand was"
        " what's",
    ),
    (
        "voice",
        r"\b(?:louder|quieter|softer|slower|faster|slowly|speak up|volume|too (?:fast|loud|quiet|slow)"
        r"|turn it (?:up|down)|not so (?:fast|loud))\b",
        "louder quieter softer slower faster slowly speak up volume too fast loud quiet slow turn down not bit little more talk talking"
        " speaking louder don't you're are",
    ),
    (
        "wait",
        r"\b(?:wait|hold (?:on|it)|hang on|(?:one|just|just a) (?:second|sec|minute)|moment|pause|let me think)\b",
        "wait hold hang on one moment second sec minute pause give let think",
    ),
    (
        "stop",
        r"\b(?:stop|quiet|silence|hush|shush|enough|cancel|halt|abort|shut up)\b",
        "stop quiet silence hush shush enough cancel halt abort shut up be talking speaking listening reading right i i've heard want to",
    ),
    (
        "nothing",
        r"^(?:and )?(?:no|nope|nothing|nah)\b|\b(?:never ?mind|nevermind|forget (?:it|that|about it)"
        r"|doesn't matter|don't worry|leave it|not now)\b",
        "nope nothing nah never mind nevermind forget about doesn't matter don't worry leave not else i need that'll will be do more"
        " questions question further have don't else any",
    ),
    ("goodbye", r"\b(?:bye|goodbye|good night|see you|so long)\b", "bye goodbye good night see later soon tomorrow have nice day long"),
    (
        "thanks",
        r"\b(?:thanks?|thank you|cheers)\b",
        "cheers many lot great good perfect is was helpful help fine wonderful nice that'll be do i'm appreciate",
    ),
    (
        "present",
        r"\b(?:hear me|you there|are you (?:listening|awake|still there)|testing"
        r"|(?:anybody|anyone|somebody|someone) there|mic(?:rophone)? check)\b",
        "hear there are listening awake still testing test one two three is anybody anyone somebody someone mic microphone check hello"
        " hi do",
    ),
    (
        "self",
        r"\b(?:who|what) are you\b|\bwhat can you do\b|\byour name\b|^help(?: me)?$",
        "who what are do is your name what's help with i ask",
    ),
    (
        "greeting",
        r"\b(?:hello|hi|hey|good (?:morning|afternoon|evening|day)|excuse me|how are you|how do you do)\b",
        "hello hi excuse good morning afternoon evening day there how are do doing today everybody everyone nice to meet",
    ),
    (
        "yes",
        r"^(?:yes|yeah|yep|ok|okay|right|all right|alright|sure|fine|good|great|perfect|wonderful|excellent|nice|cool|i see|got it"
        r"|understood|of course|exactly|correct)\b",
        "yeah yep sure fine good great perfect wonderful excellent nice cool i see got understood of course exactly correct is was i'm",
    ),
)
"""Each kind with its heads and the words that go with it; the first that fits is the one."""
_KINDS = tuple((kind, heads, _BESIDE | frozenset(beside.split())) for kind, heads, beside in _TABLE)


_ABOUT_OTHERS = re.compile(
    r"^(?:and |but |so |or )?(?:can|could|may|might|must|should|shall|do|does|did|is|was|will|would|have|has) "
    r"(?:i|it|he|she|they|this|that|these|those|there)\b(?! anybody| anyone| somebody| someone)"
)
"""Asks whether something is so: a question about the matter, whatever words it is made of."""


def manner(said: str) -> Manner:
    """What kind of thing was said. Whatever holds any word of its own is a question."""
    words = [word.lower().replace("’", "'") for word in WORD.findall(said[:SAID_MAX_CHARS])]
    if _FILLERS.issuperset(words):
        return "silence"
    words = [word for word in words if word not in _FILLERS]
    text = " ".join(words)
    if _ABOUT_OTHERS.search(text):
        return "question"
    named = [(kind, beside) for kind, heads, beside in _KINDS if re.search(heads, text)]
    for kind, beside in named:
        if beside.issuperset(words):
            return kind
    # Several in a row, as in "okay stop, thank you": the first of the table decides.
    mixed = frozenset[str]().union(*(beside for _, beside in named)) - _ASKS
    return named[0][0] if named and mixed.issuperset(words) else "question"


def is_errand(said: str) -> bool:
    """Whether somebody wants something done, rather than to know something: `can you book a room for me`."""
    return _ERRAND.search(said[:SAID_MAX_CHARS]) is not None


_ERRAND = re.compile(
    r"^\W*(?:(?:please|hey|hi|hello|ok|okay|so|and)\b[\s,]*)*(?:(?:can|could|will|would) you (?:please )?|please )"
    r"(?:book|reserve|order|buy|send|mail|email|forward|call|phone|dial|remind|translate|write|draft|schedule|cancel|create|open|play"
    r"|sing|turn|switch|set|add|delete|remove|make|pay|print|print out|install|reset)\b",
    re.IGNORECASE,
)
_ASKS = frozenset(("how", "what", "who"))
"""Words that ask: what has one of them is one kind alone, or a question."""
