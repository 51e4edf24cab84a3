"""What a bench takes."""

from privacy.booking.rules import takes


def test_an_unknown_storage_is_looked_at_there():
    assert takes(["hdd"], ["hdd"]) and takes(["hdd"], ["unknown"]) and takes(["hdd"], [])
    assert not takes(["hdd"], ["hdd", "nvme"])
