from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline import dedup
from pipeline.adapters.warehouse import Warehouse
from pipeline.adapters.warehouse.plain_file import PlainFile
from pipeline.adapters.warehouse.rows import rows_of
from pipeline.errors import WarehouseBusyError, WarehouseError
from pipeline.interval import HOUR, Interval
from pipeline.records import Gap, Reason

MINUTE = timedelta(minutes=1)


def test_a_day_becomes_rows(press: Any, warehouse: Warehouse) -> None:
    (day, batches) = next(iter(press.fortnight(1).items()))
    counts = press.load(warehouse, day, *batches)
    assert (counts.articles, counts.attributions, counts.figures, counts.rejects) == (12, 12, 12, 3)
    ((found, new, articles, rejects, gaps, attributions),) = press.ask(
        warehouse, "select found, new, articles, rejects, gaps, attributions from runs"
    )
    assert (found, new, articles, rejects, gaps, attributions) == (21, 15, 12, 3, 0, 12)


def test_a_day_without_outlets_is_loaded_as_nothing(press: Any, warehouse: Warehouse) -> None:
    (first, batches), (second, _) = press.fortnight(2).items()
    press.load(warehouse, first, *batches)
    assert warehouse.load(second, [], [], []).articles == 0
    assert press.ask(warehouse, "select count(*) from articles") == [(12,)]


def test_loading_a_day_again_changes_no_row(press: Any, warehouse: Warehouse) -> None:
    days = press.fortnight(3)
    for day, batches in days.items():
        press.load(warehouse, day, *batches)
    before = press.hashes(warehouse)
    for day, batches in days.items():
        press.load(warehouse, day, *batches)
        assert press.hashes(warehouse) == before


def test_the_order_of_days_makes_no_difference(press: Any, new_warehouse: Callable[[str], Warehouse]) -> None:
    days = press.fortnight(3)
    results = []
    first, second, third = days
    for number, order in enumerate(((first, second, third), (third, second, first), (second, third, first))):
        warehouse = new_warehouse(f"order-{number}")
        for day in order:
            press.load(warehouse, day, *days[day])
        results.append(press.hashes(warehouse))
    assert all(result == results[0] for result in results)


@pytest.fixture
def undisturbed(press: Any, new_warehouse: Callable[[str], Warehouse]) -> dict[str, tuple[int, str]]:
    """The hashes of a few days loaded one after the other."""
    warehouse = new_warehouse("undisturbed")
    for day, batches in press.fortnight(3, pages=1).items():
        press.load(warehouse, day, *batches)
    return dict(press.hashes(warehouse))


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(randomness=st.randoms(use_true_random=False))
def test_any_history_of_loads_ends_in_the_same_rows(
    press: Any,
    undisturbed: dict[str, tuple[int, str]],
    tmp_path_factory: pytest.TempPathFactory,
    randomness: Random,
) -> None:
    """Days whole or without some of their pages, in any order and number, and then each day as it is."""
    days = press.fortnight(3, pages=1)
    warehouse = Warehouse(PlainFile(tmp_path_factory.mktemp("history")), near=dedup)
    for _ in range(3):
        day = randomness.choice(list(days))
        press.load(
            warehouse,
            day,
            *(
                replace(batch, documents=tuple(d for d in batch.documents if randomness.random() < 0.6))
                for batch in days[day]
            ),
        )
    for day in randomness.sample(list(days), len(days)):
        press.load(warehouse, day, *days[day])
    assert press.hashes(warehouse) == undisturbed


def test_outlets_loaded_one_by_one_come_to_the_same(
    press: Any, warehouse: Warehouse, new_warehouse: Callable[[str], Warehouse]
) -> None:
    whole = new_warehouse("whole")
    for day, batches in press.fortnight(2).items():
        press.load(whole, day, *batches)
        for outlet, batch in zip(press.outlets, batches, strict=True):
            warehouse.load(day, [outlet], press.actors, [rows_of(batch)])
    assert press.hashes(warehouse) == press.hashes(whole)


def test_another_outlets_rows_stay(press: Any, warehouse: Warehouse) -> None:
    (day, batches) = next(iter(press.fortnight(1).items()))
    press.load(warehouse, day, *batches)
    warehouse.load(day, press.outlets[:1], press.actors, [])
    assert press.ask(warehouse, "select distinct outlet_id from articles order by 1") == [
        ("port-wire",),
        ("valley-echo",),
    ]


