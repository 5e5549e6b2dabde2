"""The machine that a run was made on."""

import os
import platform
import subprocess
from pathlib import Path


def facts():
    """What a reader needs to judge the numbers by."""
    return {
        "processor": processor(),
        "cores": f"{len(os.sched_getaffinity(0)) if hasattr(os, 'sched_getaffinity') else os.cpu_count()}",
        "memory": memory(),
        "system": f"{distribution()}, {platform.system()} {platform.release()}",
        "commit": commit(),
    }


def describe():
    return ", ".join(f"{name}: {value}" for name, value in facts().items() if value)


def processor():
    """The model's name, with what tells virtual machines' processors of one name apart."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    fields = {name.strip(): value.strip() for name, value in fields.items()}
    flags = fields.get("flags", "").split()
    known = [name for flag, name in [("avx2", "AVX2"), ("avx512bw", "AVX-512"), ("avx512_vnni", "VNNI"), ("amx_tile", "AMX")] if flag in flags]
    name = fields.get("model name", platform.machine())
    return f"{name}, family {fields.get('cpu family')} model {fields.get('model')}, {', '.join(known)}" if known else name


def memory():
    try:
        return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"
    except (ValueError, OSError):
        return ""


def distribution():
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", "")
    except OSError:
        return platform.platform()


def commit():
    git = ["git", "-C", str(Path(__file__).parent)]
    try:
        name = subprocess.run([*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
        changed = subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""
    return name + (" and changes" if changed else "")


def command_version(*command):
    """The first line that a program prints of itself."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ((done.stdout + done.stderr).strip().splitlines() or [""])[0]
