"""The sentiment lab: data and form of a new network, and what a trained one makes of a review."""