def test_a_day_replaces_the_hours_in_it(press: Any, warehouse: Warehouse) -> None:
    day = press.day(0)
    hour = Interval(day.start + 9 * HOUR, day.start + 10 * HOUR)
    page = press.page("port-wire", "early", hour.start + MINUTE, interval=hour)
    press.load(warehouse, hour, press.batch("port-wire", hour, [page]))
    before = press.ask(warehouse, "select article_id, interval_start from articles")
    batch = press.batch("port-wire", hour, [page])
    press.load(warehouse, day, replace(batch, interval=day))
    assert press.ask(warehouse, "select article_id, interval_start from articles") == before


def test_a_changed_text_is_a_revision_of_the_one_before(press: Any, warehouse: Warehouse) -> None:
    versions = [
        press.page("kald-post", "story", press.noon(number), body=press.prose(f"version {number}"))
        for number in range(3)
    ]
    for number in (2, 0, 1):
        press.load(
            warehouse, press.day(number), press.batch("kald-post", press.day(number), [versions[number]])
        )
    rows = press.ask(warehouse, "select article_id, is_revision_of from articles order by collected_at")
    assert [row[1] for row in rows] == [None, rows[0][0], rows[1][0]]
    assert press.ask(warehouse, "select sum(articles) from daily_outlets") == [(1,)]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("noise", ["", "other advertisements"])
def test_the_same_text_again_is_a_reject(
    order: tuple[int, int], noise: str, press: Any, warehouse: Warehouse
) -> None:
    pages = [
        press.page("kald-post", "story", press.noon(0)),
        press.page("kald-post", "story", press.noon(1), noise=noise, published_at=press.noon(0) - HOUR),
    ]
    for number in order:
        press.load(warehouse, press.day(number), press.batch("kald-post", press.day(number), [pages[number]]))
    assert press.ask(warehouse, "select collected_at from articles") == [(press.noon(0),)]
    assert press.ask(warehouse, "select count(*) from attributions") == [(1,)]
    assert press.ask(warehouse, 'select stage, reason, r."at" from rejects r') == [
        ("load", "unchanged", press.noon(1))
    ]
    assert warehouse.check(press.day(1)) == ()


def test_a_repeat_becomes_the_article_when_the_first_capture_goes(press: Any, warehouse: Warehouse) -> None:
    pages = [press.page("kald-post", "story", press.noon(number), noise=str(number)) for number in (0, 1)]
    for number in (0, 1):
        press.load(warehouse, press.day(number), press.batch("kald-post", press.day(number), [pages[number]]))
    press.load(warehouse, press.day(0), press.batch("kald-post", press.day(0), []))
    assert press.ask(warehouse, "select collected_at from articles") == [(press.noon(1),)]
    assert press.ask(warehouse, "select count(*) from attributions") == [(1,)]
    assert press.ask(warehouse, "select count(*) from rejects") == [(0,)]
    assert press.ask(warehouse, "select count(*) from held.articles") == [(0,)]


def test_the_same_capture_in_two_manifests_counts_once(press: Any, warehouse: Warehouse) -> None:
    batch = press.batch("kald-post", press.day(0), [press.page("kald-post", "story", press.noon(0))] * 2)
    press.load(warehouse, press.day(0), batch)
    assert press.ask(warehouse, "select count(*) from articles") == [(1,)]
    assert press.ask(warehouse, "select count(*) from captures") == [(1,)]


def test_a_date_in_the_future_is_kept_and_not_believed(press: Any, warehouse: Warehouse) -> None:
    future = datetime(2031, 1, 1, tzinfo=UTC)
    page = press.page("kald-post", "story", press.noon(0), published_at=future)
    press.load(warehouse, press.day(0), press.batch("kald-post", press.day(0), [page]))
    assert press.ask(warehouse, "select published_at, dated_at from articles") == [(future, press.noon(0))]
    (finding,) = warehouse.check(press.day(0))
    assert (finding.check, finding.severity) == ("unbelieved_dates", "warn")


def test_an_unset_date_is_not_believed(press: Any, warehouse: Warehouse) -> None:
    page = press.page("kald-post", "story", press.noon(0), published_at=datetime(1970, 1, 1, tzinfo=UTC))
    press.load(warehouse, press.day(0), press.batch("kald-post", press.day(0), [page]))
    assert press.ask(warehouse, "select day from articles") == [(press.noon(0).date(),)]


