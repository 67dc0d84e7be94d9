"""The badge alone, in each of its states: agreed, not agreed, on its way, and unavailable."""

from seqlab.ui.widgets.badge import badge

AGREED = {"step": 100, "float32": 6e-7, "float64": 4.4e-16, "at": "", "fault": None}
COMMON = {"id": "sample", "numbers": 12345, "against": "torch", "tolerance": {"float64": 1e-10, "float32": 1e-4},
          "symbols": [{"key": "h", "name": "hidden state", "meaning": "what a unit remembers"}]}
STATES: dict[str, dict[str, object]] = {
    "agreed": {"state": "proved", "frames": [AGREED]},
    "differs": {"state": "proved", "frames": [AGREED | {"fault": "update gate (layer 0, t = 7, unit 31)"}]},
    "pending": {"state": "pending", "frames": []},
    "unavailable": {"state": "unavailable", "frames": [], "message": "No worker has answered."},
}


if __name__ == "__main__":
    for name, proof in STATES.items():
        badge(COMMON | proof, key=name)
