"""Which characters do these bytes stand for?

In this order: a byte-order mark; the header's charset; the page's own; detection, of the charsets of the page's
language first. A label is believed
only while the bytes allow it: bytes that are UTF-8 beyond doubt are read as UTF-8 whatever the label,
and bytes that are not valid in the declared charset go to detection.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from pipeline.extract.markup import without_scripts

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Browsers read these labels as the larger charset (https://encoding.spec.whatwg.org/#names-and-labels).
_READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "utf-16": "utf-8",  # a page that could be read for its label is not UTF-16
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
# `<meta charset="windows-1251">`, `<meta … content="text/html; charset=koi8-r">`; not `<p>charset=x`.
_META_CHARSET = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:\-]{2,40})", re.I)
# `<?xml version="1.0" encoding="utf-8"?>`; not `<?xml version="1.0"?>`.
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_.:\-]{2,40})", re.I)
# A whole multi-byte sequence of UTF-8: "\xd0\x9f"; not "\xcf\xf0".
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
# Markup, which is ASCII and would drown the text that detection has to weigh.
_MARKUP = re.compile(rb"<[^<>]{0,2000}>")
_CANDIDATES = [
    "cp1251", "koi8_r", "cp1250", "iso8859_2", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256",
    "gb18030", "big5", "cp932", "euc_jp", "cp949", "cp874",
]  # fmt: skip
_SAMPLE_BYTES = 6000
# `<html lang="fr-FR">`; not `<link hreflang="fr">`.
_LANGUAGE = re.compile(rb"<html\b[^>]{0,500}?\slang\s*=\s*[\"']?([A-Za-z]{2})\b", re.I)
_BY_LANGUAGE = {
    **dict.fromkeys(("en", "fr", "de", "es", "it", "pt", "nl", "sv", "da", "no", "nb", "fi", "is", "ca", "ga"), "cp1252"),
    **dict.fromkeys(("ru", "bg", "uk", "be", "mk"), "cp1251"),
    "tr": "cp1254", "el": "cp1253", "he": "cp1255", "ar": "cp1256", "th": "cp874", "ko": "cp949",
}  # fmt: skip
# UTF-8 that was read as windows-1252 and written out again: "donâ€™t"; not "pâté".
_MOJIBAKE = re.compile(
    "â€[\u2122\u0153\u009d\u201c\u201d\u02dc\u00a6\u0161]|Ã[\u00a0-\u00bf]|Â[\u00a0-\u00bf]"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoded:
    text: str
    encoding: str
    how: str  # bom, header, meta, utf-8, detection
    utf8: bytes | None = None  # the same text in UTF-8, where it came so


def decode(payload: bytes, header_encoding: str | None = None) -> Decoded:
    """The text of a payload; never fails, for what no charset explains is replaced."""
    for mark, name in _BOMS:
        if payload.startswith(mark):
            return Decoded(text=payload[len(mark) :].decode(name, "replace"), encoding=name, how="bom")
    utf8 = _utf8(payload)
    for how, label in (("header", header_encoding), ("meta", declared(payload))):
        codec = _codec(label)
        if codec is not None and _allows(payload, codec, utf8):
            return _read(payload, codec, how, utf8)
    if _is_utf8(payload, utf8):
        return _read(payload, "utf-8", "utf-8", utf8)
    return _read(payload, _detected(payload), "detection", utf8)


def declared(payload: bytes) -> str | None:
    """The charset that the page itself names in its first bytes."""
    top = payload[:4096]
    match = _META_CHARSET.search(top) or _XML_CHARSET.search(top) or _META_CHARSET.search(payload[:65536])
    return match[1].decode("ascii") if match else None


def _codec(label: str | None) -> str | None:
    if not label:
        return None
    try:
        name = codecs.lookup(label.strip().strip("\"'")).name
        "".encode(name)  # some codecs make bytes of bytes ("hex"): no charset
    except (LookupError, ValueError, TypeError):
        return None
    return _READ_AS.get(name, name)


def _allows(payload: bytes, name: str, utf8: str | None) -> bool:
    """True where the bytes can be what the label says; ``utf8``: their text, where they are valid UTF-8."""
    is_utf8 = _is_utf8(payload, utf8)
    if name == "utf-8":
        return is_utf8
    if is_utf8 and not payload.isascii():
        return False  # text in another charset is never valid UTF-8 by accident
    if name.startswith(("cp125", "koi8", "iso8859")):
        text = payload.decode(name, "replace")
        high = len(_HIGH.findall(payload))
        return text.count("\ufffd") <= high * 0.02 and not _reads_badly(text, name)
    text = payload.decode(name, "replace")
    return text.count("\ufffd") <= 2 + len(payload) // 5000


def _utf8(payload: bytes) -> str | None:
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _is_utf8(payload: bytes, utf8: str | None) -> bool:
    """Valid, or so nearly that the broken bytes are damage (a cut title) and not another charset."""
    if utf8 is not None:
        return True
    sequences = _UTF8_SEQUENCE.findall(payload)
    stray = len(_HIGH.findall(payload)) - sum(map(len, sequences))
    return len(sequences) >= 20 and stray * 20 <= len(sequences)


def _reads_badly(text: str, name: str) -> bool:
    """Cyrillic bytes under a Western label come out as runs of accented letters: "Ïðåçèäåíò"."""
    if name not in ("cp1252", "cp1254"):
        return False
    letters = [c for c in text if "À" <= c <= "ÿ"]
    runs = sum(len(run) for run in _ACCENTED_RUN.findall(text))
    return len(letters) > 20 and runs > len(letters) * 0.6


# Four accented letters on end are no Western word: "Ïðåç"; not "déjà".
_ACCENTED_RUN = re.compile("[À-ÿ]{4,}")


def _detected(payload: bytes) -> str:
    if payload[:2000].count(0) > 200:
        return "utf-16-le" if payload[1:2000:2].count(0) > payload[0:2000:2].count(0) else "utf-16-be"
    stated = _LANGUAGE.search(payload[:4096])
    usual = _BY_LANGUAGE.get(stated[1].decode("ascii").lower()) if stated else None
    if usual is not None and _reads_as(payload, usual):
        return usual
    shown = without_scripts(payload[:400_000].decode("latin-1")).encode("latin-1")
    words = b" ".join(_MARKUP.sub(b" ", shown).split())
    first = _HIGH.search(words)
    start = max(0, (first.start() if first else 0) - 200)
    best = from_bytes(words[start : start + _SAMPLE_BYTES], cp_isolation=_CANDIDATES).best()
    return best.encoding if best is not None else "cp1252"


def _reads_as(payload: bytes, name: str) -> bool:
    """The charset has a letter for nearly every byte beyond ASCII, as another's text would not."""
    text = payload.decode(name, "replace")
    beyond = [character for character in text if character > "\x7f"]
    letters = sum(character.isalpha() for character in beyond)
    return letters * 10 >= len(beyond) * 7 and not _reads_badly(text, name) and _in_script(beyond, name)


def _in_script(beyond: list[str], name: str) -> bool:
    """Cyrillic in KOI8-R read as windows-1251 is Cyrillic too, but with its cases swapped: "оПХБЕР"."""
    if name != "cp1251":
        return True
    return sum(character.islower() for character in beyond) * 2 > sum(c.isalpha() for c in beyond)


def _read(payload: bytes, name: str, how: str, utf8: str | None) -> Decoded:
    valid = name == "utf-8" and utf8 is not None
    text = utf8 if valid and utf8 is not None else payload.decode(name, "replace")
    suspect = "Ã" in text or "Â" in text or ("â" in text and "€" in text)
    if suspect and len(_MOJIBAKE.findall(text)) >= 2:
        return Decoded(text=_MOJIBAKE.sub(_repaired, text), encoding=name, how=how)
    return Decoded(text=text, encoding=name, how=how, utf8=payload if valid else None)


def _repaired(match: re.Match[str]) -> str:
    raw = match.group().encode("cp1252", "ignore") if "\u009d" not in match.group() else b"\xe2\x80\x9d"
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return match.group()
