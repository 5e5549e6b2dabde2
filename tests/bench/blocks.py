"""Blocks: in each one every arm runs once, in random order, so that what slows the machine for a
while slows them all, and none always runs behind the same other one."""

import random

SEED = 1


def measure(arms, count, warm_up):
    """Runs `warm_up` blocks that do not count and `count` that do. Gives each arm's readings, in the
    order of the blocks: those with the same index are paired."""
    order = random.Random(SEED)
    names = list(arms)
    readings = {name: [] for name in names}
    for block in range(-warm_up, count):
        order.shuffle(names)
        for name in names:
            reading = arms[name].run()
            if block >= 0:
                readings[name].append(reading)
    return readings
