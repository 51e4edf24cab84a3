"""Draws, the checks that come of them, and recovery tries. The database keeps to them, even to raw SQL."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, append_only, guard, only_one
from privacy.wipes.duty_models import HERE


class SampleDraw(Base):
    """Whether one accepted wipe goes to a recovery try, with everything the answer was reckoned from.

    `size`, `root`: the first checkpoint over the acceptance's leaf `leaf_index`; `ticket`: 16 hex digits; `share`: percent;
    `reasons`: why the share was raised, as of the acceptance."""

    __tablename__ = "sample_draws"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    verification_id: Mapped[str] = mapped_column(ForeignKey("verifications.id"), unique=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("wipe_jobs.id"), index=True)
    job_number: Mapped[str] = mapped_column(String(24))
    leaf_index: Mapped[int] = mapped_column(BigInteger)
    size: Mapped[int] = mapped_column(ForeignKey("log_checkpoints.size"))
    root: Mapped[str] = mapped_column(String(64))
    ticket: Mapped[str] = mapped_column(String(16))
    share: Mapped[int]
    reasons: Mapped[list[str]] = mapped_column(Json)
    drawn: Mapped[bool]
    at: Mapped[datetime]

    __table_args__ = (CheckConstraint("share BETWEEN 1 AND 100", name="share_percent"),)


append_only("sample_draws")
guard(
    "sample_draws_by_the_log",
    "sample_draws",
    "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM verifications v JOIN wipe_jobs j ON j.id = v.job_id JOIN log_checkpoints c ON c.size = NEW.size "
    "JOIN log_leaves l ON l.leaf_index = NEW.leaf_index WHERE v.id = NEW.verification_id AND v.decision = 'accepted' "
    "AND j.id = NEW.job_id AND j.number = NEW.job_number AND c.root = NEW.root AND l.subject = j.number "
    "AND l.leaf_index < c.size) OR EXISTS (SELECT 1 FROM log_checkpoints e WHERE e.size > NEW.leaf_index AND e.size < NEW.size))",
    "a draw rests on the first checkpoint that covers its acceptance",
)


class SampleCheck(Base):
    """A recovery try that is due. `why`: drawn, or batch (data was found after another wipe of that operator, tool and day);
    `mandatory`: nothing is on sale before it is done; `elsewhere`: only somebody of another organisation may do it; `tools`:
    keys of the tools that wiped; `code`: what has to be on the photo of the try. Operator, verifier and owner are those of the
    verification."""

    __tablename__ = "sample_checks"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    verification_id: Mapped[str] = mapped_column(ForeignKey("verifications.id"), index=True)
    clearance_id: Mapped[str] = mapped_column(ForeignKey("clearances.id"), index=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("wipe_jobs.id"), index=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    org_id: Mapped[str | None] = mapped_column(ForeignKey("organisations.id"), index=True)
    operator_id: Mapped[str] = mapped_column(String(26), index=True)
    verifier_id: Mapped[str] = mapped_column(String(26))
    owner_id: Mapped[str] = mapped_column(String(26))
    tools: Mapped[list[str]] = mapped_column(Json)
    why: Mapped[str] = mapped_column(String(5))
    cause_id: Mapped[str | None] = mapped_column(String(26))
    mandatory: Mapped[bool] = mapped_column(default=False)
    elsewhere: Mapped[bool] = mapped_column(default=False)
    code: Mapped[str] = mapped_column(String(12), default="")
    state: Mapped[str] = mapped_column(String(5), default="open")
    opened_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("id", "operator_id", "verifier_id", "owner_id"),
        CheckConstraint("why IN ('drawn', 'batch')", name="why_known"),
        CheckConstraint("why <> 'batch' OR mandatory", name="batch_is_mandatory"),
        CheckConstraint("state IN ('open', 'clean', 'found')", name="state_known"),
        CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="ended_has_time"),
        only_one("uq_sample_checks_open", "clearance_id", where="state = 'open'"),
    )


guard(
    "sample_checks_of_their_wipe",
    "sample_checks",
    "BEFORE INSERT",
    "(NEW.state <> 'open' OR NOT EXISTS (SELECT 1 FROM verifications v JOIN clearances c ON c.verification_id = v.id "
    "WHERE v.id = NEW.verification_id AND v.decision = 'accepted' AND c.id = NEW.clearance_id AND v.job_id = NEW.job_id "
    "AND v.item_id = NEW.item_id AND v.operator_id = NEW.operator_id AND v.verifier_id = NEW.verifier_id "
    "AND v.owner_id = NEW.owner_id))",
    "a check begins open and names the true people of its wipe",
)
guard(
    "sample_checks_end_by_a_try",
    "sample_checks",
    "BEFORE UPDATE",
    "(OLD.state <> 'open' OR NEW.id <> OLD.id OR NEW.verification_id <> OLD.verification_id OR NEW.item_id <> OLD.item_id OR "
    "NEW.clearance_id <> OLD.clearance_id OR NEW.job_id <> OLD.job_id OR NEW.operator_id <> OLD.operator_id OR "
    "NEW.verifier_id <> OLD.verifier_id OR NEW.owner_id <> OLD.owner_id OR NEW.tools <> OLD.tools OR NEW.why <> OLD.why OR "
    "(OLD.mandatory AND NOT NEW.mandatory) OR (OLD.elsewhere AND NOT NEW.elsewhere) OR "
    "(NEW.state = 'clean' AND NOT EXISTS (SELECT 1 FROM recovery_tries t WHERE t.check_id = NEW.id AND t.result = 'nothing')) OR "
    "(NEW.state = 'found' AND NOT EXISTS (SELECT 1 FROM recovery_tries t WHERE t.check_id = NEW.id AND t.result = 'found')))",
    "a check ends by its recovery try only",
)
guard("sample_checks_stay", "sample_checks", "BEFORE DELETE", "(1 = 1)", "checks are history")


class RecoveryTry(Base):
    """A third person's try to recover data. `tool_key`: the tool's name as it is compared; `digest`, `size`: the tool's report;
    `photos`: digests; `opened_bag`: the number of the sealed bag that was opened for it."""

    __tablename__ = "recovery_tries"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    check_id: Mapped[str] = mapped_column(String(26), index=True)
    operator_id: Mapped[str] = mapped_column(String(26))
    verifier_id: Mapped[str] = mapped_column(String(26))
    owner_id: Mapped[str] = mapped_column(String(26))
    checker_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    org_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    tool: Mapped[str] = mapped_column(String(60), default="")
    tool_key: Mapped[str] = mapped_column(String(60), default="")
    version: Mapped[str] = mapped_column(String(40), default="")
    searched: Mapped[list[str]] = mapped_column(Json)
    result: Mapped[str] = mapped_column(String(8))
    why: Mapped[str] = mapped_column(String(10), default="")
    digest: Mapped[str | None] = mapped_column(String(64), unique=True)
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    photos: Mapped[list[str]] = mapped_column(Json)
    opened_bag: Mapped[str] = mapped_column(String(40), default="")
    signed_in_at: Mapped[datetime]
    at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["check_id", "operator_id", "verifier_id", "owner_id"],
            ["sample_checks.id", "sample_checks.operator_id", "sample_checks.verifier_id", "sample_checks.owner_id"],
            name="fk_recovery_tries_check",
        ),
        CheckConstraint(
            "checker_id <> operator_id AND checker_id <> verifier_id AND checker_id <> owner_id", name="third_person"
        ),
        CheckConstraint("result IN ('nothing', 'found', 'not_done')", name="result_known"),
        CheckConstraint("(result = 'not_done') = (why <> '')", name="not_done_says_why"),
        CheckConstraint(
            "result = 'not_done' OR (tool_key <> '' AND version <> '' AND digest IS NOT NULL AND size > 0)", name="done_is_shown"
        ),
    )


append_only("recovery_tries")
guard(
    "recovery_tries_with_another_tool",
    "recovery_tries",
    "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM sample_checks s WHERE s.id = NEW.check_id AND s.state = 'open' "
    "AND (NEW.tool_key = '' OR replace(s.tools, '\"' || NEW.tool_key || '\"', '') = s.tools)))",
    "a recovery try is made with another tool than the wipe, while its check is open",
)
guard(
    "recovery_tries_by_a_fresh_eye",
    "recovery_tries",
    "BEFORE INSERT",
    "(EXISTS (SELECT 1 FROM sample_checks s JOIN second_looks l ON l.job_id = s.job_id WHERE s.id = NEW.check_id "
    "AND l.verifier_id = NEW.checker_id) OR EXISTS (SELECT 1 FROM sample_checks s JOIN after_works a ON a.job_id = s.job_id "
    "JOIN after_work_ends e ON e.work_id = a.id WHERE s.id = NEW.check_id AND e.verifier_id = NEW.checker_id) OR "
    "EXISTS (SELECT 1 FROM sample_checks s JOIN evidence_files f ON f.job_id = s.job_id WHERE s.id = NEW.check_id "
    "AND f.attached_by = NEW.checker_id))",
    "who looked at this wipe before is no third person",
)
guard(
    "recovery_tries_from_elsewhere",
    "recovery_tries",
    "BEFORE INSERT",
    "(EXISTS (SELECT 1 FROM sample_checks s WHERE s.id = NEW.check_id AND s.elsewhere) AND "
    "EXISTS (SELECT 1 FROM memberships a JOIN memberships b ON a.org_id = b.org_id WHERE a.account_id = NEW.checker_id "
    "AND a.ended_at IS NULL AND b.ended_at IS NULL AND b.account_id IN (NEW.operator_id, NEW.verifier_id)))",
    "after a close pair's wipe somebody of another organisation tries",
)
guard(
    "recovery_tries_not_by_family",
    "recovery_tries",
    "BEFORE INSERT",
    "(EXISTS (SELECT 1 FROM person_relations r WHERE (r.counts_until IS NULL OR r.counts_until > NEW.at) AND "
    "((r.first_id = NEW.checker_id AND r.second_id IN (NEW.operator_id, NEW.verifier_id, NEW.owner_id)) OR "
    "(r.second_id = NEW.checker_id AND r.first_id IN (NEW.operator_id, NEW.verifier_id, NEW.owner_id)))))",
    "nobody tries after a wipe of the own family",
)
guard(
    "recovery_tries_not_by_who_confirmed",
    "recovery_tries",
    "BEFORE INSERT",
    "(EXISTS (SELECT 1 FROM sample_checks s JOIN validations v ON v.job_id = s.job_id WHERE s.id = NEW.check_id "
    "AND v.validator_id = NEW.checker_id) OR EXISTS (SELECT 1 FROM sample_checks s JOIN kind_looks k ON k.job_id = s.job_id "
    "WHERE s.id = NEW.check_id AND k.verifier_id = NEW.checker_id))",
    "who confirmed this wipe or looked at its media before is no third person",
)
guard(
    "recovery_tries_photographed",
    "recovery_tries",
    "BEFORE INSERT",
    "(NEW.result <> 'not_done' AND NEW.photos = '[]')",
    "a recovery try shows its check's code beside the device",
)
guard(
    "recovery_tries_where_the_device_is",
    "recovery_tries",
    "BEFORE INSERT",
    "(NEW.result <> 'not_done' AND NOT EXISTS (SELECT 1 FROM sample_checks s WHERE s.id = NEW.check_id AND "  # noqa: S608
    f"{HERE.format(person='NEW.checker_id', item='s.item_id')}))",
    "a recovery try is made where the device is",
)
# since when every accepted wipe is in the urn: a test holds it against settings.toml
URN_SINCE = "2026-11-22T00:00:00.000000Z"
guard(
    "clearances_wait_for_their_draw",
    "clearances",
    "BEFORE UPDATE",
    "(((NEW.state = 'delivered' AND OLD.state <> 'delivered') OR "  # noqa: S608  (our own text)
    "(NEW.kept = 'sealed_bag' AND OLD.kept = 'at_point')) AND "
    f"NEW.issued_at >= '{URN_SINCE}' AND "
    "NOT EXISTS (SELECT 1 FROM sample_draws d WHERE d.verification_id = NEW.verification_id))",
    "nothing is sold or sealed before the draw has decided about it",
)
guard(
    "clearances_wait_for_their_check",
    "clearances",
    "BEFORE UPDATE",
    "(((NEW.state = 'delivered' AND OLD.state <> 'delivered') OR (NEW.kept = 'sealed_bag' AND OLD.kept = 'at_point')) AND "
    "EXISTS (SELECT 1 FROM sample_checks s WHERE s.clearance_id = NEW.id AND s.state = 'open'))",
    "a drawn device is neither sold nor sealed before its recovery try is done",
)
