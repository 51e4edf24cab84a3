"""A file's contents and a verdict in plain sentences, for the command line; locks and findings in words also for the pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from core.i18n import N_, say
from privacy.clearance.reasons import sentence
from privacy.clearance.rules import Verdict
from privacy.clearance.terms import LEVELS, TECHNIQUES
from privacy.evidence.model import DeviceRow, Evidence, Finding, Lock
from privacy.evidence.readers.text import visible
from privacy.wipes.explain import finding_words

_VERDICTS = {
    "pass": N_("Pass: the log shows what the profile asks for."),
    "fail": N_("Fail: the log shows that the profile isn't met."),
    "unknown": N_("Unknown: the log doesn't say enough, and unknown is never a pass."),
}
_ROWS = (
    (N_("serial number"), "serial"),
    (N_("model"), "model"),
    (N_("capacity in bytes"), "capacity_bytes"),
    (N_("wiping method"), "method"),
    (N_("overwriting passes done"), "passes_done"),
    (N_("random passes among them"), "random_passes"),
    (N_("read back and verified by the tool"), "verified"),
    (N_("least bytes written by a pass"), "bytes_written"),
    (N_("read and write errors"), "errors"),
    (N_("what the tool reports"), "status"),
    (N_("wipe started (by the machine's own clock)"), "started"),
    (N_("wipe ended"), "finished"),
)
# kinds of locks that a file can tell of (privacy.evidence.model.Lock)
LOCKS: Final = {
    "find_my": N_("Find My"),
    "frp": N_("Factory reset protection"),
    "accounts": N_("Accounts on the device"),
    "mdm": N_("Management by an organisation"),
    "ata_password": N_("Drive password (ATA)"),
    "bitlocker": N_("BitLocker protection"),
    "activation": N_("Activation Lock"),
    "passcode": N_("Passcode"),
}
LOCK_STATES: Final = {None: N_("the file doesn't say, which is not “off”"), True: N_("on"), False: N_("off")}
_MOST_TOLD = 60  # findings of one file; a hostile one may have thousands
_YES_NO = {None: N_("the log doesn't say"), True: N_("yes"), False: N_("no")}
_STATUS = {
    "erased": N_("“Erased”"),
    "failed": N_("“Failed”"),
    "aborted": N_("“Aborted”"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A lock or a finding in words: `label` and `state` are msgids, `good` says whether it is as it should be (None: only told),
    `detail` is the reader's own word for which of several it is, `lines` are where the file says it."""

    label: str
    state: str
    good: bool | None
    detail: str = ""
    lines: tuple[int, ...] = ()


def locks_told(locks: Iterable[Lock]) -> list[Told]:
    """Every lock that the file speaks of, also those of which it doesn't say whether they are on."""
    said = dict.fromkeys((lock.kind, lock.on, lock.lines) for lock in locks)
    return [Told(LOCKS[kind], LOCK_STATES[on], None if on is None else not on, "", lines) for kind, on, lines in said]


# what is neither yes nor no, but told by its name
_NAMES = frozenset({"os_version"})


def findings_told(findings: Iterable[Finding]) -> list[Told]:
    """What the reader noticed, each once, with the lines of all places."""
    together: dict[tuple[str, bool | None, str], list[int]] = {}
    for one in findings:
        together.setdefault((one.code, one.value, visible(one.detail or "")), []).extend(one.lines)
    found = []
    for (code, value, detail), lines in together.items():
        label, wanted = finding_words(code)
        good = None if wanted is None or value is None else value == wanted
        places, named = tuple(dict.fromkeys(lines)), code in _NAMES and detail
        found.append(Told(label, detail, None, "", places) if named else Told(label, _YES_NO[value], good, detail, places))
    return found


def _told_lines(found: list[Told], lang: str) -> list[str]:
    shown = []
    for one in found[:_MOST_TOLD]:
        more = [one.detail] if one.detail else []
        if one.lines:
            word = N_("line %(lines)s") if len(one.lines) == 1 else N_("lines %(lines)s")
            more.append(say(word, lang, lines=", ".join(map(str, one.lines[:5]))))
        shown.append(f"    {say(one.label, lang)}: {say(one.state, lang)}" + (f" ({'; '.join(more)})" if more else ""))
    return shown


def _shown(value: object, lang: str) -> str:
    if value is None or isinstance(value, bool):
        return say(_YES_NO[value], lang)
    text = str(value)
    return say(_STATUS[text], lang) if text in _STATUS else visible(text)


def _device(row: DeviceRow, lang: str) -> list[str]:
    lines = [f"  {visible(row.node or '-')}"]
    return lines + [f"    {say(label, lang)}: {_shown(getattr(row, name), lang)}" for label, name in _ROWS]


def told(name: str, evidence: Evidence, lang: str) -> str:
    """What a file says, line by line."""
    whole = (
        N_("The log is complete.") if evidence.complete else N_("The log is cut off or lines are missing.")
    )
    lines = [
        f"{visible(name)}: {evidence.tool} {evidence.tool_version or ''}".rstrip(),
        f"  {say(whole, lang)}",
    ]
    if evidence.has("contradiction"):
        lines.append(f"  {say(N_('Lines of this log contradict each other.'), lang)}")
    for row in evidence.devices:
        lines += _device(row, lang)
    if locks := locks_told(evidence.locks):
        lines += [f"  {say(N_('Locks'), lang)}", *_told_lines(locks, lang)]
    if noticed := findings_told(evidence.findings):
        lines += [f"  {say(N_('What was noticed'), lang)}", *_told_lines(noticed, lang)]
    return "\n".join(lines)


def judged(name: str, evidence: Evidence, verdict: Verdict, lang: str) -> str:
    """The verdict and, for each reason, what is wrong and the way on."""
    lines = [visible(name), say(_VERDICTS[verdict.verdict], lang)]
    lines += [f"- {say(sentence(code), lang)}" for code in verdict.reasons]
    if verdict.technique is not None:
        lines.append(f"{say(N_('What was done'), lang)}: {say(TECHNIQUES[verdict.technique], lang)}")
    if verdict.level is not None:
        lines.append(f"{say(N_('Level reached'), lang)}: {say(LEVELS[verdict.level], lang)}")
    if verdict.device is not None:
        lines += _device(verdict.device, lang)
    values = {"profile": verdict.profile, "version": verdict.profile_version}
    return "\n".join([*lines, say(N_("Profile %(profile)s, version %(version)s"), lang, **values)])
