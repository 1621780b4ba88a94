"""The Coverage page as a reader meets it: real Airflow, real Chromium, the sample days."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import duckdb
import pytest

from pipeline.adapters.search import SearchIndex
from pipeline.alerting import Alerting
from pipeline.settings import settings
from pipeline.wiring import Pipeline

pytestmark = pytest.mark.timeout(720)  # each may have to wait for the server that they share to start

DAYS = "?start=2016-03-24&end=2016-03-26"  # which no run of these tests changes
VIEWS = {
    "overview": "",
    "sources": "?view=source",
    "source": "?view=source&source=sohr",
    "outlets": "?view=outlet",
    "outlet": "?view=outlet&outlet=levant-monitor&section=rejects",
    "stories": "?view=story",
    "articles": "?view=article",
    "search": "?view=search&words=palmyra",
    "sql": "?view=sql&sql=select+outlet_id%2C+count(*)+as+n+from+articles+group+by+all&as=plot",
    "watches": "?view=watches",
}


def test_a_run_triggered_in_the_ui_brings_its_day_to_coverage(visit: Any, server: Any) -> None:
    page = visit.page
    page.goto(f"{server.url}/dags/ingest_daily")
    page.get_by_role("button", name="Trigger").first.click()
    page.locator("#element_date").fill("2016-03-27")
    with page.expect_response(
        lambda answer: answer.request.method == "POST" and "dagRuns" in answer.url
    ) as made:
        page.get_by_role("dialog").get_by_role("button", name="Trigger").click()
    run = made.value.json()
    assert run["conf"] == {"date": "2016-03-27"}
    path = f"/api/v2/dags/ingest_daily/dagRuns/{run['dag_run_id']}"
    token = server.token("admin")
    while run["state"] not in ("success", "failed"):  # the test's own limit of time ends it
        page.wait_for_timeout(500)
        run = server.asked(path, token=token)
    assert run["state"] == "success"

    page.get_by_role("link", name="Coverage").click()
    visit.settled()
    assert visit.title == "14 Mar 2016 – 27 Mar 2016"
    articles = page.locator("#attention tbody tr", has_text="27 Mar 2016").locator("td").first.text_content()
    assert int(articles or 0) > 0


# The point of a plot of lines that stands highest, apart from those of other lines: where it is, whose it is.
HIGHEST = """(plot) => {
    const points = [...plot.querySelectorAll(".scatterlayer .trace")].flatMap((trace, line) =>
        [...trace.querySelectorAll(".point")].map((point) => {
            const { left, top, width, height } = point.getBoundingClientRect();
            return { x: left + width / 2, y: top + height / 2, line };
        }));
    const alone = (one) => points.every((other) => other.line === one.line || Math.hypot(other.x - one.x, other.y - one.y) > 12);
    return points.filter(alone).sort((one, other) => one.y - other.y)[0];
}"""


def test_from_a_plot_to_a_source_to_a_statement_to_its_words_to_its_capture(visit: Any) -> None:
    page = visit.go(DAYS)
    point = page.get_by_role("img", name="Statements a day of the most cited sources").evaluate(HIGHEST)
    name = page.locator("#foremost .ww-legend li").nth(point["line"]).inner_text()
    page.mouse.move(point["x"], point["y"])
    page.mouse.click(point["x"], point["y"])
    page.wait_for_url(re.compile("view=source"))
    visit.settled()
    assert visit.title == name

    statement = page.locator(".ww-statement").first
    content = statement.locator(".ww-content").inner_text().split(" … ")[0]
    statement.locator(".ww-statement-foot a").click()
    page.wait_for_url(re.compile("attribution="))
    visit.settled()
    lit = "".join(page.locator(".ww-reading .ww-chosen.ww-content").all_inner_texts())
    assert squeezed(content) in squeezed(lit)
    assert page.locator('.ww-said li[aria-current="true"]').count() == 1

    page.locator("#evidence").get_by_role("link", name="Capture of").first.click()
    page.wait_for_url(re.compile("view=capture"))
    visit.settled()
    assert re.search(r"sha256:[0-9a-f]{64}", page.locator("#capture").inner_text())
    with page.expect_download() as started:
        page.get_by_role("link", name="Download the page").click()
    archived = Path(started.value.path()).read_bytes()
    assert b"<html" in archived.lower()


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def test_every_piece_of_the_text_is_what_its_offsets_say(visit: Any) -> None:
    """Characters outside of the basic plane are one place each in Python, two in JavaScript's strings."""
    page = visit.go("?view=watches")
    body = "Ana 😀 said “a 𝔟 c”.\n\nBo added d."
    source, cue, content = body.index("Ana"), body.index("said"), body.index("“a")
    pieces = page.evaluate(
        """async ([body, attributions]) => {
            const { paragraphs } = await import("/wirewatch/static/coverage/spans.js");
            return paragraphs(body, attributions).map((pieces) =>
                pieces.map(({ text, marks }) => [text, marks.map(({ role, depth }) => `${role}${depth}`)]));
        }""",
        [
            body,
            [
                {
                    "attribution_id": "1",
                    "inside_id": None,
                    "source_spans": [[source, source + 5]],
                    "cue_spans": [[cue, cue + 4]],
                    "content_spans": [[content, content + 7]],
                },
                {
                    "attribution_id": "2",
                    "inside_id": "1",
                    "source_spans": [],
                    "cue_spans": [],
                    "content_spans": [[content + 3, content + 4]],
                },
            ],
        ],
    )
    assert pieces == [
        [
            ["Ana 😀", ["source0"]],
            [" ", []],
            ["said", ["cue0"]],
            [" ", []],
            ["“a ", ["content0"]],
            ["𝔟", ["content1", "content0"]],
            [" c”", ["content0"]],
            [".", []],
        ],
        [["Bo added d.", []]],
    ]


