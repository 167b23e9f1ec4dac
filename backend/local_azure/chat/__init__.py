"""A language model for a mind: an OpenAI-compatible chat server (Ollama, vLLM, llama.cpp), asked through the `openai` package.

    server     where it is
    mind       asks it, and tells what it answers as thoughts
    messages   a conversation as the messages that such a server takes, bounded
    answer     what comes back, piece by piece, put together
    failures   what can go wrong with a server far away, each with a code and a sentence

It knows only a `Moment`. No word of a conversation, no key and no address is ever logged or told on.
"""
