"""The door without Airflow: ``wirewatch`` and ``python -m pipeline``."""

from __future__ import annotations

from pipeline.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
