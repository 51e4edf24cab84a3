"""The closed lists a card chooses from, each word with an English name to translate.

A new category needs no new word here; a new kind of storage does, because a wipe rule has to know it."""

from typing import Final

from core.i18n import N_

# The three classes of the city plans (计算机类、通讯类、消费类电子产品), and none for what is no electronics.
DEVICE_CLASSES: Final = {
    "computer": N_("Computers"),
    "communication": N_("Communication devices"),
    "consumer_electronics": N_("Consumer electronics"),
    "none": N_("Not an electronic product"),
}

# tool_log: proven by a tool's log. checklist: by the maker's function, walked through with a list. waiting: taken in,
# then waits for a wipe route. none: nothing to wipe.
WIPE_ROUTES: Final = {
    "tool_log": N_("Wiped with a tool whose log is the proof"),
    "checklist": N_("Cleared by its maker's own function, with a check-list and photos"),
    "waiting": N_("Waits for information wiping"),
    "none": N_("Nothing to wipe"),
}

MEDIA_KINDS: Final = {
    "hdd": N_("Hard disk"),
    "hybrid": N_("Hybrid disk (magnetic and flash)"),
    "ssd": N_("SATA solid-state drive"),
    "nvme": N_("NVMe solid-state drive"),
    "emmc": N_("eMMC chip"),
    "ufs": N_("UFS chip"),
    "flash": N_("Built-in flash memory"),
    "card": N_("Memory card or USB stick"),
    "unknown": N_("Unknown kind of storage"),
}

# What a wipe rule asks: GB 46864 separates magnetic from semiconductor media [press]; a hybrid
# disk goes by the stricter rule, that of magnetic media. "unknown" is settled before anything is wiped.
MEDIUM_OF: Final = {
    "hdd": "magnetic",
    "hybrid": "magnetic",
    "ssd": "semiconductor",
    "nvme": "semiconductor",
    "emmc": "semiconductor",
    "ufs": "semiconductor",
    "flash": "semiconductor",
    "card": "semiconductor",
    "unknown": "unknown",
}

IDENTIFIER_KINDS: Final = {
    "serial": N_("Serial number"),
    "imei": N_("IMEI"),
    "meid": N_("MEID"),
}

# what an organisation has to hold before it sells goods of a kind (persons with their own things need none)
SHOP_PERMITS: Final = {
    "publications": N_("Publication trade licence"),
}

STEPS: Final = {
    "intake": N_("Taken in"),
    "check": N_("Checked"),
    "power_test": N_("Tested while switched on"),
    "wipe": N_("Wiped"),
    "verify": N_("Wipe verified"),
    "grade": N_("Graded"),
    "list": N_("Listed"),
}

# What is tried out with the power on; no content is opened for any of it.
POWER_TESTS: Final = {
    "screen": N_("Screen"),
    "touch": N_("Touchscreen"),
    "keyboard": N_("Keyboard"),
    "touchpad": N_("Touchpad"),
    "cameras": N_("Front and back cameras"),
    "sound": N_("Loudspeakers"),
    "microphone": N_("Microphone"),
    "buttons": N_("Keys and switches"),
    "fingerprint": N_("Fingerprint or face sensor"),
    "ports": N_("Ports"),
    "wireless": N_("Wi-Fi, Bluetooth, network"),
    "battery": N_("Battery and charging"),
    "fans": N_("Fans and noise"),
    "printing": N_("A printed test page"),
}

ATTRIBUTE_KINDS: Final = ("text", "choice", "number", "year")
DISCLOSURE_KINDS: Final = ("yes_no", "text")
