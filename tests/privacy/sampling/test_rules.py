"""The draw: foreseen by nobody, reckoned again by anybody, in whole numbers; who may try, with what, and what it says."""

import hashlib
import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privacy.sampling import rules

roots = st.binary(min_size=32, max_size=32).map(bytes.hex)
numbers = st.integers(1, 999_999).map(lambda n: f"QC-2026-{n:06d}-K")


@given(roots, numbers, st.integers(1, 100))
def test_the_draw_is_reckoned_in_whole_numbers(root, number, share):
    ticket = rules.ticket(root, number)
    digest = hashlib.sha256(b"xunshi-sample-1\n" + bytes.fromhex(root) + b"\n" + number.encode()).hexdigest()
    assert ticket == int(digest[:16], 16)
    assert rules.is_drawn(ticket, share) == (Fraction(ticket, 2**64) < Fraction(share, 100))


def test_the_ends_of_the_share():
    assert not any(rules.is_drawn(rules.SPACE - 1, share) for share in range(1, 100)) and rules.is_drawn(rules.SPACE - 1, 100)
    edge = -(-5 * rules.SPACE // 100)
    assert rules.is_drawn(edge - 1, 5) and not rules.is_drawn(edge, 5)


@pytest.mark.parametrize("root", ["", "ab", "zz" * 32, "ab" * 33])
def test_a_root_has_32_bytes(root):
    with pytest.raises(ValueError):
        rules.ticket(root, "QC-1")


@pytest.mark.parametrize("share", [5, 20])
def test_the_share_is_kept_over_many(share):
    """20,000 tickets: within five standard deviations of the share."""
    found = sum(rules.is_drawn(rules.ticket("5a" * 32, f"QC-2026-{n:06d}-K"), share) for n in range(20_000))
    assert abs(found - 200 * share) < 5 * math.sqrt(200 * share)


@given(st.integers(0, 3000), st.integers(0, 3000))
def test_wilsons_interval(a, b):
    found, tried = min(a, b), max(a, b)
    low, high = rules.wilson(found, tried)
    assert 0 <= low <= high <= 10_000
    if tried:
        z, p = 1.96, found / tried
        middle, half = p + z * z / (2 * tried), z * math.sqrt(p * (1 - p) / tried + z * z / (4 * tried * tried))
        assert low <= (middle - half) / (1 + z * z / tried) * 10_000 + 1e-6 and (
            found == 0 or low + 1.01 > (middle - half) / (1 + z * z / tried) * 10_000
        )
        assert high >= (middle + half) / (1 + z * z / tried) * 10_000 - 1e-6 and (
            found == tried or high - 1.01 < (middle + half) / (1 + z * z / tried) * 10_000
        )
        assert low <= rules.rate(found, tried) <= high
    else:
        assert (low, high) == (0, 10_000) and rules.rate(found, tried) is None


def test_wilson_of_known_cases():
    assert rules.wilson(0, 10) == (0, 2776), "Wilson 1927: 0 of 10 gives 0 to 27.75 %"
    assert rules.wilson(1, 10) == (178, 4042)
    with pytest.raises(ValueError):
        rules.wilson(2, 1)


def test_other_tools_are_other_tools():
    assert rules.tool_key("nvme-json 1") == rules.tool_key("nvme-cli 2.3") == "nvme"
    for other in ("PhotoRec", "bulk_extractor 2.0", "R-Studio", "testdisk"):
        assert rules.is_other_tool(other, ["nwipe", "checklist"])
    assert rules.is_other_tool("Android Studio", ["android"]) and not rules.is_other_tool("", ["nwipe"]) and not rules.is_other_tool("x", [])


people_ = st.text("abcdef", min_size=1, max_size=1)
groups = st.frozensets(people_)


@given(people_, people_, people_, people_, groups, groups, groups, groups, st.booleans())
def test_the_rule_over_all_assignments(operator, verifier, owner, checker, others, lookers, family, colleagues, elsewhere):
    hands = rules.Hands(
        operator=operator, verifier=verifier, owner=owner, others=others, lookers=lookers, close_to=family,
        colleagues=colleagues, elsewhere=elsewhere,
    )  # fmt: skip
    kept_out = {operator, verifier, owner} | others | lookers | family | (colleagues if elsewhere else frozenset())
    assert (rules.may_try(hands, checker) is None) == (checker not in kept_out)


def test_why_somebody_is_kept_out():
    hands = rules.Hands(
        operator="wang", verifier="zhao", owner="alice", others=frozenset({"li"}), lookers=frozenset({"mu"}),
        close_to=frozenset({"wei"}), colleagues=frozenset({"sun"}),
    )  # fmt: skip
    said = {who: rules.may_try(hands, who) for who in ("alice", "wang", "li", "zhao", "mu", "wei", "sun", "tang")}
    assert said == {
        "alice": "checker_owns", "wang": "checker_wiped", "li": "checker_wiped", "zhao": "checker_verified", "mu": "checker_verified",
        "wei": "checker_family", "sun": None, "tang": None,
    }  # fmt: skip
    assert rules.may_try(rules.Hands(operator="wang", verifier="zhao", owner="alice", colleagues=frozenset({"sun"}), elsewhere=True), "sun") == "checker_colleague"


def test_a_root_that_is_none_is_told():
    with pytest.raises(ValueError, match="^a root has 32 bytes$"):
        rules.ticket("ab" * 31, "QC-1")
    with pytest.raises(ValueError, match="^found is from 0 to tried$"):
        rules.wilson(-1, 1)
    assert rules.wilson(0, 1)[0] == 0 and rules.wilson(1, 1) == (2065, 10_000)


@pytest.mark.parametrize("percent", [1, 5, 20, 25, 50, 99])
def test_the_last_ticket_that_is_drawn(percent):
    first_not = -(-percent * rules.SPACE // 100)
    assert rules.is_drawn(first_not - 1, percent) and not rules.is_drawn(first_not, percent)


def test_a_reason_raises_the_share():
    assert rules.percent([], 5, 20) == 5 and rules.percent(["family"], 5, 20) == 20


@pytest.mark.parametrize(("name", "key"), [
    ("nwipe-pdf 1", "nwipe"), ("ShredOS", "nwipe"), ("  NWIPE  ", "nwipe"), ("nwipe v0.37", "nwipe"), ("nwipe_0.37", "nwipe"), ("n-wipe", "nwipe"),
    ("nvme-cli 2.3", "nvme"), ("nvme-json 1", "nvme"), ("hdparm sanitize", "hdparm"), ("HDAT 2", "hdparm"), ("PDF", "pdf"), ("log", "log"),
    ("R-Studio", "rstudio"), ("bulk_extractor 2.0.3b", "bulkextractor"), ("", ""), ("数据", ""), ("smartctl-text", "smartctl"),
    ("tool2go", "tool2go"),
])  # fmt: skip
def test_by_what_name_a_tool_is_known(name, key):
    assert rules.tool_key(name) == key


def test_names_that_hold_one_another_are_one_tool():
    assert not rules.is_other_tool("nwipe plus", ["nwipe"]) and not rules.is_other_tool("wipe", ["nwipe"])
    assert rules.is_other_tool("photorec", ["nwipe", ""]) and not rules.is_other_tool("android", ["android"])
    assert rules.is_other_tool("Android Studio", ["android"]), "what only reads a device has not wiped it"
    assert rules.is_other_tool("xy", ["nwipe"]) and not rules.is_other_tool("x", ["nwipe"])


def test_a_rate_is_rounded_to_the_nearest():
    assert [rules.rate(found, tried) for found, tried in ((0, 0), (0, 3), (1, 3), (2, 3), (3, 3), (1, 20_000), (1, 20_001))] == [
        None, 0, 3333, 6667, 10_000, 1, 0
    ]  # fmt: skip


@pytest.mark.parametrize(("changed", "lacks"), [
    ({}, None), ({"result": "found"}, None), ({"result": "perhaps"}, "result"), ({"result": "not_done"}, "why"),
    ({"result": "not_done", "why": "tired"}, "why"), ({"result": "not_done", "why": "no_tool", "tool": "", "report": False}, None),
    ({"tool": " "}, "tool"), ({"version": " "}, "version"), ({"searched": []}, "searched"), ({"searched": ["all", "moon"]}, "searched"),
    ({"searched": ["all", "text"]}, None), ({"report": False}, "report"), ({"result": "found", "report": False}, "report"),
])  # fmt: skip
def test_what_a_try_has_to_tell(changed, lacks):
    told = {"result": "nothing", "searched": ["all"], "tool": "PhotoRec", "version": "7.2", "report": True, "why": "", **changed}
    result, searched, tool, version = (told.pop(name) for name in ("result", "searched", "tool", "version"))
    assert rules.missing(result, searched, tool, version, **told) == lacks
