"""Wipe jobs, the evidence files attached to them, judgements of that evidence, and the second person's verification."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, append_only, guard, only_one


class WipeJob(Base):
    """One attempt to clear one item in one custody epoch. `ticks` are the owner's preparation answers. `stopped`: why the
    device was refused for good (state_secret | public_body), else empty. `drop_code`: what the owner says at the counter;
    `challenge`: what the evidence has to carry, made when the wipe begins so that nobody knows it before."""

    __tablename__ = "wipe_jobs"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    epoch: Mapped[int]
    owner_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    org_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"))
    state: Mapped[str] = mapped_column(String(12), default="opened")
    opened_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    opened_at: Mapped[datetime]
    consent_version: Mapped[str] = mapped_column(String(20), default="")
    consent_at: Mapped[datetime | None]
    ticks: Mapped[dict[str, Any]] = mapped_column(Json)
    operator_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    started_at: Mapped[datetime | None]
    drop_code: Mapped[str] = mapped_column(String(12), default="", index=True)
    challenge: Mapped[str] = mapped_column(String(12), default="", index=True)
    stopped: Mapped[str] = mapped_column(String(12), default="")
    evidence: Mapped[list["EvidenceFile"]] = relationship(order_by="EvidenceFile.id")

    __table_args__ = (
        UniqueConstraint("id", "operator_id"),
        UniqueConstraint("id", "item_id", "epoch"),
        only_one("uq_wipe_jobs_open", "item_id", "epoch", where="state NOT IN ('rejected', 'cancelled')"),
        CheckConstraint(
            "state IN ('opened', 'consented', 'wiping', 'judged', 'verified', 'accepted', 'rejected', 'cancelled')",
            name="state_known",
        ),
        CheckConstraint("state IN ('opened', 'cancelled') OR consent_at IS NOT NULL", name="consent_first"),
        CheckConstraint("state IN ('opened', 'consented', 'cancelled') OR operator_id IS NOT NULL", name="operator_first"),
        CheckConstraint("challenge = '' OR challenge <> drop_code", name="codes_apart"),
        CheckConstraint("stopped = '' OR state = 'cancelled'", name="stop_is_final"),
        CheckConstraint("stopped IN ('', 'state_secret', 'public_body')", name="stop_known"),
    )


class EvidenceFile(Base):
    """The raw bytes of a tool's file, kept immutable in the file store under their digest."""

    __tablename__ = "evidence_files"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("wipe_jobs.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    format: Mapped[str] = mapped_column(String(30))
    attached_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    attached_at: Mapped[datetime]


append_only("evidence_files")


class ProvenRun(Base):
    """One run of a tool that has proven a medium, known again by what no other run shares (`core`), and the only file that may
    tell of it: the same run in another file is a copy. One file may prove several media of a run."""

    __tablename__ = "proven_runs"
    core: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("core", "digest"),)


append_only("proven_runs")


