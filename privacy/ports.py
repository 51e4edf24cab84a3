"""What the privacy room answers through the house's ports: an item's life here, a person's data, how long things stay."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.audit import WORDS, AuditLine
from core.db import stamp
from core.i18n import N_
from core.ports import DossierLine, RetentionRow
from privacy.booking.models import Booking
from privacy.clearance.log.models import LogLetter
from privacy.clearance.models import Certificate, Clearance
from privacy.clearance.redaction import MONTHS
from privacy.clearance.states import CLEARANCE
from privacy.devices.models import DestructionWitness, Inventory, MediumOut
from privacy.keys.actions import keys_of
from privacy.looks.models import SecondLook
from privacy.sampling import ports as sampling
from privacy.wipes import queries
from privacy.wipes.duty_models import KindLook, LockCheck, Validation
from privacy.wipes.models import EvidenceFile, Verification, WipeJob

ROOM = "privacy"
DECISIONS = {
    "accepted": N_("A verifier accepted the wipe %(number)s"),
    "rejected": N_("A verifier rejected the wipe %(number)s"),
}
CONFIRMED = {
    "accepted": N_("A third person confirmed the wipe %(number)s"),
    "rejected": N_("A third person didn't confirm the wipe %(number)s"),
}
VERDICTS = {
    "pass": N_("Medium %(serial)s passed by rule set %(profile)s"),
    "fail": N_("Medium %(serial)s failed by rule set %(profile)s"),
    "unknown": N_("For medium %(serial)s the file doesn't say enough (rule set %(profile)s)"),
}


def dossier(session: Session, item_id: str) -> Iterable[DossierLine]:
    """Every line of an item's life in this room, oldest first; its custody is told by the ground floor."""
    lines = list(_certificates(session, item_id))
    jobs = queries.jobs_of_item(session, item_id)
    lines += sampling.dossier(session, item_id, {job.id: job.number for job in jobs})
    for job in jobs:
        lines += _job(session, job)
    lines += _recorded(session, item_id, [job.id for job in jobs])
    return sorted(lines, key=lambda line: line.at)


# steps that leave no row of their own behind: told by the audit log itself
FROM_THE_LOG = (
    "privacy:job:received", "privacy:job:signed", "privacy:job:stopped", "privacy:job:given_up", "privacy:job:cancelled",
    "privacy:medium:corrected", "privacy:locks:read", "privacy:medium:kind_seen",
    "privacy:slot:booked", "privacy:slot:ended", "privacy:inventory:counted", "privacy:power_test:recorded", "privacy:usage:read",
    "privacy:clearance:sealed", "privacy:seal:broken", "privacy:certificate:revoked",
)  # fmt: skip


def _recorded(session: Session, item_id: str, job_ids: list[str]) -> Iterator[DossierLine]:
    papers = session.execute(
        select(Clearance.id, Certificate.id)
        .outerjoin(Certificate, Certificate.clearance_id == Clearance.id)
        .where(Clearance.item_id == item_id)
    ).all()
    subjects = {item_id, *job_ids, *(one for pair in papers for one in pair if one)}
    query = select(AuditLine).where(AuditLine.subject.in_(sorted(subjects)), AuditLine.word.in_(FROM_THE_LOG))
    for line in session.scalars(query.order_by(AuditLine.line_no)):
        link = f"/wipes/{line.subject}" if line.subject in job_ids else f"/items/{item_id}/custody"
        yield DossierLine(line.at, ROOM, WORDS[line.word], {}, link, line.actor)


def _job(session: Session, job: WipeJob) -> Iterator[DossierLine]:
    values, link = {"number": job.number}, f"/wipes/{job.id}"
    yield DossierLine(job.opened_at, ROOM, N_("Wipe %(number)s was opened"), values, link, job.opened_by)
    if job.consent_at:
        text = {**values, "text": job.consent_version}
        sentence = N_("The owner agreed to wipe %(number)s (text %(text)s)")
        yield DossierLine(job.consent_at, ROOM, sentence, text, link, job.owner_id)
    if job.started_at:
        sentence = N_("Wipe %(number)s was begun at the bench")
        yield DossierLine(job.started_at, ROOM, sentence, values, link, job.operator_id or "")
    yield from _files(session, job, link)
    for one in session.scalars(select(Verification).where(Verification.job_id == job.id)):
        yield DossierLine(one.at, ROOM, DECISIONS[one.decision], values, link, one.verifier_id)
    for validation in session.scalars(select(Validation).where(Validation.job_id == job.id)):
        yield DossierLine(validation.at, ROOM, CONFIRMED[validation.decision], values, link, validation.validator_id)


def _files(session: Session, job: WipeJob, link: str) -> Iterator[DossierLine]:
    for file in session.scalars(select(EvidenceFile).where(EvidenceFile.job_id == job.id)):
        values = {"number": job.number, "digest": file.digest[:12]}
        sentence = N_("The tool's file %(digest)s was attached to wipe %(number)s")
        yield DossierLine(file.attached_at, ROOM, sentence, values, link, file.attached_by)
    media = {one.id: one.masked for one in queries.all_media(session, job.item_id)}
    for one in queries.judgements_of(session, job.id):
        values = {"serial": media.get(one.medium_id, ""), "profile": f"{one.profile} {one.profile_version}"}
        yield DossierLine(one.at, ROOM, VERDICTS[one.verdict], values, link)


