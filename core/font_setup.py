"""`make setup`'s last step: a Chinese font for PDF files, from a registry, never committed and never fetched at run time.

Debian's fonts-wqy-microhei as root; else npm's @expo-google-fonts/noto-sans-sc into the environment; else PDF files name a face
that the reader's program brings (core/ink_reader.py), and this step says so."""

import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

from core import fonts

PACKAGE = "@expo-google-fonts/noto-sans-sc@0.4.3"
FACE = "package/400Regular/NotoSansSC_400Regular.ttf"


def from_debian() -> None:
    """Install the Debian package, where that can be done without asking."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        subprocess.run(["apt-get", "update"], check=False, timeout=300, capture_output=True)  # noqa: S607
        install = ["apt-get", "install", "-y", "--no-install-recommends", "fonts-wqy-microhei"]
        subprocess.run(install, check=False, timeout=600, capture_output=True)  # noqa: S603


def from_npm() -> None:
    """Take the regular face out of the npm package; nothing of it is run."""
    npm = shutil.which("npm")
    if npm is None:
        return
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([npm, "pack", PACKAGE, "--silent"], cwd=folder, check=False, timeout=600, capture_output=True)  # noqa: S603
        for archive in Path(folder).glob("*.tgz"):
            with tarfile.open(archive) as opened, opened.extractfile(FACE) as face:  # type: ignore[union-attr]
                fonts.IN_ENVIRONMENT.parent.mkdir(parents=True, exist_ok=True)
                fonts.IN_ENVIRONMENT.write_bytes(face.read())


def main() -> None:
    for step in (from_debian, from_npm):
        if fonts.fonts():
            break
        try:
            step()
        except (OSError, KeyError, tarfile.TarError, subprocess.TimeoutExpired):
            continue
        fonts.covered.cache_clear()
    print(fonts.font_status())  # noqa: T201


if __name__ == "__main__":
    main()
