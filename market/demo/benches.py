"""What the wiping benches of the demonstration offer: hours, prices, what they can wipe."""

from datetime import datetime

from market.demo.cast import read_people
from market.demo.walk import STAFF, House
from privacy.booking.actions import offer

WEEKDAYS = {day: "9:00-12:00, 13:30-18:00" for day in range(5)}
WEEKEND = {5: "10:00-17:00", 6: "10:00-17:00"}
DISKS = ["hdd", "hybrid", "ssd", "nvme", "card"]


def open_benches(house: House, moment: datetime) -> None:
    """Every point of the demonstration takes bookings, each a little differently."""
    notes = {row["key"]: row.get("bench_note", "") for row in read_people()["organisations"]}
    for place, (point, (operator, _verifier)) in enumerate(STAFF.items()):
        first = place == 0
        with house.doing(operator, moment) as w:
            offer(
                w,
                house.cast.organisations[point],
                taking=True,
                kinds=[*DISKS, "emmc", "ufs", "flash"] if first else DISKS,
                price=2000 if first else 0,
                hours={**WEEKDAYS, **(WEEKEND if first else {})},
                closed=[],
                minutes=30 if first else 60,
                places=2 if first else 1,
                note=notes[point],
            )
