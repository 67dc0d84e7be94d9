"""Networks that were opened from a file."""
