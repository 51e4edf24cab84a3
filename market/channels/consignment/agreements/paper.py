"""The agreement as a paper, in Chinese (which governs) or English: parties, text, digests, signatures, and a code that leads to
the page where anybody checks that it exists."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from core.data_files import text
from core.i18n import N_, say
from core.pdf import Block, Document, Drawing, Facts, Heading, Paragraph, Qr, SmallPrint, render
from core.when import exact
from market.channels.consignment.agreements import queries, signature_rules
from market.channels.consignment.agreements.actions import as_it_stands
from market.channels.consignment.agreements.models import Agreement
from market.channels.consignment.agreements.wording import HOW_WORDS

_DRAFT = N_("A draft: nobody has signed it yet, and nothing on it counts.")


def agreement_pdf(row: Agreement, language: str, check: str) -> bytes:
    """`check`: address of the page that checks it, "" for a draft. Raises NoFont."""
    w = _Writer(language)
    blocks = [*_head(row, w), *_body(as_it_stands(row)[language]), *_signatures(row, w), *_foot(row, w, check)]
    title, created = w(N_("Consignment agreement")), row.signed_at or row.offered_at or row.drafted_at
    return render(Document(title=title, number=row.number, created=created, language=language, blocks=blocks))


class _Writer:
    def __init__(self, language: str) -> None:
        self.language = language

    def __call__(self, sentence: str, /, **values: object) -> str:
        return say(sentence, self.language, **values)

    def moment(self, at: datetime | None) -> str:
        return exact(at) if at else "—"


def _head(row: Agreement, w: _Writer) -> Iterator[Block]:
    parties = queries.parties_of(row)
    file = row.consignor.number
    rows = [
        (w(N_("Shop")), parties.shop if parties else row.org.name),
        (w(N_("Consignor")), parties.consignor if parties else w(N_("erased, or not signed yet"))),
        (w(N_("Number of the file")), file),
    ]
    if parties:
        rows.append((w(N_("Identity paper")), parties.paper))
    if row.org.address:
        rows.insert(1, (w(N_("Address")), row.org.address))
    yield Facts(rows)
    if not row.digest:
        yield SmallPrint(w(_DRAFT))


def _body(lines: list[Any]) -> Iterator[Block]:
    for nth, (title, law, sentences, _weighs) in enumerate(lines, 1):
        yield Heading(f"{nth}. {title}" + (f" · {law}" if law else ""))
        yield Paragraph("\n".join(sentences))


def _signatures(row: Agreement, w: _Writer) -> Iterator[Block]:
    if not row.offered_at:
        return
    yield Heading(w(N_("Signatures")))
    told = [(w(N_("For the shop")), w(N_("signed by its staff on %(at)s"), at=w.moment(row.offered_at)))]
    if row.signed_how == "account":
        told.append((w(N_("The consignor")), w(N_("signed in their account on %(at)s"), at=w.moment(row.signed_at))))
    elif row.signed_at:
        how = w(HOW_WORDS[row.signed_how])
        told.append((w(N_("The consignor")), w(N_("signed on %(at)s, %(how)s"), at=w.moment(row.signed_at), how=how)))
    yield Facts(told)
    mark = queries.signature_of(row)
    if row.signed_how == "drawn" and mark:
        strokes, size = signature_rules.read_strokes(mark), (signature_rules.WIDTH, signature_rules.HEIGHT)
        yield Drawing(strokes, size, w(N_("Signature of the consignor")))
    elif mark and row.signed_how == "account":
        yield Paragraph(w(N_("Signed in the account of: %(name)s"), name=mark))
    elif mark:
        yield Paragraph(w(N_("Signature of the consignor, typed: %(name)s"), name=mark))


def _foot(row: Agreement, w: _Writer, check: str) -> Iterator[Block]:
    if not row.frozen:
        return
    frozen = row.frozen
    version = w(N_("version %(version)s"), version=frozen["template"]["version"])
    its_version = w(N_("version %(version)s"), version=frozen["policy"]["version"])
    policy = f"{text(queries.terms_of(row).title, w.language)}, {its_version}"
    yield Facts([
        (w(N_("Terms of the shop")), version), (w(N_("Fee policy")), policy),
        (w(N_("Digest of the agreement")), row.digest), (w(N_("Digest of the terms")), row.terms_digest),
        (w(N_("Digest of the fee policy")), row.policy_digest), (w(N_("Digest of the text")), frozen["text"][w.language]),
    ])  # fmt: skip
    if check:
        yield Qr(
            check,
            w(
                N_(
                    "Leads to a page that says whether this agreement exists, since when, and whether the digest is right. It "
                    "names nobody."
                )
            ),
        )
    yield SmallPrint(w(N_("Digests are SHA-256 of the canonical JSON. Whoever changes a single letter gets another one.")))