def test_pointing_at_words_or_focusing_them_shows_who_said_them(visit: Any, server: Any) -> None:
    nested = asked(
        server, "select article_id from attributions where inside_id is not null order by 1 limit 1"
    )[0][0]
    page = visit.go(f"?view=article&article={nested}")
    assert page.locator(".ww-reading .ww-depth-1").count() >= 1
    words = page.locator('.ww-reading [role="button"]').first
    words.hover()
    name = page.locator(".ww-balloon strong").inner_text()
    assert name in page.locator(".ww-said").inner_text()
    page.mouse.move(0, 0)
    page.wait_for_function("() => !document.querySelector('.ww-balloon')")

    described = page.locator(f"#{words.get_attribute('aria-describedby')}")
    page.locator(".ww main").focus()
    for _ in range(40):  # the links of the title come first
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.ww-reading [role=button]')"):
            break
    assert page.locator(".ww-balloon strong").inner_text() in described.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("attribution="))
    visit.settled()
    assert words.get_attribute("aria-pressed") == "true"
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('.ww-balloon')")


def asked(server: Any, sql: str) -> list[list[Any]]:
    answer = server.asked("/wirewatch/api/query", {"sql": sql, "limit": 100}, server.token("viewer"))
    return list(answer["rows"])


def test_search_finds_marks_and_narrows(visit: Any) -> None:
    page = visit.go("?view=search")
    page.get_by_role("searchbox", name="Words").fill("palmyra")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("words=palmyra"))
    visit.settled()
    hits = page.locator(".ww-hits > li")
    assert hits.count() >= 2
    assert re.search("palmyr", hits.first.locator("mark").first.inner_text(), re.I)
    found = int(page.locator("#hits h2").inner_text().split()[0])
    page.locator("#by-outlet button").first.click()
    page.wait_for_url(re.compile("outlet="))
    visit.settled()
    assert 0 < int(page.locator("#hits h2").inner_text().split()[0]) < found
    page.get_by_role("button", name="Remove outlet").click()
    visit.settled()
    assert int(page.locator("#hits h2").inner_text().split()[0]) == found
    hits.first.locator("a").first.click()
    page.wait_for_url(re.compile("view=article"))
    visit.settled()