class Judgement(Base):
    """What a profile says of one medium by one file: verdict, reasons, the row it rests on, and both versions.

    `rule`: id of the profile's row for the device; `level`: what a pass reaches (clear, purge); `grade`: E0 to E5; `challenge`:
    does the file carry the job's code (None: no room for one); `core`: the run that a pass rests on; `others`: what the other
    profiles said then, for comparison only, as {id: {version, verdict, reasons, level}}."""

    __tablename__ = "judgements"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("wipe_jobs.id"), index=True)
    evidence_id: Mapped[str] = mapped_column(ForeignKey("evidence_files.id"))
    medium_id: Mapped[str] = mapped_column(ForeignKey("storage_media.id"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    profile: Mapped[str] = mapped_column(String(40))
    profile_version: Mapped[str] = mapped_column(String(20))
    parser_version: Mapped[str] = mapped_column(String(20))
    verdict: Mapped[str] = mapped_column(String(8))
    reasons: Mapped[list[str]] = mapped_column(Json)
    device: Mapped[dict[str, Any] | None] = mapped_column(Json)
    findings: Mapped[list[Any]] = mapped_column(Json)
    rule: Mapped[str] = mapped_column(String(30), default="")
    level: Mapped[str] = mapped_column(String(8), default="")
    grade: Mapped[str] = mapped_column(String(2), default="")
    challenge: Mapped[bool | None]
    core: Mapped[str | None] = mapped_column(String(64))
    others: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    third_person: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]

    __table_args__ = (
        # the same file can never prove the same medium twice: a later epoch needs a new wipe (replay)
        only_one("uq_judgements_replay", "digest", "medium_id", where="verdict = 'pass'"),
        CheckConstraint("verdict IN ('pass', 'fail', 'unknown')", name="verdict_known"),
    )


append_only("judgements")
# a guard and no foreign key, because this table was there before the runs were
guard(
    "judgements_of_one_run",
    "judgements",
    "BEFORE INSERT",
    "(NEW.grade NOT IN ('', 'E0', 'E1', 'E2', 'E3', 'E4', 'E5') OR (NEW.core IS NOT NULL AND NOT EXISTS "
    "(SELECT 1 FROM proven_runs r WHERE r.core = NEW.core AND r.digest = NEW.digest)))",
    "the same run in another file proves nothing, and a grade is one of E0 to E5",
)


# rows of the rule sets that ask for a third person; a test compares them with the files
THIRD_PERSON_ROWS = ("android_plain", "encrypted_drive")
guard(
    "judgements_ask_for_a_third_person",
    "judgements",
    "BEFORE INSERT",
    f"(NEW.verdict = 'pass' AND NEW.rule IN ({', '.join(repr(row) for row in THIRD_PERSON_ROWS)}) AND NOT NEW.third_person)",
    "a pass by a row that asks for a third person says so",
)


class Verification(Base):
    """The second person's act: looked at, then accepted or rejected. Never the operator, never the owner."""

    __tablename__ = "verifications"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    job_id: Mapped[str] = mapped_column(String(26), index=True)
    item_id: Mapped[str] = mapped_column(String(26))
    epoch: Mapped[int]
    operator_id: Mapped[str] = mapped_column(String(26))
    owner_id: Mapped[str] = mapped_column(String(26))
    verifier_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    decision: Mapped[str] = mapped_column(String(8))
    checks: Mapped[dict[str, Any]] = mapped_column(Json)
    reason: Mapped[str] = mapped_column(String(40), default="")
    signed_in_at: Mapped[datetime]
    at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["job_id", "operator_id"], ["wipe_jobs.id", "wipe_jobs.operator_id"]),
        ForeignKeyConstraint(
            ["job_id", "item_id", "epoch"],
            ["wipe_jobs.id", "wipe_jobs.item_id", "wipe_jobs.epoch"],
            name="fk_verifications_job_of_item",
        ),
        UniqueConstraint("id", "item_id", "epoch", "decision"),
        Index("uq_verifications_people", "id", "job_id", "operator_id", "owner_id", "verifier_id", unique=True),
        CheckConstraint("verifier_id <> operator_id AND verifier_id <> owner_id", name="another_person"),
        CheckConstraint("decision IN ('accepted', 'rejected')", name="decision_known"),
        only_one("uq_verifications_accepted", "job_id", where="decision = 'accepted'"),
    )


