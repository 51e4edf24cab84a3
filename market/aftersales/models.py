"""After-sales cases and what was said in them; statements and decisions are append-only."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from core.db import Base, Json, append_only, guard, only_one
from core.queue.models import waits_in_queue
from market.orders.models import Order

_open = "('opened', 'accepted', 'refused', 'back', 'mediation', 'decided', 'appealed')"


class Case(Base):
    """What one of the two asks for: `asked_by` is the buyer, or the giver of a half of a swap whose other half never came or
    went back (`by_giver`). `amount_minor`: asked for, in minor units; `granted_minor`: decided or agreed. `due_at`: the next
    clock. `outcome`: what became of a parcel that was missed (arrived | lost | came_back), or `return_first` where a mediator
    decided that the thing goes back before the money does. `replacement_id`: in an exchange, the listing of what the buyer gets
    instead; kept for them from then on, and given once."""

    __tablename__ = "aftersales_cases"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    number: Mapped[str] = mapped_column(String(24), unique=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    buyer_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    seller_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"), index=True)
    asked_by: Mapped[str] = mapped_column(String(26), index=True)
    kind: Mapped[str] = mapped_column(String(14))
    ground: Mapped[str] = mapped_column(String(14))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    granted_minor: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    state: Mapped[str] = mapped_column(String(10), default="opened")
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    outcome: Mapped[str] = mapped_column(String(14), default="")
    appeal_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    final_by: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    replacement_id: Mapped[str | None] = mapped_column(ForeignKey("listings.id"))
    order: Mapped[Order] = relationship(viewonly=True)
    lines: Mapped[list["CaseLine"]] = relationship(order_by="CaseLine.id")

    @property
    def by_giver(self) -> bool:
        return self.asked_by == self.seller_id

    @property
    def answers_id(self) -> str:
        """The side that answers."""
        return self.buyer_id if self.by_giver else self.seller_id

    __table_args__ = (
        CheckConstraint("kind IN ('return', 'repair', 'exchange', 'refund', 'compensation', 'undelivered')", name="kind_known"),
        CheckConstraint(
            "ground IN ('no_reason', 'not_as_told', 'broken', 'missing', 'wipe', 'not_arrived', 'came_back', "
            "'half_missing', 'half_back')",
            name="ground_known",
        ),
        CheckConstraint("asked_by IN (buyer_id, seller_id)", name="asked_by_one_of_two"),
        CheckConstraint("(asked_by = seller_id) = (ground IN ('half_missing', 'half_back'))", name="giver_asks_for_a_half"),
        CheckConstraint("asked_by <> seller_id OR (kind = 'return' AND amount_minor = 0)", name="giver_asks_the_half_back"),
        CheckConstraint("(kind = 'undelivered') = (ground IN ('not_arrived', 'came_back'))", name="parcel_has_its_grounds"),
        CheckConstraint(
            "(kind = 'undelivered' AND outcome IN ('', 'arrived', 'lost', 'came_back')) OR "
            "(kind <> 'undelivered' AND outcome IN ('', 'return_first'))",
            name="outcome_known",
        ),
        CheckConstraint("kind <> 'undelivered' OR state <> 'settled' OR outcome <> ''", name="parcel_ends_somehow"),
        CheckConstraint("outcome <> 'arrived' OR granted_minor = 0", name="arrived_costs_nothing"),
        CheckConstraint(f"state IN ({_open[1:-1]}, 'settled', 'withdrawn')", name="state_known"),
        CheckConstraint("amount_minor >= 0 AND (granted_minor IS NULL OR granted_minor >= 0)", name="amounts_count"),
        CheckConstraint(f"(state IN {_open}) = (ended_at IS NULL)", name="ended_has_time"),
        CheckConstraint("state NOT IN ('decided', 'appealed') OR decided_by IS NOT NULL", name="decided_by_somebody"),
        CheckConstraint(
            "(decided_by IS NULL OR (decided_by <> buyer_id AND decided_by <> seller_id)) AND "
            "(final_by IS NULL OR (final_by <> buyer_id AND final_by <> seller_id AND final_by <> decided_by))",
            name="mediator_not_involved",
        ),
        CheckConstraint("replacement_id IS NULL OR kind = 'exchange'", name="replaced_in_exchange"),
        only_one("uq_aftersales_cases_replacement", "replacement_id", where="replacement_id IS NOT NULL"),
        only_one("uq_aftersales_cases_open", "order_id", where=f"state IN {_open}"),
    )  # fmt: skip


class CaseLine(Base):
    """One statement, answer or decision, in order. `photos`: digests of the pictures that were added."""

    __tablename__ = "aftersales_lines"
    id: Mapped[str] = mapped_column(String(26), primary_key=True)
    case_id: Mapped[str] = mapped_column(ForeignKey("aftersales_cases.id"), index=True)
    by_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    what: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text, default="")
    photos: Mapped[list[Any]] = mapped_column(Json)
    at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint(
            "what IN ('asked', 'said', 'accepted', 'refused', 'back', 'mediation', 'decision', 'appeal', 'final', 'settled', "
            "'withdrawn', 'proof', 'arrived', 'lost', 'came_back', 'sent_back', 'chosen', 'let_go', 'agreed', 'shipped', "
            "'not_taken', 'passed_on')",
            name="what_known",
        ),
    )


append_only("aftersales_lines")
waits_in_queue("mediation", "aftersales_cases", "{row}.state = 'mediation'")
waits_in_queue("appeal", "aftersales_cases", "{row}.state = 'appealed'")
guard("aftersales_cases_stay", "aftersales_cases", "BEFORE DELETE", "(1 = 1)", "a case isn't deleted")
guard(
    "aftersales_cases_keep", "aftersales_cases", "BEFORE UPDATE",
    "(NEW.order_id <> OLD.order_id OR NEW.buyer_id <> OLD.buyer_id OR NEW.seller_id <> OLD.seller_id OR "
    "NEW.asked_by <> OLD.asked_by OR NEW.kind <> OLD.kind OR NEW.ground <> OLD.ground OR "
    "NEW.amount_minor <> OLD.amount_minor OR (OLD.ended_at IS NOT NULL AND NEW.ended_at IS NULL))",
    "what was asked for stays what it is",
)  # fmt: skip
guard(
    "aftersales_cases_give_what_is_free", "aftersales_cases", "BEFORE UPDATE",
    "(NEW.replacement_id IS NOT NULL AND coalesce(OLD.replacement_id, '') <> NEW.replacement_id AND (NOT EXISTS (SELECT 1 FROM "
    "listings l WHERE l.id = NEW.replacement_id AND l.seller_id = NEW.seller_id AND l.state = 'reserved') OR EXISTS (SELECT 1 "
    "FROM orders o WHERE o.listing_id = NEW.replacement_id AND o.state NOT IN ('completed', 'refunded', 'cancelled', 'expired', "
    "'check_failed'))))",
    "in exchange one gives what is one's own and kept for nobody else",
    hold="listings l WHERE l.id = NEW.replacement_id FOR UPDATE",
)  # fmt: skip
guard(
    "aftersales_cases_ask_first", "aftersales_cases", "BEFORE INSERT", "(NEW.replacement_id IS NOT NULL)",
    "first an exchange is asked for, then something is chosen",
)  # fmt: skip
guard(
    "aftersales_cases_keep_what_was_given", "aftersales_cases", "BEFORE UPDATE",
    "(OLD.replacement_id IS NOT NULL AND coalesce(NEW.replacement_id, '') <> OLD.replacement_id AND EXISTS (SELECT 1 FROM "
    "order_replacements r WHERE r.case_id = OLD.id))",
    "what was given in exchange stays on record",
)  # fmt: skip
guard(
    "orders_leave_what_is_exchanged", "orders", "BEFORE INSERT",
    "(EXISTS (SELECT 1 FROM aftersales_cases c WHERE c.replacement_id = NEW.listing_id))",
    "it is kept for an exchange, or was given in one",
    hold="listings l WHERE l.id = NEW.listing_id FOR UPDATE",
)  # fmt: skip
