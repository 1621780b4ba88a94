"""The hostile web is a package of its own, shared by its test and by the script that prints its table."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parent))
