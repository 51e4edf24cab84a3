"""Rows of 0002 as 0003 wants them: a reservation is an order before its contract; what was checked, paid or sold has one.

The contract of an order from before has no frozen offer: its snapshot says so."""

import hashlib

from sqlalchemy import Connection, text

SNAPSHOT = '{"before_contracts": true}'
DIGEST = hashlib.sha256(b'{"before_contracts":true}').hexdigest()

UP = (
    "UPDATE orders SET payee_id = coalesce((SELECT l.org_id FROM listings l WHERE l.id = orders.listing_id), seller_id)",
    "UPDATE orders SET state = 'created' WHERE state = 'reserved'",
    "UPDATE orders SET contract_at = created_at, snapshot = :snapshot, snapshot_digest = :digest "
    "WHERE state IN ('checked', 'completed', 'check_failed')",
    "UPDATE orders SET checked_at = coalesce(completed_at, created_at) WHERE state IN ('checked', 'completed')",
    "UPDATE orders SET paid_at = completed_at, received_at = completed_at, after_sales_until = completed_at "
    "WHERE state = 'completed'",
    # who has ended a relation before there was a time in which it counts on, ended it then
    "UPDATE person_relations SET counts_until = ended_at WHERE ended_at IS NOT NULL",
    # what was one code is the owner's until the device is here; the bench gets another one then
    "UPDATE wipe_jobs SET drop_code = challenge, challenge = '' WHERE state IN ('opened', 'consented')",
)
DOWN = (
    "UPDATE orders SET state = 'reserved' WHERE state IN ('created', 'awaiting_payment')",
    "UPDATE orders SET state = 'checked' WHERE state IN ('paid', 'shipped', 'handed_over', 'received')",
    "UPDATE orders SET state = 'completed' WHERE state IN ('after_sales', 'disputed')",
    "UPDATE orders SET completed_at = NULL, state = 'cancelled' WHERE state = 'refunded'",
    "UPDATE wipe_jobs SET challenge = drop_code WHERE challenge = ''",
)


def up(connection: Connection) -> None:
    for statement in UP:
        values = {"snapshot": SNAPSHOT, "digest": DIGEST} if ":snapshot" in statement else {}
        connection.execute(text(statement), values)


def down(connection: Connection) -> None:
    for statement in DOWN:
        connection.execute(text(statement))
