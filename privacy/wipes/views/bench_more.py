"""What the bench page shows of the steps beside the wipe itself."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g
from flask_babel import gettext as _

from core.access import visitor
from core.goods.models import Item
from privacy.looks.queries import find_pattern
from privacy.wipes import locks, queries, rules
from privacy.wipes.checklist import LOCK_ANSWERS, LOCKS
from privacy.wipes.checklist_filling import is_built_in
from privacy.wipes.judging import UNTOLD
from privacy.wipes.models import WipeJob

COMMAND = "openssl enc -aes-256-ctr -K $(cat {key}.key) -iv 00000000000000000000000000000000 -in /dev/zero | dd of=/dev/sdX bs=1M"


@dataclass(frozen=True, slots=True)
class Pattern:
    """A medium that can get a keyed last pass. `key_id`: of the key that was given, or ""; `command`: how it is written."""

    masked: str
    href: str
    key_id: str
    command: str


@dataclass(frozen=True, slots=True)
class More:
    """`locks`: (lock, what was read before the wipe); `to_read`: are they still to be read; `untold`: (medium, where a verifier
    looks at what it is made of, or "" for who may not); `can_confirm`: does it wait for a third person."""

    locks: Sequence[tuple[str, str]]
    to_read: bool
    untold: Sequence[tuple[str, str]]
    can_confirm: bool
    patterns: Sequence[Pattern]


def of(job: WipeJob, item: Item) -> More:
    read, asked = locks.told(g.db, job.id, "before"), rules.locks_of(item.category)
    looks = _is_verifier() and visitor().account_id not in (job.operator_id, job.owner_id)
    return More(
        locks=[(_(LOCKS[lock]), _(LOCK_ANSWERS[read[lock]])) for lock in asked if lock in read],
        to_read=not locks.has_read(g.db, job),
        untold=[(masked, f"/wipes/{job.id}/media/{medium_id}/kind" if looks else "") for masked, medium_id in _untold(job)],
        can_confirm=job.state == "verified" and _is_verifier(),
        patterns=_patterns(job),
    )


def _patterns(job: WipeJob) -> list[Pattern]:
    """For the operator, while it is being wiped; what is known by the device's number no tool writes to."""
    if job.state != "wiping" or visitor().account_id != job.operator_id:
        return []
    media = [one for one in queries.present_media(g.db, job.item_id) if not is_built_in(one)]
    keys = {one.id: find_pattern(g.db, job.id, one.id) for one in media}
    return [
        Pattern(
            one.masked,
            f"/wipes/{job.id}/media/{one.id}/pattern",
            key.key_id if (key := keys[one.id]) else "",
            COMMAND.format(key=key.key_id) if key else "",
        )
        for one in media
    ]


def _is_verifier() -> bool:
    return "wipe_verifier" in visitor().roles | visitor().asleep


def _untold(job: WipeJob) -> list[tuple[str, str]]:
    """Media whose last file left open only what they are made of."""
    if job.state != "wiping":
        return []
    last = {one.medium_id: one for one in queries.judgements_of(g.db, job.id)}
    waiting = {medium_id for medium_id, one in last.items() if list(one.reasons) == [UNTOLD]}
    return [(one.masked, one.id) for one in queries.present_media(g.db, job.item_id) if one.id in waiting]
