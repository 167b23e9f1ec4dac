"""Ask Aloud: talk to your organisation's documents and see the page that the answer came from.

The rooms, and who may know whom (a test holds the arrows):

    errors, settings, tool          leaves; everybody may know them
    further_tools                   tools besides the documents' own: the place for yours
    identity                        how to sign in with Entra ID, for those who talk to Azure
    conversation/                   one person talking: the words (events), the decisions (session), the sockets (relay),
                                    who is here (lobby), the way to the model (upstream)
    knowledge/                      what the assistant knows: the only room that talks to the search service
    indexing/                       makes a source in the index equal to a folder; talks to knowledge/
    access/                         who may come in, and how much
    wire/                           the two libraries' WebSockets, with the everyday frame made quick; knows nothing of ours
    configured                      what the settings make of every conversation, and the table of what is in use
    doors                           which realtime and which search address; starts the stand-in where none is set
    app                             the only place where the rooms meet

`session` decides and never waits; `relay` waits and never decides.
"""

__version__ = "0.1.0"
