"""WebSocket connections of the two libraries, with the everyday frame taken past their general machinery.

Each class here is the library's own with one shortcut; take the shortcut away and everything still works, more slowly.
"""
