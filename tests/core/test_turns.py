"""Threads that want to write stand in line: first come, first served, nobody for ever."""

import threading
import time

import pytest

from core.errors import Busy
from core.turns import Turns


def test_one_at_a_time_and_in_the_order_of_coming():
    turns, inside, order, worst = Turns(), [0], [], [0]

    def go(nth):
        with turns.turn():
            inside[0] += 1
            worst[0] = max(worst[0], inside[0])
            order.append(nth)
            time.sleep(0.002)
            inside[0] -= 1

    threads = []
    with turns.turn():  # all of them line up behind this one
        for nth in range(20):
            thread = threading.Thread(target=go, args=(nth,))
            thread.start()
            threads.append(thread)
            while len(turns._waiting) <= nth:
                time.sleep(0.001)
    [thread.join(10) for thread in threads]
    assert worst == [1] and order == list(range(20))


def test_whoever_waits_too_long_is_told_and_the_line_goes_on():
    turns, told = Turns(), []

    def impatient():
        try:
            with turns.turn(patience=0.05):
                told.append("in")
        except Busy as no:
            told.append(no.code)

    with turns.turn():
        thread = threading.Thread(target=impatient)
        thread.start()
        thread.join(5)
    assert told == ["house_busy"] and not turns._waiting
    with turns.turn(patience=0.05):
        told.append("free again")
    assert told[-1] == "free again"


def test_a_fault_inside_hands_the_turn_on():
    turns = Turns()
    with pytest.raises(ValueError, match="oops"), turns.turn():
        raise ValueError("oops")
    with turns.turn(patience=0.05):
        pass
