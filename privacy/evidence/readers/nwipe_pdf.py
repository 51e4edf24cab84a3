"""Reads the PDF reports of nwipe and ShredOS, from version 0.35 on: of one disk's erasure, and of a whole system."""

from privacy.evidence.model import Evidence, Finding
from privacy.evidence.readers.nwipe_pdf_cells import Block, blocks_of, free_texts, report_of, version_of
from privacy.evidence.readers.nwipe_pdf_checks import disk_findings, report_findings
from privacy.evidence.readers.nwipe_pdf_rows import Case, row_of
from privacy.evidence.readers.nwipe_pdf_smart import Smart, smart_of
from privacy.evidence.readers.pdf import Pdf

FORMAT = "nwipe-pdf"
PARSER = "nwipe-pdf 2"


def recognises(pdf: Pdf) -> bool:
    """Has it the tool's title and footer?"""
    return report_of(pdf) is not None


def read(pdf: Pdf, sha256: str) -> Evidence:
    """The whole report. It is unsigned, and says so."""
    blocks, version = blocks_of(pdf), version_of(pdf)
    cases = _cases(blocks, smart_of(pdf))
    findings = list(report_findings(pdf, version, cases))
    for case in cases:
        findings += disk_findings(case, len(cases) > 1, version)
    return Evidence(
        sha256=sha256,
        format=FORMAT,
        parser=PARSER,
        tool="nwipe",
        tool_version=version,
        complete=not any(finding.code == "gap" for finding in findings),
        devices=tuple(row_of(case) for case in cases),
        findings=tuple(_once(findings)),
        texts=free_texts(pdf, blocks),
    )


def _cases(blocks: list[Block], smart: list[Smart]) -> list[Case]:
    """The SMART pages come in the order of the disks; if there is one for each, each gets its own."""
    given = smart if len(smart) == len(blocks) else [None] * len(blocks)
    return [Case(block, one) for block, one in zip(blocks, given, strict=True)]


def _once(findings: list[Finding]) -> list[Finding]:
    return list(dict.fromkeys(findings))
