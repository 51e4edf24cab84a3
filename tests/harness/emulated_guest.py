"""The guest that `emulated_disks` boots: Debian's kernel and a small file system of the host's own programs.

Both are made once and kept in CACHE, outside the checkout; deleting that folder is always safe.
"""

import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "xunshi-emulated"
ON_HOST = ("qemu-system-x86_64", "busybox", "modprobe", "depmod", "cpio", "ldd", "dpkg", "apt-get")
IN_GUEST = ("nwipe", "nvme", "hdparm", "smartctl", "dmidecode", "lsblk", "blockdev")
MODULES = ("ahci", "sd_mod", "nvme", "sg", "drivetemp", "loop")

INIT = """#!/bin/busybox sh
/bin/busybox --install -s /bin
export PATH=/usr/sbin:/bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
for module in MODULES; do modprobe $module; done
node() {
    for disk in /sys/block/sd* /sys/block/nvme*; do
        serial=$(cat $disk/device/serial 2>/dev/null || tail -c +5 $disk/device/vpd_pg80 2>/dev/null)
        if [ "$(echo $serial)" = "$1" ]; then echo /dev/${disk##*/}; return; fi
    done
    echo "no disk has the serial $1" >&2; return 1
}
until [ "$(ls -d /sys/block/sd* /sys/block/nvme* 2>/dev/null | wc -l)" = "$DISKS" ]; do sleep 1; done
mkdir /out; cd /tmp
. /job.sh
cd /; sync; stty -F /dev/ttyS1 raw -echo; tar -cf /dev/ttyS1 -C /out .; poweroff -f
"""


class EmulationError(RuntimeError):
    """The guest could not be made, did not boot, or did not finish its job; the message says which."""


def missing() -> str | None:
    """Say in one sentence why disks can't be emulated here; None when they can."""
    absent = [name for name in (*ON_HOST, *IN_GUEST) if not _find_program(name)]
    if absent:
        return f"emulated disks need programs that are not installed here: {', '.join(absent)}"
    if not (CACHE / "kernel").is_dir() and not _kernel_package():
        return "emulated disks need Debian's kernel, and apt knows no linux-image package here"
    return None


def vmlinuz() -> Path:
    """The kernel's image; downloads Debian's package the first time."""
    (image,) = _kernel().glob("boot/vmlinuz-*")
    return image


def initrd(job: str, programs: Mapping[str, Path], work: Path) -> Path:
    """The guest's file system with this job and these further programs, as one file in `work`."""
    extra = work / "job"
    extra.mkdir()
    (extra / "job.sh").write_text(job)
    for name, program in programs.items():
        _install(program, extra / "usr/sbin" / name)
        _install_libraries([program], extra)
    _pack(extra, work / "job.cpio")
    base = _cached(f"guest-{_recipe()}.cpio", _make_guest)
    target = work / "initrd.cpio"  # the kernel unpacks archives that follow one another
    target.write_bytes(base.read_bytes() + (work / "job.cpio").read_bytes())
    return target


def _kernel() -> Path:
    return _cached("kernel", _unpack_kernel)


def _recipe() -> str:
    """A name for what goes into the guest, so that an upgraded tool isn't tested from an old cache."""
    tools = [_program(tool) for tool in ("busybox", *IN_GUEST)]
    parts = [INIT, *MODULES, *(f"{tool} {tool.stat().st_mtime_ns} {tool.stat().st_size}" for tool in tools)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


def _cached(name: str, make: Callable[[Path], None]) -> Path:
    target = CACHE / name
    if not target.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            make(Path(folder, name))
            Path(folder, name).rename(target)  # whole or not at all
    return target


def _make_guest(target: Path) -> None:
    folder = target.with_name("root")
    for empty in ("proc", "sys", "dev", "tmp", "etc"):
        (folder / empty).mkdir(parents=True)
    _install(_program("busybox"), folder / "bin/busybox")
    tools = [_program(tool) for tool in IN_GUEST]
    for tool in tools:
        _install(tool, folder / "usr/sbin" / tool.name)
    _install_libraries(tools, folder)
    _install_modules(_kernel(), folder)
    (folder / "init").write_text(INIT.replace("MODULES", " ".join(MODULES)))
    (folder / "init").chmod(0o755)
    _pack(folder, target)


def _install(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(source, target)


def _install_libraries(programs: Iterable[Path], folder: Path) -> None:
    for program in programs:
        for word in _output("ldd", str(program)).split():
            if word.startswith("/"):
                _install(Path(word), folder / word.lstrip("/"))


def _install_modules(kernel: Path, folder: Path) -> None:
    (modules,) = kernel.glob("lib/modules/*")
    for module in MODULES:
        needed = _output("modprobe", "-d", str(kernel), "-S", modules.name, "--show-depends", module)
        for word in needed.split():
            if word.startswith("/"):
                _install(Path(word), folder / Path(word).relative_to(kernel))
    for name in ("modules.order", "modules.builtin", "modules.builtin.modinfo"):
        _install(modules / name, folder / "lib/modules" / modules.name / name)
    _output("depmod", "-b", str(folder), modules.name)


def _unpack_kernel(target: Path) -> None:
    package = _kernel_package()
    if package is None:
        raise EmulationError("apt knows no linux-image package here")
    _output("apt-get", "download", package, cwd=target.parent)
    (archive,) = target.parent.glob("*.deb")
    _output("dpkg", "-x", str(archive), str(target))
    (modules,) = target.glob("lib/modules/*")
    _output("depmod", "-b", str(target), modules.name)


def _kernel_package() -> str | None:
    try:
        words = _output("apt-cache", "depends", "linux-image-amd64").split()
    except EmulationError:  # apt has no lists, or none with a kernel
        return None
    return next((word for word in words if word.startswith("linux-image-") and word[12].isdigit()), None)


def _find_program(name: str) -> Path | None:
    # a user without root rights can run these as well, but has no sbin in PATH
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    return Path(found) if found else None


def _program(name: str) -> Path:
    found = _find_program(name)
    if found is None:
        raise EmulationError(f"{name} is not installed here")
    return found


def _pack(folder: Path, target: Path) -> None:
    names = "".join(f"{path.relative_to(folder)}\0" for path in sorted(folder.rglob("*")))
    command = ["cpio", "--create", "--quiet", "--null", "--format=newc", "--owner=0:0", f"--file={target}"]
    subprocess.run(command, cwd=folder, input=names.encode(), check=True)


def _output(name: str, *words: str, cwd: Path | None = None) -> str:
    command = [str(_program(name)), *words]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise EmulationError(f"{' '.join(command)}: {done.stderr.strip()}")
    return done.stdout
