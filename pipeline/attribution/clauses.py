"""Who says what in one sentence? Sources, cues and contents found from their order and punctuation.

The strongest sign is read first: a statement closed by a comma and "X said" takes all that stands
before it; then verbs from left to right take what follows them. A verb that stands in the content of
another is left for a later, inner reading.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.attribution.lexicon import Form, Lexicon, Takes, Word
from pipeline.attribution.phrases import (
    Range,
    phrase_end,
    plural,
    speaks,
    subject_after,
    subject_before,
)
from pipeline.attribution.tokens import Tokens
from pipeline.attribution.verbs import VerbGroup, verb_groups

_ADV = int(Word.ADVERB)
_AUX = int(Word.AUXILIARY)
_COORD = int(Word.COORDINATOR)
_DET = int(Word.DETERMINER)
_JOINER = int(Word.JOINER)
_PREP = int(Word.PREPOSITION)
_PRON = int(Word.PRONOUN)
_QUESTION = int(Word.QUESTION)
_REL = int(Word.RELATIVE)
_SETTING = int(Word.SETTING)
_SUB = int(Word.SUBORDINATOR)
_TIME = int(Word.TIME)

_DASHES = frozenset("–—-")
_SPOKEN = frozenset({Takes.SPEECH, Takes.TELL, Takes.ASK, Takes.QUOTING, Takes.OPINION})
_BARE = frozenset({Takes.SPEECH, Takes.TELL})
_WHEN = frozenset({"when", "after", "because", "as", "since", "before", "if"})
_LONG_QUOTE = 4  # words; a shorter quotation is a word of somebody's, not a statement


@dataclass(slots=True, kw_only=True)
class Draft:
    """An attribution being put together, in token positions."""

    source: Range | None
    cue: list[Range]
    content: list[Range]
    strength: float
    verb: int
    via: str | None = None
    inside: int | None = None
    rule: str | None = None  # set where the construction itself decides, as in transcripts
    shared: bool = False  # the source is that of the verb before
    open_to_left: bool = False  # `X said.` after a quotation that is a sentence of its own
    open_to_right: bool = False  # `X said:` before one
    parts: list[int] = field(default_factory=list)


def read_clause(tokens: Tokens, lexicon: Lexicon, lo: int, hi: int, base: int) -> list[Draft]:
    """The attributions of a range that is one sentence; contents of none reach out of it."""
    groups = verb_groups(tokens, lexicon, lo, hi, base)
    if not groups:
        return []
    reader = _Reader(tokens, lo, hi, base)
    return reader.read(groups)


class _Reader:
    """One sentence's reading: what is taken already, and whose turn it was last."""

    def __init__(self, tokens: Tokens, lo: int, hi: int, base: int) -> None:
        self.tokens = tokens
        self.base = base
        self.lo = lo
        while hi > lo and not tokens.word[hi - 1] and tokens.text[tokens.start[hi - 1]] in ".!?…":
            hi -= 1
        self.hi = hi
        self.drafts: list[Draft] = []
        self.free = lo  # everything before it is taken

    def read(self, groups: list[VerbGroup]) -> list[Draft]:
        closing = {id(g): found for g in groups if (found := self._closing(g)) is not None}
        index = 0
        while index < len(groups):
            group = groups[index]
            if group.begin < self.free:
                index += 1
                continue
            draft = self._take(groups, index, closing)
            if draft is not None:
                self.drafts.append(draft)
            index += 1
        return self.drafts

    # ---- statements that close with their source ------------------------------------------------

    def _closing(self, group: VerbGroup) -> tuple[Range | None, int, int] | None:
        """(source, where the phrase begins, where it ends) of ", X said" or ", according to X"."""
        tokens = self.tokens
        if group.according:
            source = self._object_phrase(group.end)
            return None if source is None else (source, group.begin, source[1])
        if group.passive or not group.takes & _SPOKEN or not group.finite or group.prepositional:
            return None
        return self._closing_inverted(group) or self._closing_plain(group)

    def _closing_plain(self, group: VerbGroup) -> tuple[Range | None, int, int] | None:
        tokens = self.tokens
        source = subject_before(tokens, group.begin, self.lo, self.base)
        if source is None:
            return None
        begin = source[0]
        if begin > self.lo and tokens.low[begin - 1] == "as":
            begin -= 1
        if not self._edge_before(begin) and (begin == source[0] or begin > self.lo):
            return None
        if Form.BASE in group.cue.forms and not self._agrees(group, source):
            return None
        end = self._rest_is_setting(group)
        if end is None:
            return None
        if end > group.end or not self._at_mark(end) or end >= self.hi:
            if self._only_setting(source[0], quoted=self._quote_follows(end)):
                return None
        if not group.takes & (_BARE | {Takes.ASK}) and not self._quote_beside(source[0], end) and (
            Takes.OPINION not in group.takes
        ):
            return None
        return source, begin, end

    def _closing_inverted(self, group: VerbGroup) -> tuple[Range | None, int, int] | None:
        tokens = self.tokens
        if group.begin != group.verb or not self._edge_before(group.begin):
            return None
        if not group.cue.forms & {Form.PAST, Form.THIRD}:
            return None
        source = subject_after(tokens, group.end, self.hi, self.base)
        if source is None or not (speaks(tokens, source) or group.cue.lemma == "say"):
            return None
        quoted = self._quote_ends_at(group.begin)
        if group.cue.lemma != "say" and not quoted:
            return None
        end = self._skip_setting(source[1])
        if not quoted and (not self._at_mark(end) or self._has_subject(group)):
            return None
        if tokens.flags[source[0]] & _PRON and not self._at_mark(source[1]):
            return None
        return source, group.begin, end

    def _has_subject(self, group: VerbGroup) -> bool:
        """The sentence opens with this verb's own subject: "Ilse Brandvik, a geologist, said …"."""
        source = subject_before(self.tokens, group.begin, self.lo, self.base)
        return source is not None and (source[0] <= self.free or self._only_openers(source[0]))

    def _at_mark(self, position: int) -> bool:
        """The sentence, or a part of it, ends here."""
        tokens = self.tokens
        return position >= self.hi or not tokens.word[position] or bool(tokens.flags[position] & _REL)

    def _edge_before(self, position: int) -> bool:
        """A comma, a dash or a quotation's end stands before, with a statement on its left."""
        tokens = self.tokens
        if position <= self.lo:
            return False
        before = position - 1
        if tokens.flags[before] & _COORD and before > self.lo:
            before -= 1
        if tokens.quote[before] not in (-1, self.base):
            return True
        return not tokens.word[before] and tokens.text[tokens.start[before]] in ",–—-?!…”\"’'"

    def _only_setting(self, begin: int, *, quoted: bool) -> bool:
        """What stands on the left is "After the meeting," or "At a rally in Ohio,", no statement."""
        tokens = self.tokens
        first = self.free
        while first < begin and not tokens.word[first]:
            first += 1
        if first >= begin or self._quote_ends_at(begin) or tokens.quote[first] not in (-1, self.base):
            return False
        if not tokens.flags[first] & (_PREP | _SUB | _ADV | _TIME):
            return False
        return quoted or (begin - first <= 9 and not any(f & _AUX for f in tokens.flags[first:begin]))

    def _quote_follows(self, end: int) -> bool:
        position = end
        while position < self.hi and not self.tokens.word[position]:
            if self.tokens.quote[position] not in (-1, self.base):
                return True
            position += 1
        return position < self.hi and self.tokens.quote[position] not in (-1, self.base)

    def _quote_ends_at(self, position: int) -> bool:
        before = position - 1
        return before >= self.lo and self.tokens.quote[before] not in (-1, self.base)

    def _quote_beside(self, begin: int, end: int) -> bool:
        if self._quote_ends_at(begin):
            return True
        position = end
        while position < self.hi and not self.tokens.word[position]:
            if self.tokens.quote[position] not in (-1, self.base):
                return True
            position += 1
        return False

    def _rest_is_setting(self, group: VerbGroup) -> int | None:
        """Where "X said on Sunday" ends, if nothing but where and when and to whom follows the verb."""
        end = self._skip_setting(group.end, addressee=bool(group.takes & {Takes.TELL, Takes.ASK}))
        tokens = self.tokens
        if end >= self.hi:
            return end
        if tokens.quote[end] not in (-1, self.base):
            return end if not tokens.word[end - 1] or end == group.end else None
        if not tokens.word[end]:
            return end if tokens.text[tokens.start[end]] in ",.;–—-?!" else None
        if tokens.flags[end] & (_REL | _JOINER) and tokens.low[end] not in ("that", "as", "because"):
            return end
        return None

    def _skip_setting(self, position: int, *, addressee: bool = False) -> int:
        """Past times, adverbs, an addressee and prepositional phrases up to the next mark."""
        tokens = self.tokens
        if addressee:
            position = self._skip_addressee(position)
        while position < self.hi:
            flag = tokens.flags[position]
            if tokens.quote[position] not in (-1, self.base) or not tokens.word[position]:
                break
            if flag & (_ADV | _TIME) and not flag & _PRON:
                position += 1
            elif flag & _PREP:
                position = self._skip_prepositional(position)
            else:
                break
        return position

    def _skip_prepositional(self, position: int) -> int:
        tokens = self.tokens
        end = position + 1
        while end < min(self.hi, position + 14):
            if not tokens.word[end] or tokens.quote[end] not in (-1, self.base):
                break
            flag = tokens.flags[end]
            if flag & _AUX or tokens.low[end] == "that" or (flag & _PRON and end > position + 1):
                break
            end += 1
        return end

    def _skip_addressee(self, position: int) -> int:
        tokens = self.tokens
        if position >= self.hi or tokens.quote[position] not in (-1, self.base):
            return position
        word, flag = tokens.low[position], tokens.flags[position]
        if word in ("him", "her", "them", "me", "us", "you", "it", "reporters", "journalists", "lawmakers"):
            if word != "her" or position + 1 >= self.hi or not tokens.word[position + 1] or tokens.flags[position + 1] & (_SUB | _PREP | _DET):
                return self._after_joined(position + 1)
        if word == "that" or flag & (_PREP | _QUESTION) or not tokens.word[position]:
            return position
        return phrase_end(tokens, position, self.hi, self.base)

    def _after_joined(self, position: int) -> int:
        return position

    def _agrees(self, group: VerbGroup, source: Range) -> bool:
        """A base form needs an auxiliary or a plural subject; past forms that equal the base do not."""
        if group.begin < group.verb and any(
            self.tokens.flags[p] & _AUX for p in range(group.begin, group.verb)
        ):
            return True
        return Form.PAST in group.cue.forms or plural(self.tokens, source)

    # ---- one verb ---------------------------------------------------------------------------------

    def _take(
        self,
        groups: list[VerbGroup],
        index: int,
        closing: dict[int, tuple[Range | None, int, int]],
    ) -> Draft | None:
        """The attribution of this verb, or of a closing one ahead that takes this verb's words too."""
        for ahead in range(index, len(groups)):
            found = closing.get(id(groups[ahead]))
            if found is None:
                continue
            if ahead > index and not self._closes_over(groups[index], found[1]):
                continue
            draft = self._closing_draft(groups[ahead], found)
            if draft is not None:
                return draft
        group = groups[index]
        if group.according:
            return self._opening_according(group)
        return self._opening(groups, index)

    def _closes_over(self, group: VerbGroup, begin: int) -> bool:
        """A closing ", X said" reaches back over an earlier verb, but not over its "but" or semicolon."""
        tokens = self.tokens
        for position in range(group.end, begin - 1):
            if not tokens.word[position] and tokens.quote[position] in (-1, self.base):
                mark = tokens.text[tokens.start[position]]
                if mark == ";":
                    return False
                if mark == "," and position + 1 < begin and tokens.low[position + 1] in ("but", "while", "although"):
                    return False
        return True

    def _closing_draft(self, group: VerbGroup, found: tuple[Range | None, int, int]) -> Draft | None:
        source, begin, end = found
        content = self._content(self._left_bound(begin), begin)
        contents = [content] if content is not None else []
        if content is None and (group.according or self.tokens.low[begin] == "as"):
            right = self._content(end, self.hi)
        else:
            right = self._resumed(end, direct=end == group.end and not self._quote_ends_at(begin))
        if right is not None:
            contents.append(right)
            self.free = right[1]
        else:
            self.free = end
        draft = Draft(
            source=source,
            cue=[(group.begin, group.end)],
            content=contents,
            strength=0.95 if contents else 0.6,
            verb=group.verb,
            open_to_left=not contents or content is None,
            open_to_right=self._ends_with_colon(end),
        )
        if not contents and group.according:
            return None
        if content is None and right is None and begin > self.lo and not self._only_openers(begin):
            return None
        return draft

    def _left_bound(self, begin: int) -> int:
        """A statement in brackets with its source begins at the bracket."""
        tokens = self.tokens
        for position in range(begin - 1, self.free - 1, -1):
            if tokens.word[position] or tokens.quote[position] not in (-1, self.base):
                continue
            mark = tokens.text[tokens.start[position]]
            if mark in "([":
                return position + 1
            if mark in ")]":
                break
        return self.free

    def _only_openers(self, begin: int) -> bool:
        return all(not self.tokens.word[p] or self.tokens.flags[p] & (_ADV | _COORD) for p in range(self.lo, begin))

    def _resumed(self, end: int, *, direct: bool) -> Range | None:
        """The statement that goes on after its source: "A, X said, B" and `"A," X said, "B"`."""
        tokens = self.tokens
        if end >= self.hi:
            return None
        position = end
        quoted = False
        while position < self.hi and not tokens.word[position]:
            if tokens.quote[position] not in (-1, self.base):
                quoted = True
                break
            position += 1
        if position >= self.hi:
            return None
        if tokens.quote[position] not in (-1, self.base):
            quoted = True
        left_quoted = self._quote_ends_at(self._left_edge(end))
        if quoted:
            return self._content(position, self._quote_run_end(position))
        mark = tokens.text[tokens.start[end]]
        if left_quoted or mark not in ",–—-" or self.hi - position < 3:
            return None
        flag, word = tokens.flags[position], tokens.low[position]
        if word in ("and", "but") and self._own_clause(position + 1):
            return self._content(position, self.hi)
        if flag & _REL or word.endswith("ing"):
            return None
        if not direct and flag & (_JOINER | _PREP | _SUB):
            return None
        if self._opens_aside(position):
            return None
        return self._content(position, self.hi)

    def _own_clause(self, position: int) -> bool:
        """A clause with a subject of its own, which nobody else says."""
        tokens = self.tokens
        phrase = subject_after(tokens, position, self.hi, self.base)
        return phrase is not None and phrase[1] < self.hi and bool(tokens.flags[phrase[1]] & _AUX)

    def _opens_aside(self, position: int) -> bool:
        """An apposition to the source rather than the rest of the statement: ", a professor at Y"."""
        tokens = self.tokens
        return any(
            tokens.flags[p] & int(Word.ROLE) for p in range(position, min(self.hi, position + 7))
        ) and not any(tokens.flags[p] & _AUX for p in range(position, self.hi))

    def _left_edge(self, end: int) -> int:
        position = end
        while position > self.lo and self.tokens.quote[position - 1] in (-1, self.base):
            position -= 1
        return position

    def _quote_run_end(self, position: int) -> int:
        """The end of the quotation that starts here, or of all that follows if more is quoted after it."""
        tokens = self.tokens
        quote = tokens.quote[position]
        end = tokens.quote_range[quote][1] if quote >= 0 else position
        end = min(end, self.hi)
        if self._full_quote(quote):
            return end
        return self.hi

    def _full_quote(self, quote: int) -> bool:
        """A quotation that ends with its own punctuation, or is long: a statement by itself."""
        if quote < 0:
            return False
        tokens = self.tokens
        first, end = tokens.quote_range[quote]
        last = end - 2 if tokens.quotes[quote].closed else end - 1
        return last > first and not tokens.word[last] and tokens.text[tokens.start[last]] in ",.?!…"

    def _ends_with_colon(self, end: int) -> bool:
        return end < self.hi and self.tokens.text[self.tokens.start[end]] == ":"

    def _object_phrase(self, first: int) -> Range | None:
        return subject_after(self.tokens, first, self.hi, self.base) or self._any_phrase(first)

    def _any_phrase(self, first: int) -> Range | None:
        if first >= self.hi or not self.tokens.word[first] or self.tokens.quote[first] not in (-1, self.base):
            return None
        return first, phrase_end(self.tokens, first, self.hi, self.base)

    def _opening_according(self, group: VerbGroup) -> Draft | None:
        """According to X, … : the rest of the sentence."""
        return None

    # ---- verbs with what follows them --------------------------------------------------------------

    def _opening(self, groups: list[VerbGroup], index: int) -> Draft | None:
        group = groups[index]
        source, shared = self._source_of(group)
        if source is None and not shared:
            return None
        found = self._following(group, source)
        if found is None:
            return None
        start, strength = found
        if start < 0:  # "X said:" and the paragraph ends
            self.free = group.end
            return Draft(
                source=source, cue=[(group.begin, group.end)], content=[], strength=0.6, verb=group.verb,
                shared=shared, open_to_right=True, open_to_left=start == -2,
            )  # fmt: skip
        end = self._end_of_content(groups, index, start, found)
        content = self._content(start, end)
        if content is None:
            return None
        self.free = content[1]
        return Draft(
            source=source, cue=[(group.begin, group.end)], content=[content], strength=strength,
            verb=group.verb, shared=shared,
        )  # fmt: skip

    def _source_of(self, group: VerbGroup) -> tuple[Range | None, bool]:
        """The subject, or that of the verb before where they are joined: "thanked … and reiterated"."""
        tokens = self.tokens
        if group.passive:
            return None, False
        before = group.begin - 1
        joined = before >= self.lo and tokens.low[before] in ("and", "but", "or", "then")
        if not group.finite:
            return self._participle_source(group)
        if joined:
            if self.drafts:
                return self.drafts[-1].source, True
            first = self._first_subject(before)
            return first, first is not None
        source = subject_before(tokens, group.begin, self.free, self.base)
        if source is None:
            return None, False
        if Form.BASE in group.cue.forms and not self._agrees(group, source):
            return None, False
        return source, False

    def _participle_source(self, group: VerbGroup) -> tuple[Range | None, bool]:
        """", adding that": the source of the verb before, or the subject of the sentence."""
        tokens = self.tokens
        before = group.begin - 1
        if before < self.lo:
            return None, False
        edge = not tokens.word[before] or tokens.flags[before] & (_COORD | _TIME | _ADV)
        if not edge and not tokens.quote[before] >= 0:
            return None, False
        if self.drafts:
            return self.drafts[-1].source, True
        first = self._first_subject(before)
        return first, first is not None

    def _first_subject(self, before: int) -> Range | None:
        """The noun phrase that the sentence opens with, if it can speak."""
        tokens = self.tokens
        position = self.lo
        while position < before and (
            not tokens.word[position] or tokens.flags[position] & (_COORD | _ADV | _TIME)
        ):
            position += 1
        if position < before and tokens.flags[position] & (_PREP | _SUB):
            while position < before and tokens.text[tokens.start[position]] != ",":
                position += 1
            position += 1
        if position >= before:
            return None
        phrase = subject_after(tokens, position, before, self.base)
        return phrase if phrase is not None and speaks(tokens, phrase) else None

    def _following(self, group: VerbGroup, source: Range | None) -> tuple[int, float] | None:
        """Where the content after a verb starts, and how sure that is; -1 for a colon that ends it."""
        tokens, takes = self.tokens, group.takes
        end = group.end
        if end >= self.hi:
            return self._dangling(group, source)
        if tokens.flags[end] & _AUX and not tokens.quote[end] >= 0:
            return None
        quoted = self._quoted_after(group)
        if quoted is not None:
            return quoted
        if group.prepositional:
            return (end, 0.7) if source is None or speaks(tokens, source) else None
        spoken = bool(takes & {Takes.SPEECH, Takes.OPINION, Takes.TELL})
        if spoken:
            that = self._that_after(group)
            if that is not None:
                return that, 0.9 if takes & _BARE else 0.7
        if Takes.ASK in takes:
            asked = self._question_after(group)
            if asked is not None:
                return asked, 0.85
        if Takes.INTENT in takes and tokens.low[end] == "to" and (source is None or speaks(tokens, source)):
            return end, 0.65
        if takes & {Takes.SPEECH, Takes.OPINION} or group.cue.lemma == "tell":
            bare = self._bare_after(group)
            if bare is not None:
                return bare, 0.85 if group.cue.lemma in ("say", "tell") else 0.65
        if Takes.STANCE in takes and self._object_after(group) and (source is None or speaks(tokens, source)):
            return end, 0.6
        return None

    def _dangling(self, group: VerbGroup, source: Range | None) -> tuple[int, float] | None:
        if source is not None and group.takes & _SPOKEN:
            return -2, 0.6
        return None

    def _quoted_after(self, group: VerbGroup) -> tuple[int, float] | None:
        """`said "…"`, `said: "…"`, `said on Sunday, "…"`; also "said:" with plain words after it."""
        tokens = self.tokens
        if not group.takes & (_SPOKEN | {Takes.STANCE}):
            return None
        position = group.end
        limit = min(self.hi, position + 24)
        while position < limit:
            quote = tokens.quote[position]
            if quote not in (-1, self.base):
                if tokens.quotes[quote].start == tokens.start[position] and self._speaks_up(group, position):
                    return position, 0.9
                return None
            if not tokens.word[position]:
                mark = tokens.text[tokens.start[position]]
                if mark == ":":
                    if position + 1 >= self.hi:
                        return -1, 0.6
                    if tokens.start[position + 1] == tokens.end[position]:
                        return None  # "at 9:42"

                    return (position + 1, 0.8) if group.takes & _SPOKEN else None
                if mark not in ",":
                    return None
            elif tokens.low[position] == "that":
                return None
            position += 1
        return None

    def _speaks_up(self, group: VerbGroup, position: int) -> bool:
        """Whether the quotation that starts here is the content, not a word inside a clause."""
        tokens = self.tokens
        before = position - 1
        if before == group.end - 1:
            return True
        if not tokens.word[before]:
            return tokens.text[tokens.start[before]] in ",:"
        if not group.takes & _BARE:
            return False
        skipped = self._skip_setting(group.end, addressee=bool(group.takes & {Takes.TELL, Takes.ASK}))
        return skipped == position and self._full_quote(tokens.quote[position])

    def _that_after(self, group: VerbGroup) -> int | None:
        """The "that" that opens the content, past an addressee, a time or a setting."""
        tokens = self.tokens
        position = group.end
        limit = min(self.hi, position + 14)
        while position < limit:
            if tokens.quote[position] not in (-1, self.base):
                return None
            if tokens.low[position] == "that" and (position == group.end or not self._relative(position, group)):
                return position
            if not tokens.word[position]:
                if tokens.text[tokens.start[position]] != ",":
                    return None
            elif tokens.flags[position] & _AUX:
                return None
            elif position == group.end and not group.takes & {Takes.TELL, Takes.ASK} and not tokens.flags[
                position
            ] & (_PREP | _TIME | _ADV):
                return None
            position += 1
        return None

    def _relative(self, position: int, group: VerbGroup) -> bool:
        """A "that" of a relative clause or a pointing one: "of the plan that failed"."""
        before = position - 1
        tokens = self.tokens
        if not tokens.word[before] or tokens.flags[before] & (_TIME | _SETTING):
            return False
        return not group.takes & {Takes.TELL, Takes.ASK} and not tokens.capital[before]

    def _question_after(self, group: VerbGroup) -> int | None:
        tokens = self.tokens
        position = self._skip_addressee(group.end)
        while position < self.hi and tokens.flags[position] & _TIME and not tokens.flags[position] & _DET:
            position += 1
        if position < self.hi and (tokens.flags[position] & _QUESTION or tokens.low[position] == "about"):
            return position
        if position < self.hi and tokens.low[position] == "to" and group.cue.lemma == "ask":
            return group.end
        return None

    def _bare_after(self, group: VerbGroup) -> int | None:
        """A clause or object right after the verb, or after a time or a setting."""
        tokens = self.tokens
        position = group.end
        if Takes.TELL in group.takes and group.cue.lemma == "tell":
            position = self._skip_addressee(position)
            if position >= self.hi:
                return None
        while position < self.hi and tokens.flags[position] & _TIME and not tokens.flags[position] & _DET:
            position += 1
        if position < self.hi and tokens.flags[position] & _PREP:
            position = self._past_setting(position)
        if position >= self.hi - 1 or not tokens.word[position]:
            return None if position >= self.hi - 1 or tokens.quote[position] in (-1, self.base) else position
        flag = tokens.flags[position]
        if flag & (_COORD | _JOINER) or (flag & _PREP and position == group.end and not flag & _DET):
            return None
        if flag & _SUB and not flag & (_DET | _QUESTION) and tokens.low[position] != "that":
            return None
        if group.takes & {Takes.SPEECH, Takes.TELL} or self._has_verb(position):
            if group.takes.isdisjoint(_BARE) and flag & _QUESTION:
                return None
            return position
        return None

    def _past_setting(self, position: int) -> int:
        """Past "in a statement", "on Sunday", when a clause follows; else where it was."""
        tokens = self.tokens
        end = position + 1
        while end < min(self.hi, position + 8) and tokens.word[end]:
            if tokens.flags[end] & (_SETTING | _TIME) and not tokens.flags[end] & _DET:
                end += 1
                while end < self.hi and tokens.flags[end] & _TIME and not tokens.flags[end] & _DET:
                    end += 1
                if end < self.hi and (tokens.flags[end] & (_DET | _PRON) or tokens.capital[end]):
                    return end
                return self.hi
            end += 1
        return self.hi

    def _has_verb(self, position: int) -> bool:
        """A clause seems to follow: an auxiliary or a verb form within reach, before the next comma."""
        tokens = self.tokens
        for place in range(position + 1, min(self.hi, position + 12)):
            if tokens.flags[place] & _AUX:
                return True
            if tokens.low[place].endswith("ed") and place > position + 1:
                return True
            if not tokens.word[place]:
                return False
        return False

    def _object_after(self, group: VerbGroup) -> bool:
        tokens = self.tokens
        position = group.end
        if position >= self.hi:
            return False
        if tokens.quote[position] not in (-1, self.base):
            return True
        flag = tokens.flags[position]
        if not tokens.word[position] or flag & (_COORD | _SUB | _AUX) and not flag & _DET:
            return False
        return not flag & (_PREP | _TIME) or bool(flag & _DET)

    # ---- where a content ends ----------------------------------------------------------------------

    def _end_of_content(
        self, groups: list[VerbGroup], index: int, start: int, found: tuple[int, float]
    ) -> int:
        """The sentence's end, or where another statement of the same or another source begins."""
        tokens = self.tokens
        quote = tokens.quote[start]
        if quote not in (-1, self.base) and self._full_quote(quote):
            return min(tokens.quote_range[quote][1], self.hi)
        group = groups[index]
        clause = tokens.low[start] == "that" or bool(group.takes & _BARE)
        for later in groups[index + 1 :]:
            if later.begin <= start:
                continue
            cut = self._cut(group, later, start, clause=clause)
            if cut is not None:
                return cut
        return self.hi

    def _cut(self, group: VerbGroup, later: VerbGroup, start: int, *, clause: bool) -> int | None:
        tokens = self.tokens
        before = later.begin - 1
        if before <= start:
            return None
        comma = not tokens.word[before] and tokens.text[tokens.start[before]] == ","
        if not later.finite:
            if comma and later.takes & {Takes.SPEECH, Takes.STANCE, Takes.TELL}:
                return before
            return None
        if tokens.low[before] == "but" and later.takes & {Takes.SPEECH, Takes.TELL, Takes.ASK}:
            return before
        if tokens.low[before] in ("and", "but") and Form.PAST in later.cue.forms and Form.PAST in group.cue.forms:
            if not clause or later.cue.lemma in ("add", "say") or self._says_that(later):
                return before
            return None
        if later.according and comma:
            return before
        source = subject_before(tokens, later.begin, start, self.base)
        if source is None or source[0] - 2 <= start:
            return None
        joiner = source[0] - 1
        mark = tokens.text[tokens.start[joiner]] if not tokens.word[joiner] else ""
        if mark and tokens.quote[joiner] in (-1, self.base) and later.takes & _BARE:
            if mark in ",;" and (mark == ";" or tokens.flags[self.lo] & _SUB):
                return joiner
            if mark in _DASHES:
                return joiner
        if tokens.low[joiner] == "and" and tokens.text[tokens.start[joiner - 1]] == "," and tokens.flags[source[0]] & _PRON:
            return joiner
        if not clause and tokens.low[joiner] in _WHEN and later.takes & _BARE:
            return joiner
        if tokens.low[joiner] in ("but", "while", "although", "though", "whereas") and later.takes & (
            _BARE | {Takes.STANCE, Takes.OPINION}
        ):
            return joiner
        return None

    def _says_that(self, group: VerbGroup) -> bool:
        tokens = self.tokens
        return group.end < self.hi and (
            tokens.low[group.end] == "that" or tokens.quote[group.end] not in (-1, self.base)
        )

    def _content(self, first: int, end: int) -> Range | None:
        """The range without the marks and joining words at its edges; None if no word is left."""
        tokens = self.tokens
        while first < end and not tokens.word[first] and tokens.quote[first] in (-1, self.base):
            first += 1
        while end > first and not tokens.word[end - 1] and tokens.quote[end - 1] in (-1, self.base):
            end -= 1
        while end > first and tokens.flags[end - 1] & _COORD and tokens.quote[end - 1] in (-1, self.base):
            end -= 1
        if not any(tokens.word[p] for p in range(first, min(end, first + 6))):
            return None
        return first, end
