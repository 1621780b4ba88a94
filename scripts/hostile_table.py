"""Prints the cases of the hostile web into docs/hostile-web.md."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "tests" / "hostile"))

from hostile_web import table  # noqa: E402 - it stands with the tests


def main() -> None:
    (ROOT / "docs" / "hostile-web.md").write_text(table.document(), encoding="utf-8")


if __name__ == "__main__":
    main()
