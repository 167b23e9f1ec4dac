"""A script in the place of a mind, for tests: what is said, called, waited for and broken stands in a file.

    steps      what may stand in one step
    script     what may stand in the file; every mistake with its place
    mind       follows it, each conversation from its beginning

It knows only a `Moment` and the thoughts; all that a client sees comes through the same protocol code as a mind's own answers.
"""
