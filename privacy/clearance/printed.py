"""A certificate on paper: the words of the page, set for the printer."""

from collections.abc import Sequence

from core import i18n, pdf
from core.i18n import N_
from privacy.clearance.models import Certificate
from privacy.clearance.paper import Read


def document(
    one: Read,
    certificate: Certificate,
    address: str,
    language: str,
    corrections: Sequence[tuple[str, Sequence[tuple[str, str]]]] = (),
) -> pdf.Document:
    """The PDF: the same words, a QR code to the public page, and the state on the day it was printed. `corrections`: heading and
    rows of what two people corrected since."""

    def _(sentence: str, **values: object) -> str:
        return i18n.say(sentence, language, **values)

    blocks: list[pdf.Block] = [
        pdf.Facts([(_(N_("State")), one.state[0]), *one.rows]),
        pdf.Paragraph(one.help),
    ]
    for heading, rows in (*one.media, *corrections):
        blocks += [pdf.Heading(heading), pdf.Facts(rows)]
    blocks += [
        pdf.Heading(_(N_("What the verifier did"))),
        *[pdf.Paragraph(f"· {check}") for check in one.checks],
        pdf.Paragraph(one.claim),
        pdf.Paragraph(one.says),
        pdf.Qr(address, _(N_("Scan the code for the state of this certificate today: %(address)s"), address=address)),
        pdf.SmallPrint(
            _(
                N_("SHA-256 of the signed text: %(digest)s. Signing key: %(keys)s."),
                digest=one.digest,
                keys=", ".join(one.key_ids),
            )
        ),
    ]
    return pdf.Document(
        title=_(N_("Information wipe certificate")),
        number=one.number,
        created=certificate.issued_at,
        language=language,
        blocks=blocks,
    )
