"""Pages of hosts that nobody catalogued, from a WARC file to articles by the command line alone."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.cli import main

STORY = (
    "The ferry across the Halden sound will sail again on Monday, the harbour office said. Ice had kept it in "
    "port for nine days. Passengers were brought around the bay by bus, which took two hours instead of twenty "
    "minutes. The office thanked the drivers, and said that tickets bought in those days stay valid until May. "
)


def command(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    with pytest.raises(SystemExit) as ended:
        main(list(arguments))
    told = capsys.readouterr()
    return int(ended.value.code or 0), told.out + told.err


def crawl(file: Path) -> None:
    """A WARC file with a page of each of two hosts."""
    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for host in ("news.example", "paper.example"):
            body = (
                f"<html><head><title>Ferry sails again at {host}</title></head><body><article>"
                f"<h1>Ferry sails again at {host}</h1>" + f"<p>{STORY}</p>" * 4 + "</article></body></html>"
            ).encode()
            writer.write_record(
                writer.create_warc_record(
                    f"https://{host}/2016/ferry",
                    "response",
                    payload=BytesIO(body),
                    http_headers=StatusAndHeaders(
                        "200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1"
                    ),
                    warc_headers_dict={"WARC-Date": "2016-03-27T12:00:00Z"},
                )
            )


def test_pages_of_any_host_become_articles(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "catalog" / "outlets").mkdir(parents=True)
    file = tmp_path / "crawl.warc.gz"
    crawl(file)
    where = ("--data", str(tmp_path / "data"), "--catalog", str(tmp_path / "catalog"))
    code, told = command("import-warc", "--all", str(file), *where, capsys=capsys)
    assert (code, "imported 2" in told) == (0, True)
    code, told = command("process", "--date", "2016-03-27", *where, capsys=capsys)
    assert code == 0
    assert "news.example: 1 articles, 0 rejects" in told
    assert "paper.example: 1 articles, 0 rejects" in told
    code, told = command("load", "--date", "2016-03-27", "--outlet", "paper.example", *where, capsys=capsys)
    assert (code, "2016-03-27: 1 articles" in told) == (0, True)
    code, told = command(
        "process", "--date", "2016-03-27", "--outlet", "other.example", *where, capsys=capsys
    )
    assert (code, "no outlet 'other.example'" in told) == (2, True)


def test_a_bad_file_does_not_keep_out_the_good_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "catalog" / "outlets").mkdir(parents=True)
    bad, empty, good = (tmp_path / name for name in ("bad.bin", "empty.warc.gz", "good.warc.gz"))
    bad.write_bytes(b"no WARC file at all, but a line of text\n" * 20)
    empty.touch()
    crawl(good)
    where = ("--data", str(tmp_path / "data"), "--catalog", str(tmp_path / "catalog"))

    def imported(*files: Path) -> tuple[int, str]:
        return command("import-warc", "--all", *map(str, files), *where, capsys=capsys)

    code, told = imported(bad, empty, good)
    assert code == 1
    assert "imported 2" in told
    assert f"{bad} cannot be read as a WARC file" in told
    assert f"{empty} is empty" in told
    code, told = imported(empty)
    assert (code, f"{empty} is empty" in told, "imported 0" in told) == (3, True, False)
    code, told = imported(bad, empty)
    assert (code, f"{bad} cannot be read" in told, f"{empty} is empty" in told) == (2, True, True)
