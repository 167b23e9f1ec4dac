"""How questions begin, whatever they are about, and what else people say to an assistant.

Documents hold no questions, and a language model without their beginnings hears worse than one without the documents.
"""

from __future__ import annotations

OPENERS_WEIGHT = 3
"""Each counts as if it stood three times in the documents: enough to be expected, too little to be heard into everything."""

QUESTIONS_PER_SENTENCE = 3
"""For every sentence of the documents so many questions are expected to begin, however many documents there are."""

OPENERS = tuple(
    line.strip()
    for line in """
    what is the
    what is a
    what is our
    what is my
    what are the
    what are my
    what are our
    what does the
    what does it
    what do i do if
    what do i need to
    what do i need for
    what do we
    what should i do if
    what should i do when
    what can i
    what happens if i
    what happens when
    what happens to my
    what time does the
    what time do
    what kind of
    what was the
    what about
    what if
    how do i
    how do we
    how do you
    how does the
    how does it
    how can i
    how should i
    how is the
    how are the
    how many
    how many days can i
    how many days do i
    how many hours
    how many people
    how many times can i
    how much is the
    how much does it
    how much do i
    how much money
    how much can i
    how much time do i
    how long is the
    how long does it take to
    how long do i have to
    how long can i
    how long are
    how often do i have to
    how often should i
    how often can i
    how far is
    how far in advance
    how old
    how big is the
    how soon
    how early
    how late
    when is the
    when do i
    when does the
    when can i
    when should i
    when are the
    when was the
    when will
    where is the
    where do i
    where can i
    where are the
    where should i
    who is the
    who is responsible for
    who do i
    who can i
    who should i
    who has to
    who pays for
    who can
    why is the
    why does the
    why do i
    which
    which of the
    which days
    which one
    can i
    can we
    can you
    can you tell me
    can you tell me about the
    can my
    could you
    could you tell me
    could i
    do i have to
    do i need to
    do i need a
    do i get
    do we have
    do you have
    do you know
    does the
    does it
    is it
    is it possible to
    is there a
    is there an
    is there any
    are there any
    are we allowed to
    am i allowed to
    am i
    are the
    is the
    is my
    may i
    must i
    should i
    will i
    will the
    tell me about the
    tell me how
    tell me more about
    tell me what
    explain the
    i would like to know
    i want to know
    i need to
    i have a question about
    i am looking for
    and what about
    and how many
    and when
    and for
    and if i
    """.splitlines()
    if line.strip()
)

ALWAYS = tuple(
    word
    for line in """
    monday tuesday wednesday thursday friday saturday sunday weekday weekend today tomorrow yesterday
    mondays tuesdays wednesdays thursdays fridays saturdays sundays weekdays weekends
    january february march april may june july august september october november december christmas easter
    spring summer autumn fall winter morning afternoon evening noon midnight
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen
    twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million half quarter
    first second third fourth fifth sixth seventh eighth ninth tenth once twice
    second seconds minute minutes hour hours day days week weeks month months year years
    euro euros dollar dollars pound pounds percent metres kilometres
    """.splitlines()
    for word in line.split()
)
"""Words of time and amount, which questions hold even where the documents do not. As likely as in general English."""

PHRASES_WEIGHT = 3
"""As the openers'."""

PHRASES = tuple(
    line.strip()
    for line in """
    hello
    hi
    hi there
    good morning
    good afternoon
    thank you
    thank you very much
    thanks
    thanks a lot
    that is all
    that's all thank you
    say that again
    say that again please
    please repeat that
    can you repeat that
    can you say that again
    tell me more
    what can you do
    what can you help me with
    who are you
    yes
    yes please
    no
    no thank you
    okay
    stop
    wait
    goodbye
    never mind
    """.splitlines()
    if line.strip()
)
