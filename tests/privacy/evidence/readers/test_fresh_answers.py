"""Fresh answers of the tools that are installed here, about emulated disks whose names are known. Needs root and QEMU."""

from pathlib import Path

import pytest

from privacy.evidence.readers import read
from tests.harness.emulated_disks import NVME_MODEL, Disk, missing, run

pytestmark = [pytest.mark.slow, pytest.mark.root]
DISKS = [
    Disk("hdd", "WD-WX31FRESH001", "WDC WD10SPZX-24Z10"),
    Disk("ssd", "S21PFRESH000002", "Samsung SSD 860 EVO 500GB"),
    Disk("nvme", "S4GEFRESH000003"),
]
JOB = """
for serial in WD-WX31FRESH001 S21PFRESH000002; do
    hdparm -I $(node $serial) >/out/$serial-hdparm; hdparm -N $(node $serial) >>/out/$serial-hdparm
    smartctl -x -j $(node $serial) >/out/$serial-smartctl
done
drive=$(node S4GEFRESH000003)
smartctl -x -j $drive >/out/S4GEFRESH000003-smartctl
nvme id-ctrl -o json $drive >/out/S4GEFRESH000003-id; nvme id-ctrl $drive >/out/S4GEFRESH000003-text
"""


def test_each_tool_s_answer_names_the_disk(tmp_path: Path):
    why_not = missing()
    if why_not:
        pytest.skip(f"no fresh answers can be had here: {why_not}")
    files = run(JOB, DISKS, tmp_path)
    assert len(files) == 7
    known = {disk.serial: disk for disk in DISKS}
    for name, path in files.items():
        disk = known[name.rpartition("-")[0]]
        evidence = read(path.read_bytes())
        (row,) = evidence.devices
        assert (row.serial, row.model) == (disk.serial, disk.model or NVME_MODEL), name
        assert evidence.complete and evidence.real_seen and row.status is None and row.technique is None
        assert row.medium == ("magnetic" if disk.kind == "hdd" else "semiconductor")
        assert row.capacity_bytes in (64 << 20, None) and row.usb_bridge is False
        assert not evidence.has("contradiction")
