"""What do the sample articles say? Reads ``samples/articles/<outlet_id>/<date>-<slug>.md``."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from types import UnionType


class ProseError(ValueError):
    """A source file is wrong: which one, which key, and what to do."""

    def __init__(self, file: Path, key: str, problem: str) -> None:
        super().__init__(f"{file}: {key}: {problem}")


class BlockKind(StrEnum):
    PARAGRAPH = "paragraph"
    HEADING = "heading"
    QUOTE = "quote"
    LIST = "list"


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    kind: BlockKind
    lines: tuple[str, ...]  # one, except in a list

    @property
    def text(self) -> str:
        return self.lines[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Story:
    """One article in one state of its text."""

    outlet_id: str
    stem: str  # "2016-03-27-palmyra-retaken", the same for its corrected state
    file: Path
    title: str
    published: datetime
    blocks: tuple[Block, ...]
    authors: tuple[str, ...] = ()
    updated: datetime | None = None
    section: str | None = None
    dateline: str | None = None
    wire_credit: str | None = None
    tags: tuple[str, ...] = ()
    summary: str | None = None
    paywalled: bool = False
    copy_of: str | None = None
    byline: str | None = None
    captured: date | None = None  # the day on which its corrected state was captured

    @property
    def day(self) -> date:
        return date.fromisoformat(self.stem[:10])

    @property
    def slug(self) -> str:
        return self.stem[11:]


# "2016-03-27-palmyra-retaken", also with ".corrected"; not "27-03-2016-palmyra".
_FILE_STEM = re.compile(r"(?P<stem>\d{4}-\d{2}-\d{2}-[a-z0-9]+(?:-[a-z0-9]+)*)(?P<corrected>\.corrected)?")
# Markdown that the press would print as it stands: "[here](http://a)" and "**bold**"; not "5 * 3".
_STRAY_MARKUP = re.compile(r"\]\(|\*\*|<[a-z/]|^#(?!# )", re.M)

_STRINGS = list[str]
_KEYS: Mapping[str, type | UnionType | object] = {
    "title": str,
    "authors": _STRINGS,
    "published": datetime,
    "updated": datetime,
    "section": str,
    "dateline": str,
    "wire_credit": str,
    "tags": _STRINGS,
    "summary": str,
    "paywalled": bool,
    "copy_of": str,
    "byline": str,
    "captured": date,
}


def read_all(folder: Path) -> tuple[Story, ...]:
    """Every story below ``articles/``, copies filled in, in the order of outlet, stem and state."""
    stories = {}
    for file in sorted(folder.glob("*/*.md")):
        stories[f"{file.parent.name}/{file.stem}"] = read(file)
    filled = {name: _filled(story, stories) for name, story in stories.items()}
    for name, story in filled.items():
        original = name.removesuffix(".corrected")
        if story.captured and original not in filled:
            raise ProseError(story.file, "captured", f"corrects {original}.md, which does not exist")
    return tuple(filled.values())


def read(file: Path) -> Story:
    """One source file, checked; the body of a copy is still empty."""
    named = _FILE_STEM.fullmatch(file.stem)
    if not named:
        raise ProseError(
            file, "file name", "must be <YYYY-MM-DD>-<slug>[.corrected].md in a-z, 0-9 and hyphens"
        )
    parts = file.read_text(encoding="utf-8").split("+++\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise ProseError(file, "front matter", "must stand between two lines of +++ at the top")
    try:
        front = tomllib.loads(parts[1])
    except tomllib.TOMLDecodeError as error:
        raise ProseError(file, "front matter", f"is no TOML: {error}") from error
    _check_keys(file, front)
    if bool(named["corrected"]) != ("captured" in front):
        raise ProseError(file, "captured", "stands in <stem>.corrected.md files, and in all of them")
    blocks = _blocks(file, parts[2])
    if bool(blocks) == ("copy_of" in front):
        raise ProseError(file, "copy_of", "an article has either a body or copy_of")
    story = Story(
        outlet_id=file.parent.name,
        stem=named["stem"],
        file=file,
        blocks=blocks,
        authors=tuple(front.pop("authors", ())),
        tags=tuple(front.pop("tags", ())),
        **front,
    )
    _check_times(story)
    return story


def _check_keys(file: Path, front: Mapping[str, object]) -> None:
    for key in ("title", "published"):
        if key not in front:
            raise ProseError(file, key, "is missing; every article needs it")
    for key, value in front.items():
        if key not in _KEYS:
            raise ProseError(file, key, f"is no key we know; those are {', '.join(_KEYS)}")
        wanted = _KEYS[key]
        if wanted is _STRINGS:
            right = isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value)
        else:
            right = type(value) is wanted and value != ""
        if not right:
            raise ProseError(file, key, f"must be {getattr(wanted, '__name__', wanted)}, got {value!r}")


def _check_times(story: Story) -> None:
    for key, instant in (("published", story.published), ("updated", story.updated)):
        if instant and (instant.tzinfo is None or instant.second or instant.microsecond):
            raise ProseError(story.file, key, "needs an offset and whole minutes, as pages print them")
    if story.published.date() != story.day:
        raise ProseError(story.file, "published", f"is not on the day of the file name, {story.day}")
    if story.updated and story.updated < story.published:
        raise ProseError(story.file, "updated", "is before published")
    if story.captured and not story.updated:
        raise ProseError(story.file, "updated", "a correction needs it: the feed tells of it by this date")


def _blocks(file: Path, body: str) -> tuple[Block, ...]:
    if stray := _STRAY_MARKUP.search(body):
        raise ProseError(file, "body", f"only '## ', '> ' and '- ' are markup here, got {stray.group()!r}")
    chunks = (chunk.strip() for chunk in re.split(r"\n\s*\n", body))
    return tuple(_block(chunk) for chunk in chunks if chunk)


def _block(chunk: str) -> Block:
    lines = [line.strip() for line in chunk.splitlines()]
    if chunk.startswith("## "):
        return Block(kind=BlockKind.HEADING, lines=(" ".join(lines)[3:].strip(),))
    if all(line.startswith("- ") for line in lines):
        return Block(kind=BlockKind.LIST, lines=tuple(line[2:].strip() for line in lines))
    if all(line.startswith(">") for line in lines):
        return Block(kind=BlockKind.QUOTE, lines=(" ".join(line[1:].strip() for line in lines),))
    return Block(kind=BlockKind.PARAGRAPH, lines=(" ".join(lines),))


def _filled(story: Story, stories: Mapping[str, Story]) -> Story:
    if story.copy_of is None:
        return story
    original = stories.get(story.copy_of)
    if original is None or original.copy_of:
        raise ProseError(story.file, "copy_of", f"{story.copy_of} is no article with a body of its own")
    if original.published > story.published:
        raise ProseError(story.file, "published", f"is before {story.copy_of} was published")
    return replace(story, blocks=original.blocks)
