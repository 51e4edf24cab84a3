"""A file's contents and a verdict in plain sentences, for the command line."""

from core.i18n import N_, say
from privacy.clearance.reasons import sentence
from privacy.clearance.rules import Verdict
from privacy.clearance.terms import LEVELS, TECHNIQUES
from privacy.evidence.model import DeviceRow, Evidence
from privacy.evidence.readers.text import visible

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
_YES_NO = {None: N_("the log doesn't say"), True: N_("yes"), False: N_("no")}
_STATUS = {
    "erased": N_("“Erased”"),
    "failed": N_("“Failed”"),
    "aborted": N_("“Aborted”"),
}


def _shown(value: object, lang: str) -> str:
    if value is None or isinstance(value, bool):
        return say(_YES_NO[value], lang)
    text = str(value)
    return say(_STATUS[text], lang) if text in _STATUS else visible(text)


def _device(row: DeviceRow, lang: str) -> list[str]:
    lines = [f"  {row.node}"]
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
