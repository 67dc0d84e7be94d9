"""What the badge says when torch cannot answer."""

from types import SimpleNamespace
from typing import Any

import pytest

from seqlab.errors import Fault
from seqlab.ui.proof import proving


def failing(error: Exception) -> Any:
    def verdict() -> dict[str, Any]:
        raise error
    return SimpleNamespace(verdict=verdict)


def run(active: bool) -> Any:
    return SimpleNamespace(status=SimpleNamespace(active=active))


@pytest.mark.parametrize(("error", "active", "state", "said"), [
    (Fault("There is no snapshot at step 7."), True, "pending", ""),  # a newer one took its place
    (Fault("There is no snapshot at step 7."), False, "unavailable", "Not proved: There is no snapshot at step 7."),
    (TimeoutError(), False, "unavailable", "No worker has answered, so this is not proved yet."),
    (RuntimeError("/secret/path"), True, "unavailable", "Torch could not run this pass, so it is not proved."),
])
def test_a_proof_that_fails_never_looks_like_one(error: Exception, active: bool, state: str, said: str) -> None:
    verdict = proving._verdict.__wrapped__ if hasattr(proving._verdict, "__wrapped__") else proving._verdict
    assert verdict(run(active), failing(error)) == {"state": state, "message": said}
