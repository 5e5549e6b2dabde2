"""The statistics, on numbers whose answer is known. `python -m unittest` in this folder."""

import math
import unittest

import numpy as np

import blocks
import ratios


class Ratios(unittest.TestCase):
    def setUp(self):
        self.random = np.random.default_rng(1)

    def noisy(self, cost, count=40, spread=0.05):
        return cost * self.random.lognormal(0, spread, count)

    def test_a_constant_factor_has_no_width(self):
        theirs = self.noisy(2.0)
        ratio = ratios.paired(0.25 * theirs, theirs)
        for value in (ratio.value, ratio.low, ratio.high):
            self.assertAlmostEqual(value, 0.25)

    def test_what_slows_a_whole_block_cancels_out(self):
        weather = self.random.uniform(1, 10, 40)
        ratio = ratios.paired(self.noisy(1.0, spread=0.01) * weather, self.noisy(2.0, spread=0.01) * weather)
        self.assertAlmostEqual(ratio.value, 0.5, delta=0.01)
        self.assertLess(ratio.high - ratio.low, 0.02)

    def test_a_few_disturbed_blocks_do_not_move_the_median(self):
        ours, theirs = self.noisy(1.0), self.noisy(1.0)
        ours[:5] *= 100
        self.assertAlmostEqual(ratios.paired(ours, theirs).value, 1.0, delta=0.05)

    def test_the_interval_holds_the_truth_about_95_times_in_100(self):
        held = 0
        for _ in range(300):
            ratio = ratios.paired(self.noisy(1.0, 30, 0.2), self.noisy(1.0, 30, 0.2))
            held += ratio.low <= 1.0 <= ratio.high
        self.assertTrue(0.91 <= held / 300 <= 0.99, held / 300)

    def test_what_is_added_to_a_floor_is_compared_alone(self):
        floor = self.noisy(10.0, spread=0.001)
        self.assertAlmostEqual(ratios.above(floor + 1, floor + 4, floor).value, 0.25)

    def test_a_peer_that_adds_nothing_gives_no_number(self):
        floor = self.noisy(10.0)
        self.assertEqual(ratios.above(floor + 1, floor, floor).value, math.inf)

    def test_what_is_no_cost_is_refused(self):
        for ours, theirs in [([1, 2], [1]), ([], []), ([0.0], [1.0]), ([math.nan], [1.0])]:
            with self.assertRaises(ValueError):
                ratios.paired(ours, theirs)


class Blocks(unittest.TestCase):
    class Counter:
        def __init__(self, name, log):
            self.name, self.log = name, log

        def run(self):
            self.log.append(self.name)
            return {"seconds": float(len(self.log))}

    def test_each_block_runs_every_arm_once_in_an_order_that_changes(self):
        log = []
        arms = {name: self.Counter(name, log) for name in "abc"}
        readings = blocks.measure(arms, count=30, warm_up=2)
        self.assertEqual(len(log), 3 * 32)
        orders = {"".join(log[at : at + 3]) for at in range(0, len(log), 3)}
        self.assertEqual(orders, {"abc", "acb", "bac", "bca", "cab", "cba"})
        for name in "abc":
            self.assertEqual(len(readings[name]), 30)
            # The warm-up's readings are gone.
            self.assertGreater(min(reading["seconds"] for reading in readings[name]), 6)

    def test_the_order_is_the_same_each_time(self):
        logs = []
        for _ in range(2):
            log = []
            blocks.measure({name: self.Counter(name, log) for name in "abcd"}, count=10, warm_up=1)
            logs.append(log)
        self.assertEqual(*logs)


if __name__ == "__main__":
    unittest.main()
