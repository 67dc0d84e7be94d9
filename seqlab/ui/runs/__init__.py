"""What every lab shares about runs: choosing, training and steering them."""
