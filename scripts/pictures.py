"""Takes README's pictures anew, from the real pages: after `make run`, while `make up` runs.

    python scripts/pictures.py

``PORT`` is as for `make up`; a Chromium is needed (``CHROMIUM`` names another one than that on the path).
"""

from __future__ import annotations

import os
import shutil
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from PIL import Image

import airflow_home

if TYPE_CHECKING:
    from playwright.sync_api import Page

PICTURES = airflow_home.ROOT / "docs" / "pictures"
WIDTH, HEIGHT, TALLEST = 1280, 844, 1800
COLOURS = 256  # as sharp to the eye as all of them, and a third of the bytes
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
RUN = "dags/ingest_daily/runs/samples__2016-03-27"
TITLE = "Islamic State driven out of Palmyra after three-week battle"
READY = """() => {
    const shown = document.querySelector(".ww");
    return shown?.dataset.address === location.search && shown.querySelector("main h1")
        && !shown.querySelector(".ww-loading, .ww-stale, .ww-plot [role=img]:not([data-drawn])");
}"""


def main() -> int:
    from playwright.sync_api import sync_playwright

    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        print("no Chromium: `apt-get install chromium`, or name one in CHROMIUM")
        return 2
    server = f"http://127.0.0.1:{os.environ.get('PORT') or 8080}"
    home = Path(os.environ.get("AIRFLOW_HOME") or airflow_home.ROOT / ".airflow")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT})
        page.goto(server)
        page.locator("input[name=username]").fill("admin")
        page.locator("input[name=password]").fill(airflow_home.passwords(home)["admin"])
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("link", name="Coverage").wait_for()

        page.goto(f"{server}/plugin/coverage?start=2016-03-25&end=2016-04-03")
        take(page, "coverage")
        search = urlencode({"view": "search", "words": f'title:"{TITLE}"'})
        page.goto(f"{server}/plugin/coverage?{search}")
        page.wait_for_function(READY)
        page.get_by_role("link", name=TITLE).first.click()
        page.locator(".ww-reading").wait_for()
        take(page, "article", 1390)
        page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
        page.goto(f"{server}/{RUN}")
        page.get_by_text("Task Instances", exact=False).first.wait_for()
        page.get_by_role("row").nth(8).wait_for()
        keep("dag-run", page.screenshot())
        browser.close()
    return 0


def take(page: Page, name: str, tallest: int = TALLEST) -> None:
    """A view of Coverage, all of it or as much as a reader of README bears."""
    page.wait_for_function(READY)
    height = page.locator(".ww").evaluate("(shown) => shown.scrollHeight")
    page.set_viewport_size({"width": WIDTH, "height": min(height + 8, tallest)})
    page.wait_for_function(READY)
    page.wait_for_timeout(500)  # what comes into its place by and by
    keep(name, page.screenshot())


def keep(name: str, shot: bytes) -> None:
    file = PICTURES / f"{name}.png"
    picture = Image.open(BytesIO(shot)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{airflow_home.shown(file)}: {file.stat().st_size // 1024} KB")


if __name__ == "__main__":
    sys.exit(main())