append_only("verifications")
guard(
    "verifications_name_the_owner",
    "verifications",
    "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM wipe_jobs j WHERE j.id = NEW.job_id AND j.owner_id = NEW.owner_id))",
    "a verification names the true owner of the job",
)
guard(
    "verifications_need_passes",
    "verifications",
    "BEFORE INSERT",
    "(NEW.decision = 'accepted' AND ("
    "NOT EXISTS (SELECT 1 FROM storage_media m WHERE m.item_id = NEW.item_id AND m.state IN ('present', 'destroyed')) OR "
    "EXISTS (SELECT 1 FROM storage_media m WHERE m.item_id = NEW.item_id AND m.state = 'removed') OR "
    "EXISTS (SELECT 1 FROM storage_media m WHERE m.item_id = NEW.item_id AND m.state = 'present' AND NOT EXISTS "
    "(SELECT 1 FROM judgements g WHERE g.job_id = NEW.job_id AND g.medium_id = m.id AND g.verdict = 'pass'))))",
    "every storage medium needs a passed judgement in this job, or to be destroyed before a witness",
)
guard(
    "verifications_by_another_hand",
    "verifications",
    "BEFORE INSERT",
    "(EXISTS (SELECT 1 FROM evidence_files e WHERE e.job_id = NEW.job_id AND e.attached_by = NEW.verifier_id) OR "
    "NOT EXISTS (SELECT 1 FROM wipe_jobs j JOIN items i ON i.id = j.item_id WHERE j.id = NEW.job_id "
    "AND j.state = 'judged' AND i.epoch = j.epoch))",
    "a verification is made by another hand, while the job waits for it and the item is in the same epoch",
)
guard(
    "judgements_rest_on_their_file",
    "judgements",
    "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM evidence_files e JOIN wipe_jobs j ON j.id = e.job_id "
    "JOIN storage_media m ON m.id = NEW.medium_id AND m.item_id = j.item_id "
    "WHERE e.id = NEW.evidence_id AND e.job_id = NEW.job_id AND e.digest = NEW.digest AND j.state = 'wiping'))",
    "a judgement rests on a file of its job and a medium of its item, while the job is being wiped",
)
guard(
    "evidence_files_in_time",
    "evidence_files",
    "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM wipe_jobs j WHERE j.id = NEW.job_id AND j.state = 'wiping' AND j.operator_id = NEW.attached_by))",
    "the operator of a job attaches its files, while it is being wiped",
)
guard(
    "media_keep_what_was_judged",
    "storage_media",
    "BEFORE UPDATE",
    "((NEW.digest <> OLD.digest OR NEW.kind <> OLD.kind OR NEW.medium <> OLD.medium OR NEW.item_id <> OLD.item_id) "
    "AND EXISTS (SELECT 1 FROM judgements g WHERE g.medium_id = OLD.id))",
    "a medium that was judged keeps its kind and serial",
)
guard(
    "media_of_jobs_stay",
    "storage_media",
    "BEFORE DELETE",
    "(EXISTS (SELECT 1 FROM wipe_jobs j WHERE j.item_id = OLD.item_id))",
    "a medium of a thing that was to be wiped stays on record",
)
guard(
    "items_of_jobs_stay",
    "items",
    "BEFORE DELETE",
    "(EXISTS (SELECT 1 FROM wipe_jobs j WHERE j.item_id = OLD.id))",
    "a thing that was to be wiped stays on record",
)
guard("wipe_jobs_stay", "wipe_jobs", "BEFORE DELETE", "(1 = 1)", "wipe jobs are history")
guard(
    "wipe_jobs_end_once",
    "wipe_jobs",
    "BEFORE UPDATE",
    "(NEW.state <> OLD.state AND (OLD.state IN ('accepted', 'rejected', 'cancelled') OR "
    "(NEW.state = 'accepted' AND NOT EXISTS (SELECT 1 FROM verifications v WHERE v.job_id = NEW.id "
    "AND v.decision = 'accepted'))))",
    "a wipe job ends once, and is accepted by its verification only",
)
guard(
    "wipe_jobs_keep_their_people",
    "wipe_jobs",
    "BEFORE UPDATE",
    "(NEW.item_id <> OLD.item_id OR NEW.epoch <> OLD.epoch OR NEW.owner_id <> OLD.owner_id OR "
    "(OLD.operator_id IS NOT NULL AND (NEW.operator_id IS NULL OR NEW.operator_id <> OLD.operator_id)))",
    "a wipe job keeps its item, epoch, owner and operator",
)
guard(
    "wipe_jobs_keep_their_codes",
    "wipe_jobs",
    "BEFORE UPDATE",
    "(NEW.drop_code <> OLD.drop_code OR (OLD.challenge <> '' AND NEW.challenge <> OLD.challenge) OR "
    "(NEW.state = 'wiping' AND OLD.state = 'consented' AND NEW.challenge = ''))",
    "a wipe job keeps its codes, and its challenge is made when the wipe begins",
)
