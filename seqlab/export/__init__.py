"""What leaves seqlab for other programs."""
