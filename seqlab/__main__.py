"""The command line. What the commands need takes a second to import, for which who opens the pages does not wait."""

import io
import sys
from contextlib import redirect_stderr, redirect_stdout


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and do what it says; bad values end in one sentence and exit code 2."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["serve"] and _served(given[1:]):
        return
    from seqlab import command_line

    command_line.main(given)


def _served(arguments: list[str]) -> bool:
    """Become the server of the pages; False where that is not all that was asked, which the commands then say."""
    import tyro

    from seqlab.classroom.pages import serve
    from seqlab.errors import Fault

    try:
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            tyro.cli(serve, args=arguments)
    except (SystemExit, Fault):
        return False
    return True


if __name__ == "__main__":
    main()
