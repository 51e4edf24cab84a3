"""The few Chinese words that the demo writes on what it draws; data, not code."""

import tomllib
from pathlib import Path

SIGNS: dict[str, str] = tomllib.loads(Path(__file__).with_name("signs.toml").read_text(encoding="utf-8"))
