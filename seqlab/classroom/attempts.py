"""Wrong codes are slowed for each address, so that nobody finds one by trying, and a whole classroom still gets in."""

import asyncio
import ipaddress
import time
from collections.abc import Callable

from seqlab.errors import Fault

AT_ONCE = 60  # wrong codes that an address may give before it is slowed: a classroom behind one address mistypes
PER_SECOND = 1.0  # that it may give from then on; a code of six letters has 86 million others
LONGEST = 8.0  # seconds that one attempt waits
MOST_ADDRESSES = 10_000


class Attempts:
    """Counts wrong codes by address; right ones cost nothing. One event loop uses it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._spent: dict[str, tuple[float, float]] = {}  # wrong codes that count still, and when that was

    async def turn(self, address: str) -> None:
        """Wait until an address may try a code, and count it as wrong; raises Fault where that takes too long."""
        place = network(address)
        over = self._now(place) + 1 - AT_ONCE
        if over > LONGEST * PER_SECOND:
            raise Fault("Many wrong codes came from your network. Wait half a minute, look at the code again, and "
                        "press once more.")
        self._add(place, 1.0)
        await asyncio.sleep(max(0.0, over / PER_SECOND))

    def right(self, address: str) -> None:
        """Take back what ``turn`` counted: the code was right."""
        self._add(network(address), -1.0)

    def _now(self, place: str) -> float:
        count, at = self._spent.get(place, (0.0, 0.0))
        return max(0.0, count - (self._clock() - at) * PER_SECOND)

    def _add(self, place: str, count: float) -> None:
        if place not in self._spent and len(self._spent) >= MOST_ADDRESSES:
            self._spent = {known: spent for known, spent in self._spent.items() if self._now(known) > 0}
        self._spent[place] = (max(0.0, self._now(place) + count), self._clock())


def network(address: str) -> str:
    """What counts as one address: an IPv4 number, or the 64 bits of IPv6 that one household has."""
    try:
        number = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(number) if number.version == 4 else str(ipaddress.ip_network((number, 64), strict=False))
