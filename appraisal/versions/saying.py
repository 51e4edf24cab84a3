"""Writes out what changes, what breaks a law and what a file says wrongly, in one language."""


from appraisal.grades.law_rules import LAWS, Broken
from appraisal.grades.rules import Answer
from appraisal.standards.standard import Standard
from core.data_files import BadDataFile, text
from core.i18n import N_, listed, say


def wrong(problem: BadDataFile, language: str) -> str:
    """What is wrong in a text; the sentence begins with its place."""
    said = remedy(problem, language)
    return f"{problem.place} {said}" if problem.place else said


def remedy(problem: BadDataFile, language: str) -> str:
    """The same where a form's own label names the place."""
    values = {name: say(one, language) if isinstance(one, str) else one for name, one in problem.values.items()}
    return say(problem.remedy, language, **values)


def answer_words(standard: Standard, code: str, answer: Answer | None, language: str) -> str:
    check = standard.find_check(code)
    if answer is None:
        return say(N_("not tested"), language)
    value = check.find_value(answer) if check and check.values else None
    if value:
        return text(value.name, language)
    return f"{answer} {check.unit}".strip() if check else str(answer)


def broken_words(standard: Standard, one: Broken, language: str) -> str:
    """Which pair breaks which law."""
    check = standard.find_check(one.check)
    name = text(check.name, language) if check else one.check
    better, worse = (answer_words(standard, one.check, answer, language) for answer in (one.better, one.worse))
    if one.law == "monotone":
        sentence = N_(
            "%(check)s: “%(worse)s” gets %(low)s, “%(better)s” only %(high)s: the worse finding would lift the grade%(where)s."
        )
        where = _where(standard, one, language)
        return say(sentence, language, check=name, worse=worse, better=better, low=one.low, high=one.high, where=where)
    if one.law == "gates":
        return say(N_("%(check)s: “%(worse)s” should refuse the thing, and doesn't."), language, check=name, worse=worse)
    if one.law == "reasons":
        sentence = N_("%(check)s: grade %(low)s isn't lifted although the findings that it names are mended.")
        return say(sentence, language, check=name, low=one.low)
    if one.law == "best":
        return say(
            N_("%(check)s: even with the best answers everywhere the grade is only %(high)s."),
            language,
            check=name,
            high=one.high,
        )
    if one.law == "untested":
        return say(N_("%(check)s: left out, it would pass (%(high)s)."), language, check=name, high=one.high)
    return say(N_("%(check)s: the grade can't be worked out, or depends on the order of the answers."), language, check=name)


def _where(standard: Standard, one: Broken, language: str) -> str:
    axis = next((text(axis.name, language) for axis in standard.axes if axis.code == one.axis), "")
    beside = [
        say(
            N_("%(check)s “%(answer)s”"),
            language,
            check=text(check.name, language),
            answer=answer_words(standard, code, answer, language),
        )
        for code, answer in one.beside.items()
        if (check := standard.find_check(code))
    ]
    said = say(N_(" (axis %(axis)s)"), language, axis=axis) if axis else ""
    return said + (say(N_(", with %(others)s"), language, others=listed(beside, language)) if beside else "")


def law_words(law: str, language: str) -> str:
    return say(LAWS[law], language)