def test_a_question_in_sql_is_answered_drawn_and_downloaded_and_a_forbidden_one_refused(visit: Any) -> None:
    page = visit.go("?view=sql")
    editor = page.get_by_role("textbox", name="SQL")
    editor.fill(
        "select day, count(*) as articles from articles where day < '2016-03-27' group by all order by day"
    )
    editor.press("Control+Enter")
    page.locator("#answer table").wait_for()
    assert page.locator("#answer tbody tr").count() >= 3
    page.get_by_role("button", name="Plot").click()
    page.locator("#answer .barlayer .point").first.wait_for()
    with page.expect_download() as started:
        page.get_by_role("link", name="CSV").click()
    assert Path(started.value.path()).read_text().splitlines()[0] == "day,articles"

    for forbidden in ("drop table articles", "select * from read_csv('/etc/passwd')", "select 1; select 2"):
        editor.fill(forbidden)
        editor.press("Control+Enter")
        refusal = page.locator("#answer [role=alert]")
        page.wait_for_function(
            "(sql) => new URLSearchParams(location.search).get('sql') === sql", arg=forbidden
        )
        refusal.wait_for()
        assert "Not answered" in refusal.inner_text()
        assert "root:" not in refusal.inner_text()
    page.go_back()
    page.wait_for_function(
        "() => document.querySelector('.ww-editor').value.startsWith('select * from read_csv')"
    )


def test_every_example_question_is_answered(visit: Any) -> None:
    page = visit.go("?view=watches")
    answers = page.evaluate(
        """async () => {
            const { EXAMPLES } = await import("/wirewatch/static/coverage/examples.js");
            const { post } = await import("/wirewatch/static/coverage/api.js");
            const answered = ({ title, sql }) => post("query", { sql, limit: 500 }).then(
                ({ rows }) => [title, rows.length], (error) => [title, error.message]);
            return Promise.all(EXAMPLES.map(answered));
        }"""
    )
    assert len(answers) >= 5
    assert [answer for answer in answers if not isinstance(answer[1], int)] == []
    assert (
        sum(rows > 0 for _, rows in answers) >= len(answers) - 1
    )  # one is of a source that these days do not cite


def test_every_example_search_is_answered(visit: Any) -> None:
    page = visit.go("?view=search")
    answers = page.evaluate(
        """async () => {
            const { EXAMPLES } = await import("/wirewatch/static/coverage/search.js");
            const { get } = await import("/wirewatch/static/coverage/api.js");
            return Promise.all(EXAMPLES.map((words) => get("search", { words }).then(({ count }) => count, (error) => error.message)));
        }"""
    )
    assert len(answers) >= 3
    assert [answer for answer in answers if not isinstance(answer, int)] == []
    examples = page.locator(".ww-examples button")
    assert examples.count() == len(answers)
    examples.first.click()
    visit.settled()
    assert page.locator("#hits .ww-hits, #hits .ww-empty").count() == 1


def test_state_is_in_the_address_and_back_and_forward_work(visit: Any) -> None:
    page = visit.go(DAYS)
    assert visit.title == "24 Mar 2016 – 26 Mar 2016"
    page.get_by_label("Add outlet").select_option("levant-monitor")
    page.wait_for_url(re.compile("outlet=levant-monitor"))
    visit.settled()
    assert page.locator("#outlets tbody tr").count() == 1
    page.locator("#top-sources a").first.click()
    page.wait_for_url(re.compile("view=source.*start=2016-03-24.*outlet=levant-monitor"))
    visit.settled()
    page.wait_for_function("() => document.activeElement.tagName === 'H1'")
    source = page.url
    page.go_back()
    page.wait_for_url(re.compile(r"coverage\?start=2016-03-24&end=2016-03-26&outlet=levant-monitor$"))
    visit.settled()
    page.go_forward()
    page.wait_for_url(source)
    visit.settled()
    shown = visit.title
    page.reload()
    visit.settled()
    assert visit.title == shown


