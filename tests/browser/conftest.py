"""A real Airflow with the Coverage page, and a real browser: started once for all of these tests."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psutil
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "scripts"))

import airflow_home  # noqa: E402 - it stands in scripts/
import up  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

COMPONENTS = {
    "api-server": ["api-server"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
}
OUTLETS = ("halden-courier", "levant-monitor", "meridian-wire")  # an agency, and two that run its copy
# What the tests start from; one more day is brought in by a run that they trigger.
FIRST, LAST = "2016-03-24", "2016-03-26"
LAPTOP = {"width": 1280, "height": 844}
PATIENCE = 180  # seconds for a state that comes for sure, on a machine that does much else
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]
FLAGS += ["--disable-component-update", "--disable-sync"]


@dataclass(frozen=True, kw_only=True)
class Server:
    """An Airflow of the tests' own, with the data that it shows."""

    url: str
    data: Path
    catalog: Path
    passwords: dict[str, str]

    def token(self, user: str) -> str:
        return str(
            self.asked("/auth/token", {"username": user, "password": self.passwords[user]})["access_token"]
        )

    def asked(self, path: str, body: Any = None, token: str | None = None, method: str | None = None) -> Any:
        headers = {
            "Content-Type": "application/json",
            **({"Authorization": f"Bearer {token}"} if token else {}),
        }
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return json.loads(answer.read() or b"null")


@pytest.fixture(scope="module")
def chromium() -> str:
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("no Chromium: `apt-get install chromium`, or name one in CHROMIUM")
    return path


