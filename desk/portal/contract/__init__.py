"""The portal contract, v1: what server and driver say to each other, and nothing else."""
