"""The whole line over two days of the sample archive: from a feed to a trend, and twice is once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from pipeline.errors import UsageError, WarehouseError
from pipeline.interval import Interval
from pipeline.records import Article
from pipeline.settings import settings
from pipeline.wiring import Pipeline

ROOT = Path(__file__).resolve().parent.parent
DAYS = tuple(Interval.of_days(date(2016, 3, 27), date(2016, 3, 28)).days())


@dataclass(frozen=True)
class At:
    instant: datetime

    def now(self) -> datetime:
        return self.instant


def line_in(folder: Path, **environ: str) -> Pipeline:
    return Pipeline(
        settings({"WIREWATCH_DATA": str(folder), "WIREWATCH_CATALOG": str(ROOT / "catalog"), **environ})
    )


def run(line: Pipeline, days: tuple[Interval, ...] = DAYS) -> None:
    for day in days:
        outlet_ids = line.watched(day)
        for outlet_id in outlet_ids:
            line.collect(outlet_id, day)
            line.process(outlet_id, day)
        line.load(day, outlet_ids)
        assert not [finding for finding in line.check(day) if finding.severity == "error"]
        line.publish()


def rows(line: Pipeline) -> dict[str, str]:
    """A hash of every table's rows, whatever their order."""
    with duckdb.connect(str(line.reader.published), read_only=True) as con:
        tables = con.execute("select table_name from information_schema.tables").fetchall()
        return {
            name: str(con.execute(f"select count(*), sum(hash(t)) from {name} t").fetchone())  # noqa: S608
            for (name,) in tables
        }


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    made = line_in(tmp_path_factory.mktemp("line"))
    run(made)
    return made


def test_articles_of_every_sample_outlet_are_published(line: Pipeline) -> None:
    table = line.query("select count(*) as articles, count(distinct outlet_id) as outlets from articles")
    articles, outlets = table.rows[0]
    assert articles >= 10
    assert outlets >= 6


def test_every_attribution_slices_back_to_its_article(line: Pipeline) -> None:
    table = line.query(
        """
        select count(*) as attributions,
               count(*) filter (where not contains(a.body, t.sentence)) as astray
        from attributions t join articles a using (article_id)
        """
    )
    attributions, astray = table.rows[0]
    assert attributions > 50
    assert astray == 0


def test_the_kremlin_spokesman_is_cited_under_one_id(line: Pipeline) -> None:
    table = line.query("select distinct source_name from attributions where source_id = 'dmitry-peskov'")
    assert table.rows == (("Dmitry Peskov",),)


def test_running_again_changes_no_row(line: Pipeline) -> None:
    before = rows(line)
    run(line)
    assert rows(line) == before


def test_days_in_the_other_order_give_the_same_rows(line: Pipeline, tmp_path: Path) -> None:
    backwards = line_in(tmp_path)
    run(backwards, DAYS[::-1])
    assert rows(backwards) == rows(line)


def test_evidence_leads_from_a_row_to_the_archived_page(line: Pipeline) -> None:
    attribution_id, cue = line.query("select attribution_id, cue from attributions limit 1").rows[0]
    evidence = line.reader.evidence(attribution_id)
    found = dict(zip(evidence.columns, evidence.rows[0], strict=True))
    assert str(cue) in str(found["sentence"])
    assert (line.settings.data / "archive" / str(found["warc_file"])).is_file()


def test_a_language_without_an_engine_yields_articles_and_a_reason_rather_than_guesses(
    line: Pipeline,
) -> None:
    table = line.query(
        """
        select a.language, any_value(a.attribution_skipped), count(t.attribution_id) > 0
        from articles a left join attributions t using (article_id)
        where a.language in ('fr', 'ru') group by a.language order by a.language
        """
    )
    assert list(table.rows) == [("fr", None, True), ("ru", "language: ru", False)]


def test_a_past_interval_is_never_asked_of_the_network(tmp_path: Path) -> None:
    line = line_in(tmp_path)
    assert not line.is_live(DAYS[0])


def test_an_interval_is_live_until_six_hours_after_its_end() -> None:
    at = Pipeline(settings({}), At(datetime(2016, 3, 28, 5, 59, tzinfo=UTC)))
    later = Pipeline(settings({}), At(datetime(2016, 3, 28, 6, 1, tzinfo=UTC)))
    assert at.is_live(DAYS[0])
    assert not later.is_live(DAYS[0])


def test_offline_is_never_live() -> None:
    line = Pipeline(settings({"WIREWATCH_OFFLINE": "1"}), At(datetime(2016, 3, 27, 12, tzinfo=UTC)))
    assert not line.is_live(DAYS[0])


def test_only_outlets_watched_on_the_day_are_collected(line: Pipeline) -> None:
    watched = line.watched(DAYS[0])
    assert "levant-monitor" in watched
    assert "alwaght" not in watched
    assert line.watched(Interval.of_day(date(2016, 4, 4))) == ()


def test_an_outlet_that_was_never_processed_is_a_loss(line: Pipeline) -> None:
    quiet = Interval.of_day(date(2016, 3, 30))
    (sentence,) = line.losses(quiet, ["levant-monitor"])
    assert "Levant Monitor (levant-monitor) is lost for 2016-03-30" in sentence


def test_an_unknown_outlet_is_a_wrong_use(line: Pipeline) -> None:
    with pytest.raises(UsageError, match="levant-moniter"):
        line.collect("levant-moniter", DAYS[0])


def test_asking_before_anything_was_published_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="run"):
        line_in(tmp_path).query("select 1")


def test_a_parser_free_batch_still_counts_every_page(line: Pipeline) -> None:
    for outlet_id in line.watched(DAYS[0]):
        batch = line.batches.read(outlet_id, DAYS[0])
        assert batch is not None
        pages = sum(reading.new_count for manifest in batch.manifests for reading in manifest.readings)
        kept = len(batch.documents) + sum(len(manifest.rejects) for manifest in batch.manifests)
        assert kept >= pages
        assert all(isinstance(d.result, Article) or d.result.detail is not None for d in batch.documents)
