"""The lab of every task that has none of its own."""
