"""Who a device is, what may leave it, and when its counters tell of use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.devices.rules import (
    DESTRUCTIONS,
    SOURCES,
    TOLERANCE,
    Usage,
    binds,
    confidence,
    destruction_problem,
    growth,
    inventory_problem,
    way_out,
)

WIPED = Usage(power_on_hours=9001, power_cycles=700, bytes_written=10**12, boot_count=3, data_erased=True)


def test_only_the_mediums_own_answer_binds():
    assert {source for source in SOURCES if binds(source)} == {"ata", "nvme", "scsi"}
    assert not binds("bridge") and not binds("never heard of")


@pytest.mark.parametrize(
    ("sources", "sure"),
    [
        ([], 0),
        (["bridge"], 0),
        (["bridge", "bridge"], 0),
        (["typed"], 1),
        (["typed", "typed"], 1),
        (["typed", "label"], 2),
        (["photo"], 2),
        (["photo", "dmi"], 2),
        (["typed", "ata"], 3),
        (["nvme"], 3),
        (["never heard of"], 0),
        (["bridge", "never heard of"], 0),
        (["typed", "never heard of"], 1),
    ],
)
def test_how_sure_an_identity_is(sources, sure):
    assert confidence(sources) == sure


@given(st.lists(st.sampled_from(sorted(SOURCES))), st.sampled_from(sorted(SOURCES)))
def test_another_source_never_makes_an_identity_less_sure(sources, more):
    assert 0 <= confidence(sources) <= confidence([*sources, more]) <= 3


@pytest.mark.parametrize(("counted", "registered", "problem"), [(2, 2, None), (3, 2, "medium_missed"), (1, 2, "medium_gone")])
def test_the_count_is_held_against_the_register(counted, registered, problem):
    assert inventory_problem(counted, registered) == problem


def test_a_card_may_go_home_and_a_disk_may_not():
    assert way_out("card") == ("returned", "destroy")
    assert {way_out(kind) for kind in ("hdd", "ssd", "nvme", "emmc", "ufs", "flash", "hybrid")} == {("destroy",)}


@pytest.mark.parametrize(
    ("medium", "method", "millimetres", "problem"),
    [
        ("magnetic", "degauss", None, None),
        ("semiconductor", "degauss", None, "degauss_flash"),
        ("magnetic", "drill", None, None),
        ("semiconductor", "drill", None, "flash_needs_shredding"),
        ("magnetic", "crush", None, None),
        ("semiconductor", "crush", 1, "flash_needs_shredding"),
        ("semiconductor", "shred", 2, None),
        ("semiconductor", "shred", 3, "flash_too_coarse"),
        ("semiconductor", "shred", None, "flash_too_coarse"),
        ("magnetic", "shred", 20, None),
        ("semiconductor", "incinerate", None, None),
        ("magnetic", "hammer", None, "method_unknown"),
    ],
)
def test_what_destroys_a_disk_does_not_always_destroy_a_chip(medium, method, millimetres, problem):
    assert destruction_problem(medium, method, millimetres) == problem


def test_every_way_of_destroying_suffices_for_some_medium():
    assert all(destruction_problem("magnetic", method, 2) is None for method in DESTRUCTIONS)


def test_two_readings_on_the_bench_are_no_use():
    later = Usage(power_on_hours=9009, power_cycles=706, bytes_written=10**12 + 1024 * 1024, boot_count=3, data_erased=True)
    found = growth(WIPED, later)
    assert (found.used, found.grown, found.backwards) == (False, (), ())


@pytest.mark.parametrize(
    ("name", "value"),
    [("power_on_hours", 9010), ("power_cycles", 707), ("bytes_written", 10**12 + 1024 * 1024 + 1), ("boot_count", 4)],
)
def test_one_more_than_the_tolerance_is_use(name, value):
    later = Usage(**{name: value})
    assert growth(WIPED, later).used is True and growth(WIPED, later).grown == (name,)
    at_most = Usage(**{name: value - 1})
    assert growth(WIPED, at_most).used is False


def test_written_since_the_wipe_says_the_drive():
    assert growth(WIPED, Usage(data_erased=False)).grown == ("data_erased",)
    assert growth(WIPED, Usage(data_erased=True)).used is False
    assert growth(WIPED, Usage(power_on_hours=9001, data_erased=True)).used is False
    # a drive that never said so can't lose the mark
    assert growth(Usage(data_erased=None), Usage(data_erased=False)).used is None
    assert growth(Usage(data_erased=False), Usage(data_erased=False)).used is None


def test_a_counter_that_runs_backwards_is_another_medium():
    found = growth(WIPED, Usage(power_on_hours=9000))
    assert found.used is True and found.backwards == ("power_on_hours",) and found.grown == ()


def test_nothing_to_compare_is_unknown_and_no_all_clear():
    assert growth(WIPED, Usage()).used is None
    assert growth(Usage(), WIPED).used is None


_count = st.one_of(st.none(), st.integers(0, 10**13))
_usage = st.builds(
    Usage, power_on_hours=_count, power_cycles=_count, bytes_written=_count, boot_count=_count, data_erased=st.sampled_from([None, True, False])
)


@given(_usage, _usage)
def test_used_exactly_when_a_counter_says_so(before, after):
    found = growth(before, after)
    assert (found.used is True) == bool(found.grown or found.backwards)
    assert growth(before, before).used in (None, False)


@given(_usage, st.integers(0, 8))
def test_more_use_never_looks_like_less(before, hours):
    if before.power_on_hours is None:
        return
    room = TOLERANCE.power_on_hours or 0
    far = Usage(power_on_hours=before.power_on_hours + room + 1 + hours)
    assert growth(Usage(power_on_hours=before.power_on_hours), far).used is True