def _certificates(session: Session, item_id: str) -> Iterator[DossierLine]:
    query = select(Clearance, Certificate).join(Certificate, Certificate.clearance_id == Clearance.id)
    for clearance, one in session.execute(query.where(Clearance.item_id == item_id)).all():
        values, link = {"number": one.number}, f"/certificates/{one.number}"
        yield DossierLine(one.issued_at, ROOM, N_("Certificate %(number)s was issued"), values, link)
        if clearance.ended_at:
            state = CLEARANCE[clearance.state].label
            sentence = N_("The clearance of certificate %(number)s ended: %(state)s")
            yield DossierLine(clearance.ended_at, ROOM, sentence, {**values, "state": state}, link)


def personal_data(session: Session, account_id: str) -> dict[str, Any]:
    """What this room holds about a person: wipes of own devices, and wipes this person worked on."""
    owned = session.scalars(select(WipeJob).where(WipeJob.owner_id == account_id).order_by(WipeJob.id))
    worked = session.scalars(select(WipeJob).where(or_(WipeJob.operator_id == account_id, WipeJob.opened_by == account_id)))
    verified = session.scalars(select(Verification).where(Verification.verifier_id == account_id))
    files = session.scalars(select(EvidenceFile).where(EvidenceFile.attached_by == account_id))
    return {
        "wipes_of_my_devices": [
            {
                "number": job.number,
                "opened": stamp(job.opened_at),
                "state": job.state,
                "answers": job.ticks,
                "agreed": stamp(job.consent_at) if job.consent_at else None,
                "text": job.consent_version,
            }
            for job in owned
        ],
        "wipes_i_worked_on": [job.number for job in worked],
        "wipes_i_verified": [{"job": one.job_id, "at": stamp(one.at), "decision": one.decision} for one in verified],
        "wipes_i_confirmed": [
            {"job": one.job_id, "at": stamp(one.at), "decision": one.decision, "note": one.note}
            for one in session.scalars(select(Validation).where(Validation.validator_id == account_id).order_by(Validation.id))
        ],
        "account_locks_i_read": _dates(session, LockCheck, LockCheck.by == account_id),
        "media_i_looked_at": _dates(session, KindLook, KindLook.verifier_id == account_id),
        "slots_i_booked": [
            {"slot": stamp(one.slot), "state": one.state}
            for one in session.scalars(select(Booking).where(Booking.booked_by == account_id).order_by(Booking.id))
        ],
        "my_signing_keys": [one.key_id for one in keys_of(session, account_id)],
        "log_checkpoints_i_was_sent": [
            {"size": one.size, "at": stamp(one.created)}
            for one in session.scalars(select(LogLetter).where(LogLetter.account_id == account_id).order_by(LogLetter.size))
        ],
        "media_i_took_out": _dates(session, MediumOut, MediumOut.by == account_id),
        "destructions_i_witnessed": _dates(session, DestructionWitness, DestructionWitness.witness_id == account_id),
        "counts_i_made": _dates(session, Inventory, Inventory.by == account_id),
        "looks_i_took": _dates(session, SecondLook, SecondLook.verifier_id == account_id),
        "files_i_attached": [{"digest": one.digest, "at": stamp(one.attached_at)} for one in files],
        **sampling.personal_data(session, account_id),
    }


def _dates(session: Session, kind: Any, condition: Any) -> list[str]:
    return [stamp(one.at) for one in session.scalars(select(kind).where(condition).order_by(kind.id))]


def retention() -> Iterable[RetentionRow]:
    """At least three years for wipe and verification records (GB 46864-2025 as the press tells it)."""
    source = N_("GB 46864-2025 (at least three years; known from the press, its wording not read)")
    since = N_("sale or last event, whichever is later")
    return (
        RetentionRow(N_("Wipe consent, job and inventory"), 36, since, source, N_("deleted; the audit line stays")),
        RetentionRow(N_("The wiping tool's files and their judgements"), 36, since, source, N_("deleted; digests stay")),
        RetentionRow(
            N_("What opens the commitments of certificates: your name on them, and the numbers of devices you still own"),
            MONTHS,
            since,
            source,
            N_("salts and values are deleted; the signed text stays"),
            closing=True,
        ),
        RetentionRow(
            N_("Verification, clearance and certificate"),
            MONTHS,
            since,
            source,
            N_("salts and values are deleted; the signed text stays"),
        ),
        RetentionRow(
            N_("Counts, readings and destructions of storage media"), 36, since, source, N_("deleted; the audit line stays")
        ),
        RetentionRow(N_("Second looks, seeds and the files they rest on"), 36, since, source, N_("deleted; digests stay")),
        RetentionRow(N_("Signatures of operators and verifiers"), 36, since, source, N_("public keys and log entries stay")),
        RetentionRow(
            N_("Booked slots"),
            12,
            N_("the slot"),
            N_("our own rule: for questions about a visit"),
            N_("deleted; the audit line stays"),
        ),
        RetentionRow(N_("Check-lists of the bench and their photos"), 36, since, source, N_("deleted; digests stay")),
        RetentionRow(N_("Photos of seals, and of devices with their code"), 36, since, source, N_("deleted; digests stay")),
        RetentionRow(N_("What was read of account locks"), 36, since, source, N_("deleted; the audit line stays")),
        RetentionRow(N_("Keys of keyed last passes"), 36, since, source, N_("deleted; the audit line stays")),
        *sampling.retention(),
    )
