"""The life of the stand-in: one for each data folder, shared by the commands that need it, gone with the last of them.

`stay` finds, starts and leaves it; `record` is where it is found; `lifeline` is what keeps it alive. It knows nothing of what the
stand-in does. The stand-in keeps two files in the data folder, our commands three:

    local_azure.json    its addresses, key and process id (mode 0600)
    local_azure.lock    held by it as long as it lives
    askaloud.lock       held while a command looks, starts or leaves, so that two commands never start two
    askaloud.users      every command that uses it holds a shared lock on this file; who gets it alone is the last
    askaloud.alive      a named pipe: the stand-in reads it, its users hold it open for writing. When the last of them is gone,
                        killed or not, it reads the end, and ends

Where the system has no named pipes or file locks (Windows), the command that started it stops it.
"""
