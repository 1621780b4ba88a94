"""Files of watches and digests: what they hold, and what is said of what is wrong in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.adapters import watch_files
from pipeline.alerts import Digest, Every, Threshold, Watch, WatchKind
from pipeline.errors import CatalogError

ROOT = Path(__file__).parent.parent.parent
GOOD = """
id = "w"
title = "Palmyra"
kind = "words"
threshold = "spike"
words = "palmyra OR tadmur"
deliver = ["desk"]
"""


def read(tmp_path: Path, text: str, name: str = "watches") -> tuple[Watch, ...]:
    folder = tmp_path / name
    folder.mkdir(exist_ok=True)
    (folder / "w.toml").write_text(text, encoding="utf-8")
    return watch_files.watches(tmp_path, outlet_ids=["kald-post", "port-wire"])


def test_a_file_is_a_watch_with_the_usual_numbers(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == (
        Watch(
            watch_id="w",
            title="Palmyra",
            kind=WatchKind.WORDS,
            threshold=Threshold.SPIKE,
            over=3.0,
            least=3,
            words="palmyra OR tadmur",
            deliver=("desk",),
        ),
    )


def test_there_need_be_no_watches(tmp_path: Path) -> None:
    assert watch_files.watches(tmp_path, outlet_ids=()) == ()
    assert watch_files.digests(tmp_path) == ()


def test_a_digest_is_a_file_too(tmp_path: Path) -> None:
    (tmp_path / "digests").mkdir()
    (tmp_path / "digests" / "week.toml").write_text(
        'id = "week"\ntitle = "W"\nevery = "week"\ndeliver = ["desk"]'
    )
    assert watch_files.digests(tmp_path) == (
        Digest(digest_id="week", title="W", every=Every.WEEK, deliver=("desk",)),
    )


@pytest.mark.parametrize(
    ("change", "key", "says"),
    [
        (('id = "w"', 'id = "v"'), "id", "is not the file's name"),
        (('kind = "words"', 'kind = "word"'), "kind", "Did you mean 'words'?"),
        (
            ('"spike"', '"silent"'),
            "threshold",
            "words are not watched for silent. One of spike, first_mention",
        ),
        (("words = ", "wrods = "), "wrods", "Did you mean 'words'?"),
        (('words = "palmyra OR tadmur"', ""), "words", 'kind = "words" needs them'),
        (('"palmyra OR tadmur"', "'(palmyra'"), "words", "Write them as in `wirewatch search`"),
        (('deliver = ["desk"]', 'deliver = ["The Desk"]'), "deliver", 'Write it as in deliver = ["desk"]'),
        (('deliver = ["desk"]', 'outlets = ["kald-psot"]'), "outlets", "Did you mean 'kald-post'?"),
        (('deliver = ["desk"]', 'sources = ["x"]'), "sources", "words have none"),
        (('deliver = ["desk"]', "over = -1"), "over", "out of range"),
        (('deliver = ["desk"]', "over = ["), "TOML", "Mend the file's syntax"),
    ],
)
def test_what_is_wrong_is_said_with_file_key_and_remedy(
    tmp_path: Path, change: tuple[str, str], key: str, says: str
) -> None:
    with pytest.raises(CatalogError) as wrong:
        read(tmp_path, GOOD.replace(*change))
    assert wrong.value.key == key
    assert str(wrong.value).startswith(f"{tmp_path / 'watches' / 'w.toml'}: {key}: ")
    assert says in str(wrong.value)


def test_least_bounds_no_silence(tmp_path: Path) -> None:
    with pytest.raises(CatalogError, match="bounds nothing for silent"):
        read(tmp_path, 'id = "w"\ntitle = "T"\nkind = "outlets"\nthreshold = "silent"\nleast = 3')


def test_the_watches_that_ship_are_valid() -> None:
    outlet_ids = [file.stem for file in (ROOT / "catalog" / "outlets").glob("*.toml")]
    shipped = watch_files.watches(ROOT / "catalog", outlet_ids=outlet_ids)
    assert {watch.kind for watch in shipped} == set(WatchKind)
    assert {watch.threshold for watch in shipped} == set(Threshold)
    assert watch_files.digests(ROOT / "catalog")
