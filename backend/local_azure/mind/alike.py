"""Words of English that are said for one another, and short forms with what they are short for, whatever the documents are about."""

from __future__ import annotations

_ALIKE = (
    "ill sick unwell|holiday vacation leave|salary pay wage earn|phone telephone number extension|begin start commence|end finish",
    "buy purchase|cost price charge fee rate|pay cost charge reimburse|laptop computer notebook|doctor medical physician|child kid baby",
    "bike bicycle|car vehicle|rule policy|staff employee personnel|boss manager supervisor|big large size|quick fast|repair fix",
    "help assist support|broken defective damaged|lift elevator|flat apartment|trip travel journey|meal food|refund reimburse",
    "email mail|forbidden prohibited|allowed permitted permission|annual yearly|illness disease|quit resign notice|toilet restroom",
    "invoice bill|gap pause break|job work|trash rubbish waste garbage|canteen cafeteria|kitchen pantry|parking garage|boot restart",
    "value worth|shop store|client customer|film movie|grandmother grandfather grandparent|mother father parent|mum dad parent",
    "brother sister sibling|son daughter child|husband wife spouse partner|die dead death|birth born|wedding marriage marry",
    "picture photograph photo image|fridge refrigerator|guarantee warranty|extra additional supplement bonus|wifi wi-fi wlan wireless",
    "maximum limit most|wide width|high height tall|long length duration|deep depth|heavy weigh weight|loud noise|strong strength",
    "old age born|hot warm temperature|speak talk|founded established opened! started!|start opened! founded!",
    "capacity hold size|near close|present gift|lorry truck",
    "choose select|autumn fall|cash money|cancel call|mistake error fault|coffee espresso|town city|street road|sign signature",
    "hurt injure injury|dismiss fire|hire recruit employ|colleague coworker|cup mug|throw discard|permit licence|pupil student",
    "deduct reduce|obtain receive get|stay remain|announce report tell|pensioner retired senior",
    "machine device appliance",
    "fly flight|drive ride|km kilometre|kg kilogram kilo|cm centimetre|gram g|litre l|walk foot|forbid ban|teach train|eat food|sleep bed",
)
SHORT_FOR = {
    "eu": "European Union",
    "uk": "United Kingdom",
    "usa": "United States",
    "wfh": "working from home",
    "asap": "as soon as possible",
    "max": "maximum",
    "min": "minimum",
    "temp": "temperature",
    "info": "information",
    "docs": "documents",
    "approx": "about",
}
"""Short forms that English writes everywhere, with what stands in a text of some care."""
GROUPS = tuple(tuple(group.split()) for line in _ALIKE for group in line.split("|"))
"""Each group: words of which one is said where a document may have another."""
LITERAL = frozenset(word[:-1] for group in GROUPS for word in group if word.endswith("!"))
"""Words that are said for others in this form alone: a firm was opened, but is open to everybody."""
