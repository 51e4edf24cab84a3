"""What a check-list says, as values: the way of a device that no wiping tool can reach, step by step in the file's order.

`checklists/*.toml` hold the lists; `privacy/clearance/checklist_rules.py` judges a filled one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from core.data_files import Bilingual
from core.i18n import N_

# before: while the device is as its owner uses it. wipe: the clearing itself. after: what is seen then
PARTS: Final = {
    "before": N_("Before the wipe"),
    "wipe": N_("The wipe"),
    "after": N_("After the wipe"),
}
ANSWERS: Final = {"yes": N_("Yes"), "no": N_("No"), "unknown": N_("Can't be told")}
LOCK_ANSWERS: Final = {"off": N_("It is off"), "on": N_("It is on"), "unknown": N_("Can't be told")}
# plain: any photo of it. challenge: the job's code has to be in the picture, so that it can't be an old one
PHOTOS: Final = ("none", "plain", "challenge")
# any: asked for the record, nothing hangs on it
GOOD: Final = ("yes", "no", "any")
# what a lock has to be: off now, or only read (it may still be on, its owner ends it later in the list)
LOCK_MUST: Final = ("off", "read")
LOCKS: Final = {
    "frp": N_("Factory reset protection"),
    "accounts": N_("Accounts on the device"),
    "find_my": N_("Find My and Activation Lock"),
    "activation": N_("Activation state"),
    "mdm": N_("Management by an organisation"),
    "mi": N_("Mi account lock"),
    "huawei": N_("Huawei or Honor account lock"),
    "samsung": N_("Samsung account lock"),
    "maker": N_("The maker's own account lock"),
    "enrolment": N_("Enrolment of an organisation"),
    "firmware": N_("Firmware password"),
    "cloud": N_("Binding to a cloud account"),
    "encryption_key": N_("Encryption key kept elsewhere"),
}
# what the second person does: code and kind. tick: done with own hands. try: a recovery try with an own tool, whose report names
# the device. tail: the last four of the device's number, read anew. photo: of the screen with the code
LOOKS: Final = {
    "list": "tick", "reboot": "tick", "walk": "tick", "start": "tick", "recovery": "try", "tail": "tail", "photo": "photo",
}  # fmt: skip
TECHNIQUES: Final = {
    "crypto_erase": N_("The maker's own function, which destroys the key"),
    "overwrite": N_("Reset, the whole user space filled, reset again"),
    "maker_reset": N_("The maker's own reset"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question. Plain: yes | no | unknown, `good` is the answer that suffices and `reason` the code where it isn't
    given. With `lock`: off | on | unknown, and `must` says what suffices. `brands`: asked of these makers only;
    `otherwise`: asked where no step of this part with brands was."""

    code: str
    part: str
    question: Bilingual
    how: Bilingual | None
    photo: str
    reason: str
    good: str = "yes"
    lock: str = ""
    must: str = "off"
    brands: tuple[str, ...] = ()
    otherwise: bool = False

    @property
    def answers(self) -> Mapping[str, str]:
        return LOCK_ANSWERS if self.lock else ANSWERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the second person does with the device in hand."""

    code: str
    question: Bilingual
    how: Bilingual | None

    @property
    def kind(self) -> str:
        return LOOKS[self.code]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """One platform's list. `technique`: what the wipe is. `relies_on_maker`: nobody but the maker can say what its
    function does to the medium, so that a profile which doesn't take the technique asks for the maker's declaration.
    `instead`: the list to take when this one doesn't fit. `reads`: what is read off the device and typed (model, version)."""

    code: str
    version: str
    names: Bilingual
    sort: int
    categories: tuple[str, ...]
    brands: tuple[str, ...]
    technique: str
    relies_on_maker: bool
    instead: str
    reads: tuple[str, ...]
    steps: tuple[Step, ...]
    looks: tuple[Look, ...]

    def part(self, name: str, brand: str = "") -> tuple[Step, ...]:
        """The steps of a part that are asked of this maker's device."""
        mine = [step for step in self.steps if step.part == name]
        named = {step.code for step in mine if step.brands and is_brand(brand, step.brands)}
        return tuple(step for step in mine if step.code in named or not (step.brands or (step.otherwise and named)))

    def asked(self, brand: str = "") -> tuple[Step, ...]:
        """Every step asked of this maker's device, in the order in which it is done."""
        return tuple(step for name in PARTS for step in self.part(name, brand))


def plain_word(text: str) -> str:
    """A maker's or model's name for comparing: letters and digits only, in one case."""
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def is_brand(brand: str, brands: Iterable[str]) -> bool:
    """Is it one of these makers? Names are compared whole, or as the first words of what was typed ("Xiaomi 小米")."""
    words = {plain_word(part) for part in (brand, *brand.replace("/", " ").replace("（", " ").replace("(", " ").split())}
    return any(plain_word(one) in words for one in brands)
