"""Who did what beside the wipe itself: the third person's confirmation, account locks read before and after, the verifier's look
at what kind a medium is, and photos with a challenge code. All of it is append-only."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, append_only, guard

# the device stands in an organisation in which this person is a verifier
HERE = (
    "EXISTS (SELECT 1 FROM custody_lines l JOIN memberships m ON m.org_id = l.holder_id AND m.account_id = {person} "
    "AND m.role = 'wipe_verifier' AND m.ended_at IS NULL WHERE l.item_id = {item} AND l.holder_kind = 'org' "
    "AND l.why NOT IN ('repaired', 'loaned') AND l.id = (SELECT x.id FROM custody_lines x WHERE x.item_id = {item} "
    "ORDER BY x.since DESC, x.id DESC LIMIT 1))"
)


class Validation(Base):
    """The third person's act (清除确认), where a row of the rule set asks for one: what a verifier has accepted is confirmed or
    not. Never the operator, the owner or the verifier. `note`: what the confirmation rests on, for staff and inspectors."""

    __tablename__ = "validations"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    verification_id: Mapped[str] = mapped_column(String(26), unique=True)
    job_id: Mapped[str] = mapped_column(String(26), index=True)
    operator_id: Mapped[str] = mapped_column(String(26))
    owner_id: Mapped[str] = mapped_column(String(26))
    verifier_id: Mapped[str] = mapped_column(String(26))
    validator_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    decision: Mapped[str] = mapped_column(String(8))
    note: Mapped[str] = mapped_column(String(400), default="")
    reason: Mapped[str] = mapped_column(String(40), default="")
    tail_of: Mapped[str] = mapped_column(String(12), default="")
    signed_in_at: Mapped[datetime]
    at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["verification_id", "job_id", "operator_id", "owner_id", "verifier_id"],
            [
                "verifications.id", "verifications.job_id", "verifications.operator_id", "verifications.owner_id",
                "verifications.verifier_id",
            ],
            name="fk_validations_verification",
        ),
        CheckConstraint(
            "validator_id <> operator_id AND validator_id <> owner_id AND validator_id <> verifier_id", name="third_person"
        ),
        CheckConstraint("decision IN ('accepted', 'rejected')", name="decision_known"),
        CheckConstraint("decision <> 'accepted' OR (note <> '' AND tail_of <> '')", name="accepted_on_something"),
        CheckConstraint("(decision = 'rejected') = (reason <> '')", name="rejected_for_a_reason"),
    )  # fmt: skip


append_only("validations")
guard(
    "validations_in_their_turn",
    "validations",
    "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM verifications v JOIN wipe_jobs j ON j.id = v.job_id JOIN items i ON i.id = j.item_id "
    "WHERE v.id = NEW.verification_id AND v.decision = 'accepted' AND j.state = 'verified' AND i.epoch = j.epoch) OR "
    "EXISTS (SELECT 1 FROM evidence_files e WHERE e.job_id = NEW.job_id AND e.attached_by = NEW.validator_id))",
    "a confirmation follows an accepted verification, and isn't made by who attached a file",
)
guard(
    "validations_heed_second_looks",
    "validations",
    "BEFORE INSERT",
    "(NEW.decision = 'accepted' AND EXISTS "
    "(SELECT 1 FROM second_looks s WHERE s.job_id = NEW.job_id AND s.result = 'contradicts'))",
    "a wipe that a second look contradicts is not confirmed",
)
_ASKED = "EXISTS (SELECT 1 FROM judgements g WHERE g.job_id = {job} AND g.third_person)"
_CONFIRMED = "EXISTS (SELECT 1 FROM validations t WHERE t.job_id = {job} AND t.decision = 'accepted')"
guard(
    "wipe_jobs_confirmed_by_a_third_person",
    "wipe_jobs",
    "BEFORE UPDATE",
    f"(NEW.state = 'accepted' AND OLD.state <> 'accepted' AND {_ASKED.format(job='NEW.id')} "
    f"AND NOT {_CONFIRMED.format(job='NEW.id')})",
    "a third person confirms this wipe before it is accepted",
)
guard(
    "wipe_jobs_verified_first",
    "wipe_jobs",
    "BEFORE UPDATE",
    "(NEW.state = 'verified' AND OLD.state <> 'verified' AND (OLD.state <> 'judged' OR NOT EXISTS "
    "(SELECT 1 FROM verifications v WHERE v.job_id = NEW.id AND v.decision = 'accepted')))",
    "a wipe waits for its confirmation once a verifier has accepted it",
)
guard(
    "clearances_confirmed_by_a_third_person",
    "clearances",
    "BEFORE INSERT",
    "(EXISTS (SELECT 1 FROM verifications v WHERE v.id = NEW.verification_id AND "  # noqa: S608  (our own text)
    f"{_ASKED.format(job='v.job_id')} AND NOT {_CONFIRMED.format(job='v.job_id')}))",
    "a third person confirms this wipe before it is cleared",
)
guard(
    "verifications_where_the_device_is",
    "verifications",
    "BEFORE INSERT",
    f"(NEW.decision = 'accepted' AND NOT {HERE.format(person='NEW.verifier_id', item='NEW.item_id')})",
    "a wipe is accepted where the device is",
)
guard(
    "validations_where_the_device_is",
    "validations",
    "BEFORE INSERT",
    "(NEW.decision = 'accepted' AND NOT EXISTS (SELECT 1 FROM wipe_jobs j WHERE j.id = NEW.job_id AND "  # noqa: S608
    f"{HERE.format(person='NEW.validator_id', item='j.item_id')}))",
    "a wipe is confirmed where the device is",
)


class LockCheck(Base):
    """Whether one account lock held the device, read before the wipe by its operator and after it by its verifier."""

    __tablename__ = "lock_checks"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("wipe_jobs.id"), index=True)
    moment: Mapped[str] = mapped_column(String(6))
    lock: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(7))
    by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("moment IN ('before', 'after')", name="moment_known"),
        CheckConstraint("state IN ('off', 'on', 'unknown')", name="state_known"),
        CheckConstraint("moment <> 'after' OR state = 'off'", name="off_after_the_wipe"),
        UniqueConstraint("job_id", "moment", "lock", "at"),
    )


append_only("lock_checks")
guard(
    "lock_checks_by_their_people",
    "lock_checks",
    "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM wipe_jobs j WHERE j.id = NEW.job_id AND ((NEW.moment = 'before' AND j.state = 'wiping' "
    "AND j.operator_id = NEW.\"by\") OR (NEW.moment = 'after' AND j.state = 'judged' AND j.operator_id <> NEW.\"by\" "
    "AND j.owner_id <> NEW.\"by\"))))",
    "the operator reads the locks before the wipe, another person after it",
)


class KindLook(Base):
    """A verifier has looked at a medium and says what it is made of, because no file does: the easier rule is for flash only."""

    __tablename__ = "kind_looks"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("wipe_jobs.id"), index=True)
    medium_id: Mapped[str] = mapped_column(ForeignKey("storage_media.id"), index=True)
    made_of: Mapped[str] = mapped_column(String(13))
    photo: Mapped[str] = mapped_column(String(64))
    verifier_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    signed_in_at: Mapped[datetime]
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("made_of IN ('magnetic', 'semiconductor')", name="made_of_known"),
        CheckConstraint("photo <> ''", name="photo_there"),
    )


append_only("kind_looks")
guard(
    "kind_looks_by_another_hand",
    "kind_looks",
    "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM wipe_jobs j JOIN storage_media m ON m.item_id = j.item_id WHERE j.id = NEW.job_id "
    "AND m.id = NEW.medium_id AND j.operator_id <> NEW.verifier_id AND j.owner_id <> NEW.verifier_id))",
    "another person looks at what kind a medium of this device is",
)


class ChallengePhoto(Base):
    """A photo with a code in the picture, taken by who looked: of one device and day, used once. `digest`: of the cleaned photo,
    under which it lies in the store."""

    __tablename__ = "challenge_photos"
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    act: Mapped[str] = mapped_column(String(10))
    subject_id: Mapped[str] = mapped_column(String(26), index=True)
    by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("act IN ('verify', 'confirm', 'kind', 'try')", name="act_known"),)


append_only("challenge_photos")
