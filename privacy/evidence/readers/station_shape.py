"""What a station's file looks like: shared by the tool that writes it and the reader that believes none of it."""

from collections.abc import Mapping

KIND = "xunshi-station"
VERSION = "1"
MOST_OUTPUT = 1024 * 1024  # bytes kept of one command's answer
MOST_OUTPUTS = 32
MOST_CHALLENGE = 200  # characters
SIGNATURE = "signature"
# output's name -> which reader reads it
READERS: Mapping[str, str] = {
    "smartctl": "smartctl",
    "hdparm-identity": "hdparm",
    "hdparm-native": "hdparm",
    "hdparm-sanitize": "hdparm",
    "nvme-id-ctrl": "nvme",
    "nvme-id-ns": "nvme",
    "nvme-sanitize-log": "nvme",
    "nvme-smart-log": "nvme",
}


def without_signature(document: Mapping[str, object]) -> dict[str, object]:
    """What the signature is over: everything else in the file, as canonical JSON."""
    return {key: value for key, value in document.items() if key != SIGNATURE}
