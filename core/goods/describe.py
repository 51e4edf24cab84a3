"""A thing in words, for pages: its properties and what was disclosed, in the reader's language, by its card."""

from dataclasses import dataclass

from core.goods.cards import find_card, text
from core.goods.models import Item
from core.goods.words import IDENTIFIER_KINDS
from core.i18n import N_, say

ANSWERS = {"yes": N_("Yes"), "no": N_("No"), "unknown": N_("Don't know")}


def category_name(code: str, language: str) -> str:
    card = find_card(code)
    return text(card.names, language) if card else code


def model_name(item: Item) -> str:
    """Brand and model as they were told, "" when neither was."""
    return " ".join(part for part in (item.brand, item.model) if part)


def thing_name(item: Item, language: str) -> str:
    """What it is in a few words: brand and model, else its category."""
    return model_name(item) or category_name(item.category, language)


def kind_and_model(item: Item, language: str) -> str:
    """Its category, then brand and model."""
    return f"{category_name(item.category, language)} {model_name(item)}".strip()


def masked_numbers(item: Item, language: str) -> list[tuple[str, str]]:
    """(kind in words, masked) of its serial number, IMEIs and MEID that count now."""
    return [
        (say(IDENTIFIER_KINDS[one.kind], language) if one.kind in IDENTIFIER_KINDS else one.kind.upper(), one.masked)
        for one in item.identifiers if one.live
    ]  # fmt: skip


def properties(item: Item, language: str) -> list[tuple[str, str]]:
    """(name, value) of every property that was told, in the card's order."""
    card = find_card(item.category)
    rows = []
    for attribute in card.attributes if card else ():
        value = str(item.attributes.get(attribute.code, ""))
        if not value:
            continue
        choice = attribute.find_choice(value)
        unit = f" {text(attribute.unit, language)}" if attribute.unit else ""
        rows.append((text(attribute.name, language), text(choice.name, language) if choice else value + unit))
    return rows


@dataclass(frozen=True, slots=True)
class Told:
    """One disclosure in words. `said`: yes, no, unknown or text."""

    code: str
    question: str
    answer: str
    said: str


def disclosed_rows(item: Item, language: str) -> list[Told]:
    """Every disclosure that was answered, in the card's order."""
    card = find_card(item.category)
    rows = []
    for asked in card.disclosures if card else ():
        answer = str(item.disclosures.get(asked.code, ""))
        detail = str(item.disclosures.get(f"{asked.code}_detail", ""))
        if not answer:
            continue
        if asked.kind == "text":
            rows.append(Told(asked.code, text(asked.question, language), answer, "text"))
            continue
        spoken = say(ANSWERS[answer], language) if answer in ANSWERS else answer
        words = f"{spoken}: {detail}" if detail else spoken
        rows.append(Told(asked.code, text(asked.question, language), words, answer))
    return rows


def disclosed(item: Item, language: str) -> list[tuple[str, str, str]]:
    """(question, answer, code) of every disclosure; the code is yes, no, unknown or text."""
    return [(one.question, one.answer, one.said) for one in disclosed_rows(item, language)]