@pytest.fixture(scope="module")
def server(chromium: str, airflow: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    assert chromium
    home, data = tmp_path_factory.mktemp("browser") / "airflow", tmp_path_factory.mktemp("browser-data")
    shutil.copytree(airflow, home, ignore=shutil.ignore_patterns("logs"))  # migrated already
    dags = home / "dags"
    dags.mkdir()
    shutil.copy(ROOT / "dags" / "ingest_daily.py", dags)  # the others would start runs of their own
    catalog = home / "catalog"
    shutil.copytree(ROOT / "catalog", catalog)
    for file in (catalog / "outlets").glob("*.toml"):
        if file.stem not in OUTLETS:
            file.unlink()
    port = up.free_port()
    foreign = ("AIRFLOW", "WIREWATCH")
    ours = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    settings = {
        **airflow_home.environment(ours, home=home, data=data),
        **_settings(port, dags),
        "WIREWATCH_CATALOG": str(catalog),
    }
    environment = {**ours, **airflow_home.made_up(home / "secrets.json", airflow_home.SECRETS), **settings}
    processes = [_started(name, command, environment, home / "logs") for name, command in COMPONENTS.items()]
    try:
        wirewatch = [str(Path(sys.executable).with_name("wirewatch")), "run", "--offline"]
        # 1: done with losses. One of the days has a broken feed, on purpose.
        ran = subprocess.run(
            [*wirewatch, "--start", FIRST, "--end", LAST], env=environment, capture_output=True, text=True
        )
        assert ran.returncode == 1, ran.stderr
        _wait_until_ready(f"http://127.0.0.1:{port}", processes, home / "logs")
        url, passwords = f"http://127.0.0.1:{port}", airflow_home.passwords(home)
        yield Server(url=url, data=data, catalog=catalog, passwords=passwords)
    finally:
        _stop(processes)


def _settings(port: int, dags: Path) -> dict[str, str]:
    return {
        "AIRFLOW__CORE__DAGS_FOLDER": str(dags),
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": "2",
        "AIRFLOW__SCHEDULER__USE_JOB_SCHEDULE": "False",  # only the run that is asked for
        "AIRFLOW__API__PORT": str(port),
        "AIRFLOW__API__BASE_URL": f"http://127.0.0.1:{port}",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{port}/execution/",
        "WIREWATCH_OFFLINE": "1",
        "WIREWATCH_ATTRIBUTION": "rules",  # as good for these tests, and sooner there
        "PYTHONPATH": str(ROOT / "plugins"),
    }


def _started(
    name: str, command: list[str], environment: dict[str, str], logs: Path
) -> subprocess.Popen[bytes]:
    logs.mkdir(exist_ok=True)
    airflow = Path(sys.executable).with_name("airflow")
    with (logs / f"{name}.log").open("wb") as output:
        return subprocess.Popen(
            [str(airflow), *command],
            env=environment,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=up.die_with_parent,
        )


def _wait_until_ready(url: str, processes: list[subprocess.Popen[bytes]], logs: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while not _is_ready(url):
        assert all(process.poll() is None for process in processes), _tails(logs)
        assert time.monotonic() < deadline, _tails(logs)
        time.sleep(0.5)


def _is_ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/api/v2/monitor/health", timeout=5) as answer:
            health = json.load(answer)
    except (OSError, ValueError, urllib.error.URLError):
        return False
    return all(health[part]["status"] == "healthy" for part in ("metadatabase", "scheduler", "dag_processor"))


def _tails(logs: Path) -> str:
    return "\n".join(f"{log.name}: {log.read_text(errors='replace')[-2000:]}" for log in logs.glob("*.log"))


def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
    family = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            family += [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    for process in processes:
        process.terminate()
    _, left = psutil.wait_procs(family, timeout=10)
    for one in left:
        with suppress(psutil.NoSuchProcess):
            one.kill()
    for process in processes:
        process.wait(timeout=30)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Of these tests alone: while it is open an event loop runs, beside which no other test starts its own."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS, timeout=PATIENCE * 1000)
        yield started
        started.close()


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A page of Coverage; it remembers what went wrong in it and whom it asked."""

    server: Server
    page: Page
    errors: list[str]
    hosts: set[str]

    def go(self, search: str) -> Page:
        """To a view, as a link would: Airflow's own scripts are loaded once."""
        page = self.page
        if page.url.startswith(f"{self.server.url}/plugin/coverage"):
            page.evaluate(
                "(search) => { history.pushState({}, '', location.pathname + search); dispatchEvent(new PopStateEvent('popstate')); }",
                search,
            )
        else:
            page.goto(f"{self.server.url}/plugin/coverage{search}")
        self.settled()
        return page

    def settled(self) -> None:
        """Until what is shown is what the address says, waits for nothing more, and has drawn its plots."""
        self.page.wait_for_function(
            """() => {
                const shown = document.querySelector(".ww");
                return shown?.dataset.address === location.search && shown.querySelector("main h1")
                    && !shown.querySelector(".ww-loading, .ww-stale, .ww-plot [role=img]:not([data-drawn])");
            }"""
        )

    @property
    def title(self) -> str:
        return self.page.locator(".ww main h1").inner_text()


@pytest.fixture(scope="module")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One for all tests, so that scripts are fetched once."""
    made = browser.new_context(viewport=LAPTOP, accept_downloads=True)
    made.set_default_timeout(PATIENCE * 1000)
    made.set_default_navigation_timeout(PATIENCE * 1000)
    # What the page's policy keeps out is an error of the page, as `visit` sees it.
    made.add_init_script(
        "addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile }) =>"
        " setTimeout(() => { throw Error(`policy: ${violatedDirective} ${blockedURI} ${sourceFile}`); }));"
    )
    yield made
    made.close()


def logged_in(server: Server, context: BrowserContext, user: str) -> Page:
    """A page of that user, who came in through the form."""
    page = context.new_page()
    page.goto(server.url)
    page.locator("input[name=username]").fill(user)
    page.locator("input[name=password]").fill(server.passwords[user])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="Coverage").wait_for()
    return page


@pytest.fixture(scope="module")
def only_page(server: Server, context: BrowserContext) -> Page:
    """Logged in as admin."""
    return logged_in(server, context, "admin")


@pytest.fixture
def viewer(server: Server, browser: Browser) -> Iterator[Visit]:
    """A viewer's visit, in a browser that knows nobody else."""
    context = browser.new_context(viewport=LAPTOP)
    context.set_default_timeout(PATIENCE * 1000)
    context.set_default_navigation_timeout(PATIENCE * 1000)
    yield Visit(server=server, page=logged_in(server, context, "viewer"), errors=[], hosts=set())
    context.close()


@pytest.fixture
def visit(server: Server, only_page: Page) -> Iterator[Visit]:
    """As admin on a laptop."""
    made = Visit(server=server, page=only_page, errors=[], hosts=set())

    def failed(error: Any) -> None:
        made.errors.append(str(error))

    def requested(request: Any) -> None:
        made.hosts.add(urlsplit(request.url).netloc)

    only_page.on("pageerror", failed)
    only_page.on("request", requested)
    only_page.set_viewport_size(LAPTOP)
    yield made
    only_page.remove_listener("pageerror", failed)
    only_page.remove_listener("request", requested)
    assert made.errors == []
    assert made.hosts <= {urlsplit(server.url).netloc, ""}
