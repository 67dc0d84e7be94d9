"""Nobody but this process and its workers can send them code."""

import pytest
from distributed import Client
from distributed.security import Security

from seqlab.training.engine import Engine
from tests.support.waiting import wait_for


def test_a_stranger_on_this_machine_is_not_let_in(engine: Engine) -> None:
    wait_for(lambda: engine.ready, 60)
    own = engine._workers._cluster
    assert own is not None
    places = [own.scheduler_address, *own.scheduler.workers, *(nanny.address for nanny in own.workers.values())]
    assert len(places) >= 5
    for address in places:
        assert address.startswith("tls://127.0.0.1:")
        for seen, security in ((address.replace("tls", "tcp"), None), (address, Security.temporary())):
            with pytest.raises(OSError):  # noqa: PT011  (of a kind that Dask chooses)
                Client(seen, security=security, timeout=0.7, set_as_default=False)
    assert engine.devices().result()
