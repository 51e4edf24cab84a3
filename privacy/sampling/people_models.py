"""Who is of one family, which browser a wipe was signed in, and what a private seller states of the own wipe."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Base, Json, append_only, guard, only_one


class PersonRelation(Base):
    """Two people of one family, declared by either of them. `first_id` < `second_id`; it counts until it is ended."""

    __tablename__ = "person_relations"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    first_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    second_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    kind: Mapped[str] = mapped_column(String(6), default="family")
    declared_by: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    declared_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None] = mapped_column(String(40))
    counts_until: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("first_id < second_id", name="in_order"),
        CheckConstraint("kind IN ('family')", name="kind_known"),
        CheckConstraint("declared_by IN (first_id, second_id)", name="declared_by_either"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
        CheckConstraint("(ended_at IS NULL) = (counts_until IS NULL)", name="ended_counts_on"),
        CheckConstraint("counts_until IS NULL OR counts_until >= ended_at", name="counts_on_after_its_end"),
        only_one("uq_person_relations_open", "first_id", "second_id", where="ended_at IS NULL"),
    )


guard(
    "person_relations_only_end",
    "person_relations",
    "BEFORE UPDATE",
    "(OLD.ended_at IS NOT NULL OR NEW.id <> OLD.id OR NEW.first_id <> OLD.first_id OR NEW.second_id <> OLD.second_id OR "
    "NEW.kind <> OLD.kind OR NEW.declared_by <> OLD.declared_by OR NEW.declared_at <> OLD.declared_at)",
    "a declared relation only ends",
)
guard("person_relations_stay", "person_relations", "BEFORE DELETE", "(1 = 1)", "relations are history")


class CounterMark(Base):
    """In which browser a step of a wipe was signed: a keyed digest of that browser's random `device` cookie, nothing else."""

    __tablename__ = "counter_marks"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    job_id: Mapped[str] = mapped_column(ForeignKey("wipe_jobs.id"), index=True)
    act: Mapped[str] = mapped_column(String(8))
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    digest: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("act IN ('start', 'evidence', 'sign_off', 'verify')", name="act_known"),
        CheckConstraint("digest <> ''", name="digest_there"),
    )


append_only("counter_marks")


class OwnStatement(Base):
    """What a private seller states: the log of a wipe made at home. It never clears anything: E1 at most, E0 if anybody could
    have written it. `told`: what the file says, numbers masked; both go when it is removed."""

    __tablename__ = "own_statements"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    item_id: Mapped[str] = mapped_column(ForeignKey("items.id"), index=True)
    owner_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    epoch: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int] = mapped_column(BigInteger)
    format: Mapped[str] = mapped_column(String(30))
    parser: Mapped[str] = mapped_column(String(20))
    grade: Mapped[str] = mapped_column(String(2))
    told: Mapped[list[Any]] = mapped_column(Json)
    at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("grade IN ('E0', 'E1')", name="grade_low"),
        only_one("uq_own_statements_file", "item_id", "digest", where="removed_at IS NULL"),
    )


guard(
    "own_statements_of_the_owner",
    "own_statements",
    "BEFORE INSERT",
    "(NOT EXISTS (SELECT 1 FROM items i WHERE i.id = NEW.item_id AND i.owner_id = NEW.owner_id AND i.epoch = NEW.epoch "
    "AND i.data_bearing))",
    "the owner of a thing that can hold data states how it was wiped",
)
guard(
    "own_statements_keep_their_grade",
    "own_statements",
    "BEFORE UPDATE",
    "(NEW.grade <> OLD.grade OR NEW.item_id <> OLD.item_id OR NEW.owner_id <> OLD.owner_id OR NEW.epoch <> OLD.epoch OR "
    "NEW.at <> OLD.at OR (OLD.removed_at IS NOT NULL AND NEW.removed_at IS NULL))",
    "a statement keeps its grade and thing",
)


class OwnRun(Base):
    """One run of a tool that a seller has stated as made at home, known again by what no other run shares (`core`), in whatever
    file it comes. It stays when the statement is taken back: a home wipe never proves anything later."""

    __tablename__ = "own_runs"
    core: Mapped[str] = mapped_column(String(64), primary_key=True)
    statement_id: Mapped[str] = mapped_column(ForeignKey("own_statements.id"), primary_key=True)
    at: Mapped[datetime]


append_only("own_runs")
guard(
    "judgements_not_of_home_wipes",
    "judgements",
    "BEFORE INSERT",
    "(NEW.verdict = 'pass' AND (EXISTS (SELECT 1 FROM own_statements s WHERE s.digest = NEW.digest) OR "
    "EXISTS (SELECT 1 FROM own_runs r WHERE r.core = NEW.core)))",
    "what a seller has stated as wiped at home proves no wipe here",
)
