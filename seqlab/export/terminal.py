"""Taking a run away on the command line: one option for each form that the registry has."""

from collections.abc import Callable
from dataclasses import asdict, field, make_dataclass
from pathlib import Path
from typing import Annotated, Any

import tyro

from seqlab.errors import Fault
from seqlab.export.exports import Leaving, exports
from seqlab.training.run import Run


def options() -> Any:
    """Make the class whose fields are the forms, each with the file or folder that it goes to."""
    fields = [(name.replace("-", "_"), Annotated[Path | None, tyro.conf.arg(help=f"{form.label}. {form.note}")],
               field(default=None)) for name, form in exports().items()]
    return make_dataclass("Files", fields)


def written(run: Run, files: object, text: str | None, condition: int | None, step: int | None,
            live: bool, say: Callable[[str], None] = print) -> None:
    """Write each file that was asked for and say so; raises Fault."""
    asked = {name.replace("_", "-"): path for name, path in asdict(files).items() if path}  # type: ignore[call-overload]  # it is made at run time
    if not asked:
        raise Fault(f"Say what to write: --{' FILE, --'.join(exports())} FILE.")
    if live:
        from seqlab.export.making.tensorboard import follow

        if set(asked) != {"tensorboard"}:
            raise Fault("Only TensorBoard's events can be written while a run trains; use --live with --tensorboard.")
        say(f"Written: {follow(run, asked['tensorboard'])}")
        asked = {}
    for name, path in asked.items():
        form = exports()[name]
        if form.into is None and not path.parent.is_dir():
            raise Fault(f"There is no folder {path.parent} to write to; make it first.")
        place = form.into(run, path) if form.into else form.write(Leaving.of(run, text, condition, step), path)
        say("\n".join(filter(None, (f"Written: {place}", form.hint.format(path)))))
