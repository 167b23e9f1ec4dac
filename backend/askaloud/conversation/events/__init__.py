"""The words of a conversation: what a browser may say (`client`), what the model says (`server`), what we add (`own`).

One closed union per direction. Whatever is passed on was decoded into one of these structs and encoded again; the bytes that
came in are never forwarded. Nothing here decides anything.
"""