def test_spans_slice_back_to_their_words(press: Any, warehouse: Warehouse) -> None:
    (day, batches) = next(iter(press.fortnight(1).items()))
    press.load(warehouse, day, *batches)
    rows = press.ask(
        warehouse,
        "select body, source_surface, source_start, source_end, cue, cue_start, cue_end, content, content_start, "
        "content_end, sentence, sentence_start, sentence_end from attributions join articles using (article_id)",
    )
    assert rows
    for body, *quads in rows:
        for at in range(0, len(quads), 3):
            words, start, end = quads[at : at + 3]
            assert body[start:end] == words


def test_every_attribution_leads_to_its_capture(press: Any, warehouse: Warehouse) -> None:
    for day, batches in press.fortnight(3).items():
        press.load(warehouse, day, *batches)
    ((lost,),) = press.ask(
        warehouse,
        "select count(*) from attributions left join articles using (article_id) "
        "left join captures using (capture_id) where warc_file is null",
    )
    assert lost == 0


def test_bodies_are_compressed(press: Any, warehouse: Warehouse) -> None:
    page = press.page("kald-post", "long", press.noon(0), body=press.prose("long", 4000))
    press.load(warehouse, press.day(0), press.batch("kald-post", press.day(0), [page]))
    stored = press.ask(
        warehouse,
        "select distinct compression from pragma_storage_info('articles') where column_name = 'body'",
    )
    assert ("ZSTD",) in stored


def test_a_gap_is_kept_with_its_stretch(press: Any, warehouse: Warehouse) -> None:
    day = press.day(0)
    gap = Gap(outlet_id="kald-post", interval=day, reason=Reason.TIMEOUT, key="https://kald-post.example/x")
    for _ in range(2):
        counts = press.load(warehouse, day, press.batch("kald-post", day, [], gaps=(gap,)))
    assert counts.gaps == 1
    assert press.ask(warehouse, "select losses from runs") == [
        (["kald-post: timeout at https://kald-post.example/x"],)
    ]
    assert press.ask(warehouse, "select verdict from outlet_health") == [("losses",)]


def test_counts_tell_what_stands_now(press: Any, warehouse: Warehouse) -> None:
    (day, batches) = next(iter(press.fortnight(1).items()))
    counts = press.load(warehouse, day, *batches)
    assert warehouse.counts(day, [outlet.outlet_id for outlet in press.outlets]) == counts
    assert warehouse.counts(day, ["port-wire"]).articles == 4


def test_rows_of_another_interval_are_refused(press: Any, warehouse: Warehouse) -> None:
    batch = press.batch("kald-post", press.day(0), [press.page("kald-post", "story", press.noon(0))])
    with pytest.raises(WarehouseError, match="2016-03-21 does not start in 2016-03-22"):
        press.load(warehouse, press.day(1), batch)


def test_a_failed_load_leaves_everything_as_it_was(press: Any, warehouse: Warehouse) -> None:
    (first, batches), (second, more) = press.fortnight(2).items()
    press.load(warehouse, first, *batches)
    before = press.hashes(warehouse)

    class Failing:
        def __getattr__(self, name: str) -> Any:
            from pipeline import dedup

            return getattr(dedup, name)

        def clusters(self, *_: object) -> Any:
            raise RuntimeError("the power went")

    broken = Warehouse(warehouse.store, near=Failing())  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="power"):
        press.load(broken, second, *more)
    assert press.hashes(warehouse) == before


def test_a_second_writer_is_told_to_try_later(press: Any, warehouse: Warehouse) -> None:
    import subprocess
    import sys

    press.load(warehouse, press.day(0))
    with duckdb.connect(press.file(warehouse).build):
        code = (
            "import sys\nfrom pathlib import Path\n"
            "from pipeline.adapters.warehouse.plain_file import PlainFile\n"
            "from pipeline.errors import WarehouseBusyError\n"
            "try:\n"
            "    with PlainFile(Path(sys.argv[1]).parent).writing(): pass\n"
            "except WarehouseBusyError as error: print(error)\n"
        )
        told = subprocess.run(
            [sys.executable, "-c", code, str(press.file(warehouse).build)],
            capture_output=True,
            text=True,
            check=True,
        )
    assert "another process is writing it; try again later" in told.stdout
    assert issubclass(WarehouseBusyError, WarehouseError)


def test_a_large_load_is_as_exact(press: Any, warehouse: Warehouse) -> None:
    """Many rows at once take DuckDB's parallel paths."""
    day = press.day(0)
    pages = [press.page("port-wire", f"p{number}", press.noon(0), body="") for number in range(1500)]
    batch = press.batch("port-wire", day, pages)
    assert press.load(warehouse, day, batch).articles == 1500
    before = press.hashes(warehouse)
    press.load(warehouse, day, batch)
    assert press.hashes(warehouse) == before
