"""A result in plain sentences, with what it proves and what no reading can prove."""

from typing import Any

from core.i18n import N_, say

VERDICTS = {
    "clean": N_("Clean: everything that was read is as it should be after a wipe."),
    "residue": N_("Residue: something stands there that doesn't belong on a wiped medium."),
    "unknown": N_("Unknown: the reading doesn't tell enough, and unknown is never clean."),
}
REASONS = {
    "residue": N_("%(blocks)s blocks aren't of the expected class, %(marks)s marks of data were found."),
    "bad_blocks": N_("%(bad)s blocks couldn't be read."),
    "too_short": N_("The end is too short to tell."),
    "nothing_read": N_("The medium is empty: there was nothing to read."),
}
CLASSES = {
    "zero": N_("zeros"),
    "ff": N_("0xFF"),
    "pattern": N_("a repeated pattern"),
    "keystream": N_("the job's keystream"),
    "random": N_("random-looking"),
    "structured": N_("data with structure"),
    "short": N_("too short to tell"),
    "bad": N_("unreadable"),
}
_PROOFS = {
    "full": N_("All of the medium was read: a single byte that differs would have been seen."),
    "full_random": N_(
        "All of the medium was read. Residue without structure (encrypted or well compressed) looks like random fill and "
        "can't be told from it; only the job's keystream could show the difference."
    ),
    "full_bad": N_("All of the medium was tried; nothing is known about the blocks that couldn't be read."),
    "sample": N_(
        "%(read)s of %(n)s blocks were drawn: if one block in a thousand were dirty, at least one would have been found with "
        "a chance of %(chance)s."
    ),
    "sample_run": N_(
        "One contiguous residue of %(run)s or more would have been met with a chance of 99 %%; smaller ones may be missed."
    ),
}
LIMIT = N_(
    "Reading back can't prove a purge of flash memory: the controller answers, and cells it has set aside are out of reach. "
    "That takes the drive's own sanitize report beside this result."
)
_LETTERS = N_("0 zeros, F 0xFF, p pattern, k keystream, r random, x structure, # mark, ! unreadable, ? short, - not read")
_SHOWN = 12


def size_text(size: int) -> str:
    """`1.5 GiB`, exact below 1 KiB."""
    for unit, scale in (("TiB", 2**40), ("GiB", 2**30), ("MiB", 2**20), ("KiB", 2**10)):
        if size >= scale:
            return f"{size / scale:.1f} {unit}"
    return f"{size} B"


def told(value: dict[str, Any], lang: str) -> str:
    """The result, line by line."""
    lines = [say(VERDICTS[value["verdict"]], lang)]
    facts = {"blocks": value["blocks_dirty"], "marks": value["signatures_total"], "bad": value["bad_total"]}
    lines += ["  " + say(REASONS[one], lang, **facts) for one in value["reasons"]]
    lines.append(f"{_plain(value['file'])}: {size_text(value['size'])} ({value['size']} B)")
    lines += [f"  {say(CLASSES[name], lang)}: {count}" for name, count in value["classes"].items() if count]
    for hit in value["hits"][:_SHOWN]:
        lines.append(f"  @{hit['at']}: {say(CLASSES[hit['kind']], lang) if hit['kind'] in CLASSES else hit['kind']}")
    if len(value["hits"]) > _SHOWN:
        lines.append("  …")
    lines += [f"  @{at}: {say(CLASSES['bad'], lang)}" for at in value["bad"][:_SHOWN]]
    lines += _map(value["map"], lang)
    lines += proofs(value, lang)
    return "\n".join([*lines, say(LIMIT, lang), _signed(value["key"], lang)])


def _signed(key: str | None, lang: str) -> str:
    if key is None:
        return say(N_("Unsigned: a statement, not evidence of a station."), lang)
    return say(N_("Signed with the key %(key)s."), lang, key=key)


def _plain(text: str) -> str:
    return "".join(one if one.isprintable() else "?" for one in text)


def _map(value: dict[str, Any], lang: str) -> list[str]:
    cells = value["cells"]
    rows = [f"  {cells[at : at + 64]}" for at in range(0, len(cells), 64)]
    head = say(N_("Map, one letter for %(size)s:"), lang, size=size_text(value["cell"]))
    return [head, *rows, "  " + say(_LETTERS, lang)] if rows else []


def proofs(value: dict[str, Any], lang: str) -> list[str]:
    """What this reading proves, in sentences."""
    if not value["size"]:
        return []
    if value["mode"] == "full":
        code = "full_bad" if value["bad_total"] else "full_random" if value["expected"] in ("random", None) else "full"
        return [say(_PROOFS[code], lang)]
    chance = value["probability"]
    percent = f"{float(chance['found']) * 100:.4f} %"
    found = [say(_PROOFS["sample"], lang, read=value["sample"]["distinct"], n=value["n"], chance=percent)]
    if chance["smallest_run"]:
        found.append(say(_PROOFS["sample_run"], lang, run=size_text(chance["smallest_run"])))
    return found
