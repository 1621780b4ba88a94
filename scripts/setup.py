"""Make ``.venv`` with exactly the packages of ``requirements.lock``, and the checkout installed in place.

Runs on a bare Python 3.11+; uv, itself locked, does the work in seconds. Where uv cannot be used
(such as an index that only pip is configured for), pip does the same more slowly.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
VENV = ROOT / ".venv"
HAS_PIP = "import sys, importlib.util as util; sys.exit(util.find_spec('pip') is None)"
PYTHON = VENV / ("Scripts" if os.name == "nt" else "bin") / "python"


def main() -> int:
    if sys.version_info < (3, 11):
        found = ".".join(map(str, sys.version_info[:3]))
        print(
            f"Wirewatch needs Python 3.11 or newer; this is {found}. Try: make PYTHON=/path/to/python3.12 …"
        )
        return 2
    if not PYTHON.exists() or not call("-c", HAS_PIP):  # some tools make environments without it
        print("setup: making .venv", flush=True)
        venv.create(VENV, with_pip=True, clear=True)
    print("setup: installing the locked packages", flush=True)
    own = VENV / "uv.lock.txt"
    own.write_text(uv_lines(LOCK.read_text(encoding="utf-8")), encoding="utf-8")
    have_uv = call("-m", "pip", "install", "--quiet", "--require-hashes", "--no-deps", "-r", str(own))
    tools = [("-m", "uv", "pip"), ("-m", "pip")] if have_uv else [("-m", "pip")]
    for tool in tools:
        if call(*tool, "install", "--quiet", "--require-hashes", "-r", str(LOCK)) and call(
            *tool, "install", "--quiet", "--no-deps", "--no-build-isolation", "-e", str(ROOT)
        ):
            return 0
    print("setup: the packages could not be installed; is the package index reachable?", file=sys.stderr)
    return 1


def uv_lines(lock: str) -> str:
    """The part of the lock that pins uv: its line and the hashes that follow."""
    found = re.search(r"^uv==[^\n]*(?:\n    --hash=[^\n]*)*", lock, re.MULTILINE)
    if found is None:
        raise SystemExit("setup: requirements.lock does not pin uv; run `make lock`")
    return found.group() + "\n"


def call(*arguments: str) -> bool:
    environment = {**os.environ, "VIRTUAL_ENV": str(VENV), "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    return subprocess.run([str(PYTHON), *arguments], env=environment, cwd=ROOT, check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