def test_the_page_can_be_used_by_keyboard(visit: Any) -> None:
    page = visit.go("")
    page.evaluate("document.querySelector('.ww-skip').focus()")
    assert page.evaluate("document.querySelector('.ww-skip').getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "coverage"
    page.keyboard.press("Tab")
    focused = "getComputedStyle(document.activeElement)"
    assert page.evaluate(f"{focused}.outlineStyle !== 'none' && parseFloat({focused}.outlineWidth) >= 2")
    # Everything that can be used has a name that is read out, and every table its name and its heads.
    assert (
        page.evaluate(
            """[...document.querySelectorAll('.ww :is(a, button, input, select, textarea)')].filter((one) =>
            !(one.textContent.trim() || one.ariaLabel || one.labels?.length)).map((one) => one.outerHTML)"""
        )
        == []
    )
    assert page.evaluate(
        "[...document.querySelectorAll('.ww table')].every((table) => table.caption && table.querySelector('th[scope=col]'))"
    )


def test_dark_mode_reaches_all_of_the_page(visit: Any) -> None:
    page = visit.go("")
    page.evaluate("localStorage.setItem('theme', 'dark')")
    page.reload()
    visit.settled()
    brightness = """(selector) => {
        const context = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d');
        const style = getComputedStyle(document.querySelector(selector));
        return ['backgroundColor', 'color', 'fill'].map((name) => {
            context.fillStyle = style[name];
            context.fillRect(0, 0, 1, 1);
            const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
            return 0.3 * red + 0.6 * green + 0.1 * blue;
        });
    }"""
    ground, ink, _ = page.evaluate(brightness, ".ww-panel")
    assert ground < 60 < 180 < ink
    assert page.evaluate(brightness, ".ww-plot .xtick text")[2] > 150
    page.evaluate("document.documentElement.classList.replace('dark', 'light')")
    page.wait_for_function(f"() => ({brightness})('.ww-plot .xtick text')[2] < 120")


def test_no_view_is_wider_than_a_phone(visit: Any) -> None:
    page = visit.page
    page.set_viewport_size({"width": 390, "height": 844})
    for name, search in VIEWS.items():
        visit.go(search)
        width, seen = page.evaluate(
            "(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth])(document.querySelector('.ww'))"
        )
        assert width <= seen, name
        tab = page.locator(".ww-tabs [aria-current]").bounding_box()
        assert tab, name
        assert 0 <= tab["x"] <= 390 - tab["width"], name


def test_what_is_empty_unknown_or_wrong_is_said(visit: Any) -> None:
    page = visit.go("?start=2015-01-01&end=2015-01-03")
    assert "Nothing is published for these days" in page.locator(".ww main").inner_text()
    for search, words in {
        "?view=source&source=nobody-at-all": "There is no source",
        "?view=article&article=1": "There is no article",
        "?view=article&article=one": "",
        "?view=story&story=1": "There is no story",
        "?start=2016-03-26&end=2016-03-24": "turn them round",
    }.items():
        visit.go(search)
        assert words in page.locator(".ww main [role=alert]").inner_text(), search
    visit.go("?view=search&words=zyzzyva")
    assert "No article has these words" in page.locator("#hits").inner_text()
    visit.go("?view=nosuch")
    assert visit.title == "There is no such view"


WATCH = """id = "observatory"
title = "The Observatory is cited"
kind = "sources"
threshold = "first_mention"
over = 0
sources = ["sohr"]
deliver = ["desk"]
"""


def test_a_watch_shows_its_alerts_and_its_test_goes_out_through_an_airflow_connection(
    visit: Any, taken: list[Any]
) -> None:
    page = visit.go("?view=watches&watch=observatory")
    alerts = page.locator("#alerts tbody tr")
    assert "Syrian Observatory for Human Rights" in alerts.first.inner_text()
    assert "desk: due" in alerts.first.inner_text()
    page.get_by_role("button", name="Send a test alert").click()
    page.get_by_text("Delivered to desk.").wait_for()
    (told,) = taken
    assert told["subject"] == "The Observatory is cited: a test"
    alerts.first.get_by_role("link", name="the article").click()
    page.wait_for_url(re.compile("view=article"))
    visit.settled()
    assert "Observatory" in page.locator(".ww-said").inner_text()


@pytest.fixture
def taken(server: Any) -> Iterator[list[Any]]:
    """What the channel of a watch with alerts took; an HTTP server that Airflow has a connection to."""
    bodies: list[Any] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None: ...

    file = server.catalog / "watches" / "observatory.toml"
    file.write_text(WATCH, encoding="utf-8")
    line = Pipeline(settings({"WIREWATCH_DATA": str(server.data), "WIREWATCH_CATALOG": str(server.catalog)}))
    Alerting(line).look(date(2016, 3, 24), date(2016, 3, 26), watch_ids=["observatory"])
    token, channel = server.token("admin"), "wirewatch_channel_desk"
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as receiver:
        Thread(target=receiver.serve_forever, daemon=True).start()
        connection = {"connection_id": channel, "conn_type": "http", "schema": "http", "host": "127.0.0.1"}
        server.asked("/api/v2/connections", {**connection, "port": receiver.server_port}, token)
        yield bodies
        server.asked(f"/api/v2/connections/{channel}", token=token, method="DELETE")
        receiver.shutdown()
    file.unlink()


def test_a_viewer_reads_everything_and_is_refused_to_act(viewer: Any, server: Any) -> None:
    page = viewer.go("")
    assert page.locator("#attention tbody tr").count() == 14
    viewer.go("?view=watches&watch=palmyra")
    assert viewer.title == "Palmyra in the news"
    assert page.get_by_role("button", name="Send a test alert").count() == 0
    statuses = page.evaluate(
        """async () => Promise.all([
            ["wirewatch/api/watches/palmyra/test", {}],
            ["api/v2/dags/ingest_daily/dagRuns", { logical_date: null, conf: {} }],
            ["wirewatch/api/query", { sql: "select 1 as one" }],
        ].map(([path, body]) => fetch(new URL(path, document.baseURI), {
            method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
        }).then((answer) => answer.status)))"""
    )
    assert statuses == [403, 403, 200]
    page.goto(f"{server.url}/dags/ingest_daily")
    page.get_by_role("button", name="Trigger").first.click()
    with page.expect_response(
        lambda answer: answer.request.method == "POST" and "dagRuns" in answer.url
    ) as made:
        page.get_by_role("dialog").get_by_role("button", name="Trigger").click()
    assert made.value.status == 403


HOSTILE = '<img src=x onerror="window.wasHit=1"><a href="javascript:window.wasHit=1">{{7*7}}</a><b>bold</b>'
RARE = "zyzzyva"  # stands beside it at the end of each body


def test_hostile_titles_names_and_bodies_stay_text(
    visit: Any, server: Any, rewritten: Callable[..., None]
) -> None:
    """Whatever stands in the tables, as the web may have written it, none of it becomes a part of the page."""
    (article, source, outlet), *_ = asked(
        server,
        "select article_id, t.source_id, outlet_id from attributions t join clusters using (article_id, outlet_id) "
        "where t.source_id is not null order by article_id, ordinal limit 1",
    )
    ((cluster, capture),) = asked(
        server,
        f"select cluster_id, capture_id from clusters join articles using (article_id) where article_id = {article}",  # noqa: S608 - a number of ours
    )
    rewritten(
        ("articles", "title"), ("articles", "byline"), ("articles", "dateline"), ("articles", "wire_credit"), ("articles", "section"),
        ("attributions", "source_surface"), ("attributions", "cue"), ("attributions", "content"), ("attributions", "sentence"),
        ("attributions", "via"), ("attributions", "source_name"), ("sources", "name"), ("outlets", "name"), ("authors", "name"),
        ("figures", "counted"), ("mentions", "name"), ("gaps", "detail"), ("rejects", "detail"), ("captures", "content_type"),
    )  # fmt: skip
    page = visit.page
    page.goto("about:blank")  # what the page remembers of before
    for search in (
        "", "?view=source", f"?view=source&source={source}", "?view=outlet", f"?view=outlet&outlet={outlet}", "?view=story",
        f"?view=story&story={cluster}", "?view=article", f"?view=article&article={article}", f"?view=capture&capture={capture}",
        "?view=search&words=palmyra", "?view=sql&as=plot&sql=select+source_name%2C+count(*)+as+n+from+attributions+group+by+all",
        "?view=sql&sql=from+articles+limit+3",
    ):  # fmt: skip
        visit.go(search)
        visit.settled()
        shown = page.locator(".ww").inner_html()
        assert "<img" not in shown, search
        assert page.locator(".ww a[href^='javascript:' i], .ww a *:is(img, b)").count() == 0, search
        assert page.evaluate("window.wasHit") is None, search
        if search and "capture" not in search:
            assert "onerror=" in page.locator(".ww").inner_text(), search  # it is there, as text
    pointed = page.evaluate(
        "document.querySelectorAll('.ww a[target=_blank]:not([rel=\"noopener noreferrer\"])').length"
    )
    assert pointed == 0


def test_hostile_words_stay_text_in_what_search_shows_of_them(
    visit: Any, rewritten: Callable[..., None]
) -> None:
    """In titles, and in the lines that show why an article was found, with the word marked in their midst."""
    rewritten(("articles", "title"), ("sources", "name"), ("attributions", "source_name"))
    page = visit.page
    page.goto("about:blank")  # what the page remembers of before
    for words in (RARE, f"{RARE} onerror", "javascript", "title:onerror"):
        visit.go(f"?view=search&words={words}")
        hits = page.locator(".ww-hits > li")
        assert hits.count() >= 2, words
        for shown in hits.all()[:3]:
            assert HOSTILE in shown.locator(".ww-hit-title").inner_text(), words
            assert 'onerror="window.wasHit=1"' in shown.locator(".ww-snippet").inner_text(), words
            assert shown.locator("mark").count() >= (0 if words.startswith("title:") else 1), words
        assert page.locator(":is(#hits, .ww-side) :is(img, b, a[href^='javascript:' i])").count() == 0, words
        assert page.evaluate("window.wasHit") is None, words
    visit.go(f"?view=search&words={RARE}")
    page.locator(".ww-hits .ww-hit-title").first.click()
    page.wait_for_url(re.compile("view=article"))
    visit.settled()
    assert HOSTILE in page.locator(".ww-reading").inner_text()
    assert page.evaluate("window.wasHit") is None


def test_a_long_list_shows_its_first_rows_until_all_are_asked_for(
    visit: Any, rewritten: Callable[..., None]
) -> None:
    rewritten(
        first="insert into gaps select gaps.* replace (key || n as key) from gaps cross join range(30) many(n)"
    )
    page = visit.page
    page.goto("about:blank")  # what the page remembers of before
    visit.go(DAYS)
    rows = page.locator("#gaps tbody tr")
    assert rows.count() == 15
    page.locator("#gaps").get_by_role("button", name="Show 31 rows").click()
    assert rows.count() == 31
    page.locator("#gaps").get_by_role("button", name="Show 15 rows").click()
    assert rows.count() == 15


@pytest.fixture
def rewritten(server: Any) -> Any:
    """Puts hostile words in columns of the published tables and their index, and the old back afterwards.

    ``first``: a statement that is run before.
    """
    published = server.data / "warehouse" / "wirewatch.duckdb"
    index = SearchIndex(published.parent / "search")  # the states before it stay there
    before = published.read_bytes()

    def rewrite(*columns: tuple[str, str], first: str = "") -> None:
        changed = published.with_name("changed.duckdb")
        changed.write_bytes(before)
        with duckdb.connect(str(changed)) as con:
            con.execute(first)
            for table, column in columns:
                con.execute(f'update {table} set "{column}" = ? where "{column}" is not null', [HOSTILE])  # noqa: S608
            con.execute("update rejects set key = 'javascript:window.wasHit=1'")
            con.execute(
                "update articles set url = 'javascript:window.wasHit=1', text_digest = md5(text_digest), "
                "body = concat($hostile, body, chr(10), chr(10), 'The ', $rare, ' ', $hostile, ' said so.')",
                {"hostile": HOSTILE, "rare": RARE},
            )
            index.follow(con)
        changed.replace(published)

    yield rewrite
    restored = published.with_name("restored.duckdb")
    restored.write_bytes(before)
    restored.replace(published)
