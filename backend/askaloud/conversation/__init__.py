"""One person talking: the words, the decisions, the sockets, who is here."""
