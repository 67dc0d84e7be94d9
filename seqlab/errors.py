"""The one kind of error that is meant for the person in front of the page or the command line."""


class Fault(Exception):
    """Something from outside is wrong; the message says in one plain sentence what, where and what to do.

    It never holds a path outside the run, a secret or a traceback.
    """
