"""Stories as rows of the archive format: headline, standfirst, body with its blocks, coverage with its evidence."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from html import escape

from column.departments.models import CITYWIDE
from column.enums import Kind
from column.text.dates import format_number
from column.transfer.columns import join_list
from column.transfer.demo.days import Appearance
from column.transfer.demo.grammar import SUBJECTS, Line, Subject, Voice, load_subject
from column.transfer.demo.scenes.gallery import CREDIT, SCENES, Scene
from column.transfer.demo.units import Roster

#: Made-up pen names: initials as newspapers print them, and two that name no person.
BYLINES = ("H.L", "M.T", "Đ.K", "P.N", "T.A", "V.S", "Q.B", "L.C", "SÔNG HÀN", "SÓNG BIỂN")
#: Since when stories name the second directive too.
NEWER_DIRECTIVE = date(2023, 10, 27)
_NEWS_ROLES = {Kind.NEWS: "Tin: ", Kind.POOLED: "Tin, ảnh: ", Kind.PHOTO: "Biên soạn: "}
#: Words after which no further paragraph is added: an article ends up with some 350 to 600, a news item with 80 to 150.
LEAST_WORDS = {Kind.ARTICLE: 330, Kind.NEWS: 84, Kind.POOLED: 84}
_TRIES, _PHOTO_TRIES = 400, 4


@dataclass
class Draft:
    """A story in the making. ``evidence`` holds (item of the departments cell, passage)."""

    voice: Voice
    subject: Subject
    day: date
    blocks: list[str] = field(default_factory=list)
    words: int = 0
    evidence: list[tuple[str, str]] = field(default_factory=list)
    _used: dict[str, list[Line]] = field(default_factory=dict)

    def line(self, section: str) -> Line:
        """A template of the section that this story has not used yet."""
        left = self._used.get(section)
        if left is None:
            left = self._used[section] = self.subject.lines(section, self.day.year, self.voice.unit)
            self.voice.chance.shuffle(left)
        return left.pop()

    def has(self, section: str) -> bool:
        return self._used.get(section) is None or bool(self._used[section])

    def sentence(self, section: str) -> str:
        """A new sentence; what it is evidence for is noted."""
        line = self.line(section)
        text = self.voice.say(line.text)
        self.words += len(text.split())
        if line.criterion:
            self.evidence.append((f"{self.voice.unit.code}>{line.criterion}", text))
        return text

    def paragraph(self, *sections: str) -> None:
        """One sentence from each section, in this order. The unit is named in full now and then, not always."""
        self.voice.in_full = len(self.blocks) < 3 or self.voice.chance.random() < 0.5
        text = " ".join(self.sentence(section) for section in sections if self.has(section))
        if text:
            self.blocks.append(f"<p>{escape(text, quote=False)}</p>")


class Composer:
    """Writes one story after the other; what it wrote before, it relates to and does not repeat."""

    def __init__(self, chance: random.Random, roster: Roster) -> None:
        self.chance, self.roster = chance, roster
        self.subjects = [load_subject(name) for name in SUBJECTS]
        self.common = load_subject("chung")
        self._titles: set[str] = set()
        self._numbers: set[int] = set()
        self._ids: defaultdict[date, int] = defaultdict(int)
        #: Earlier articles by subject: external id and unit.
        self._written: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
        self._recent_scenes: list[str] = []

    def row(self, appearance: Appearance, *, gallery: bool = False) -> dict[str, str]:
        """The cells of one published story; *gallery* asks a photo story for four to six pictures."""
        day = appearance.day
        self._ids[day] += 1
        cells = {
            "external_id": f"demo-{day:%Y%m%d}-{self._ids[day]}", "kind": appearance.kind.value,
            "published_at": appearance.published_at.isoformat(), "issue_date": day.isoformat(),
            "number": str(self.number()),
        }  # fmt: skip
        if appearance.kind == Kind.ARTICLE:
            cells |= self.article(day, cells["external_id"])
        elif appearance.kind == Kind.PHOTO:
            cells |= self._photo_story(day, gallery=gallery)
        else:
            cells |= self.news(day, appearance.kind)
        return cells

    def number(self) -> int:
        """A story's public number: nine digits, none twice."""
        while (number := self.chance.randint(100_000_000, 999_999_999)) in self._numbers:
            pass
        self._numbers.add(number)
        return number

    # Articles -----------------------------------------------------------------------------------------------------

    def article(self, day: date, external_id: str = "") -> dict[str, str]:
        """The weekly article. Without an external id it is a draft that no other story relates to."""
        draft, title = self._begin(day, "titles")
        say = draft.voice.say
        standfirst = say(draft.line("standfirsts").text)
        subheads = [say(draft.line("subheads").text) for _ in range(2)]
        draft.paragraph("openings", "practice")
        self._subhead(draft, subheads[0])
        draft.paragraph("practice", "practice", "people")
        inset = self._inset(draft)
        draft.paragraph("practice", "results")
        self._aside(draft)
        self._subhead(draft, subheads[1])
        draft.paragraph("results", "practice", "people")
        if self.chance.random() < 0.4:
            self._table(draft)
        while draft.words < LEAST_WORDS[Kind.ARTICLE] and draft.has("practice"):
            draft.paragraph("practice", "results")
        self._second_unit(draft)
        draft.paragraph("plans", "plans")
        self._close(draft, day)
        if external_id:
            self._relate(draft, external_id)
        lead = self._scene(draft.subject)
        cells = {
            "title": title, "standfirst": standfirst, "body": "\n".join(draft.blocks),
            "byline": self._byline(""), "documents": _documents(day),
            **_photo_cells([lead], [scene for scene in inset if scene != lead]), **_coverage(draft.evidence),
        }  # fmt: skip
        if lead in inset:
            # The lead photo is not shown a second time within the text.
            cells["body"] = cells["body"].replace(f'<figure><img src="{lead.name}.jpg"></figure>\n', "")
        return cells

    @staticmethod
    def _subhead(draft: Draft, text: str) -> None:
        draft.blocks.append(f"<h2>{escape(text, quote=False)}</h2>")

    def _inset(self, draft: Draft) -> list[Scene]:
        if self.chance.random() > 0.3:
            return []
        scene = self._scene(draft.subject)
        draft.blocks.append(f'<figure><img src="{scene.name}.jpg"></figure>')
        return [scene]

    def _aside(self, draft: Draft) -> None:
        """A quotation, a figure set apart, or both."""
        draw = self.chance.random()
        if draw < 0.75:
            text, who = _parts(draft.voice.say(draft.line("quotes").text))
            draft.blocks.append(
                f"<blockquote><p>{escape(text, quote=False)}</p><cite>{escape(who, quote=False)}</cite></blockquote>"
            )
            draft.words += len(text.split())
        if draw > 0.55:
            value, text, source = _parts(draft.voice.say(draft.line("numbers").text))
            draft.blocks.append(
                f'<dl data-block="number"><dt>{escape(value)}</dt><dd>{escape(text)}</dd><dd>{escape(source)}</dd></dl>'
            )

    def _table(self, draft: Draft) -> None:
        caption, spec = _parts(draft.line("tables").text)
        rows = []
        for item in spec.split(";"):
            label, _, bounds = item.strip().rpartition(": ")
            low, high = (int(bound) for bound in bounds.split("-"))
            earlier = self.chance.randint(low, high)
            now = round(earlier * self.chance.uniform(1.02, 1.24))
            rows.append((label, format_number(earlier), format_number(now)))
        cells = "".join(f"<tr><td>{a}</td><td>{b}</td><td>{c}</td></tr>" for a, b, c in rows)
        draft.blocks.append(
            f"<table><caption>{caption}</caption><tbody><tr><th>Nội dung</th><th>Kỳ trước</th><th>Kỳ này</th></tr>"
            f"{cells}</tbody></table>"
        )

    def _second_unit(self, draft: Draft) -> None:
        """Sometimes another body joins in (a subject too), or says what it thinks (only mentioned)."""
        other = draft.voice.other
        draw = self.chance.random()
        if other is None or draw > 0.55:
            return
        if draw < 0.35:
            line = self.chance.choice(self.common.sections["other"])
            text = draft.voice.say(line.text)
            draft.evidence.append((f"{other.code}>{line.criterion}", text))
        else:
            text = draft.voice.say(self.chance.choice(self.common.sections["said"]).text)
            draft.evidence.append((f"{other.code} [nhắc đến]", text))
        draft.words += len(text.split())
        draft.blocks.append(f"<p>{escape(text, quote=False)}</p>")

    def _close(self, draft: Draft, day: date) -> None:
        """The directive that the story is about, and now and then the whole city or the committee's word."""
        section = "newer" if day > NEWER_DIRECTIVE and self.chance.random() < 0.5 else "directive"
        draft.voice.in_full = True
        sentences = [draft.voice.say(self.chance.choice(self.common.sections[section]).text)]
        if self.chance.random() < 0.15:
            line = self.chance.choice(self.common.sections["city"])
            sentences.insert(0, line.text)
            draft.evidence.append((f"{CITYWIDE}>{line.criterion}", line.text))
        if self.chance.random() < 0.15:
            sentences.append(self.chance.choice(self.common.sections["speaks"]).text)
            draft.evidence.append(("btv-thanh-uy [nhắc đến]", sentences[-1]))
        draft.words += sum(len(sentence.split()) for sentence in sentences)
        draft.blocks.append(f"<p>{escape(' '.join(sentences), quote=False)}</p>")

    def _relate(self, draft: Draft, external_id: str) -> None:
        """Links to at most two earlier articles on the subject, those about the same unit first."""
        earlier = self._written[draft.subject.name]
        near = [one for one, code in earlier if code == draft.voice.unit.code][-1:]
        near += [one for one, _code in earlier[-3:] if one not in near]
        if near and self.chance.random() < 0.6:
            items = "".join(f'<li data-story="{one}"></li>' for one in near[:2])
            draft.blocks.append(f'<ul data-block="related">{items}</ul>')
        earlier.append((external_id, draft.voice.unit.code))

    # News and photos ----------------------------------------------------------------------------------------------

    def news(self, day: date, kind: Kind) -> dict[str, str]:
        draft, title = self._begin(day, "news")
        lead = draft.voice.say(draft.line("chosen").text)
        draft.words += len(lead.split())
        draft.paragraph("practice", "results")
        while draft.words < LEAST_WORDS[kind]:
            draft.paragraph("people", "plans")
        pictured = kind == Kind.POOLED or self.chance.random() < 0.55
        return {
            "title": title, "standfirst": lead, "body": "\n".join(draft.blocks),
            "byline": self._byline(_NEWS_ROLES[kind]),
            "documents": _documents(day) if self.chance.random() < 0.3 else "",
            **_photo_cells([self._scene(draft.subject)] if pictured else [], []), **_coverage(draft.evidence, most=2),
        }  # fmt: skip

    def _photo_story(self, day: date, *, gallery: bool) -> dict[str, str]:
        """A headline of the subject's own while there is a new one, else what the first picture shows, and when."""
        draft, title = self._begin(day, "photos")
        scenes = self._gallery(draft.subject) if gallery else [self._scene(draft.subject, day)]
        if title:
            text = draft.voice.say(draft.line("chosen").text)
            evidence = []
        else:
            title = self._dated(scenes[0], day)
            text = f"{scenes[0].caption} {draft.sentence('practice')}"
            evidence = draft.evidence
        return {
            "title": title, "standfirst": text, "byline": self._byline(_NEWS_ROLES[Kind.PHOTO]),
            **_photo_cells(scenes, []), **_coverage(evidence),
        }  # fmt: skip

    def _dated(self, scene: Scene, day: date) -> str:
        """“Sông Hàn một ngày mưa, cuối tháng 10”; with the year once that has been said."""
        part = ("đầu", "giữa", "cuối")[min((day.day - 1) // 10, 2)]
        title = f"{scene.caption.rstrip('.')}, {part} tháng {day.month}"
        if title in self._titles:
            title = f"{title}/{day.year}"
        while title in self._titles:
            title = f"Thêm một góc nhìn: {title[:1].lower()}{title[1:]}"
        self._titles.add(title)
        return title

    def _gallery(self, subject: Subject) -> list[Scene]:
        fitting = [scene for scene in SCENES if scene.tags & subject.scenes]
        others = [scene for scene in SCENES if "thanh-pho" in scene.tags]
        wanted = self.chance.randint(4, 6)
        chosen = self.chance.sample(fitting, min(len(fitting), wanted))
        return chosen + self.chance.sample([scene for scene in others if scene not in chosen], wanted - len(chosen))

    # What all share -----------------------------------------------------------------------------------------------

    def _begin(self, day: date, section: str) -> tuple[Draft, str]:
        """A subject, a unit and a headline that no story has had; no headline (empty) where photos have none left.

        News and photos carry their text with the headline: it becomes the section ``chosen``.
        """
        tries = _PHOTO_TRIES if section == "photos" else _TRIES
        for attempt in range(tries):
            subject = self.chance.choices(self.subjects, list(SUBJECTS.values()))[0]
            unit = self.roster.choose(subject, day, self.chance)
            if unit is None:
                continue
            voice = Voice(self.chance, unit, self.roster.partner(unit, day, self.chance))
            headline, *text = _parts(self.chance.choice(subject.lines(section, day.year, unit)).text)
            title = voice.say(headline)
            last_photo = section == "photos" and attempt == tries - 1
            if attempt > tries // 2 and section != "photos":
                title = f"{title} ({day.month}/{day.year})"
            if title in self._titles and not last_photo:
                continue
            fresh = title not in self._titles
            self._titles.add(title)
            sections = {**subject.sections, "chosen": (Line(text[0] if text else ""),)}
            chosen = Subject(subject.name, sections, subject.scenes, subject.units)
            return Draft(voice, chosen, day), title if fresh else ""
        raise LookupError(f"no headline left for {day}")

    def _scene(self, subject: Subject, day: date | None = None) -> Scene:
        """A fitting picture (of the season, given a *day*), preferably one that the last stories did not show."""
        fitting = [scene for scene in SCENES if scene.tags & subject.scenes]
        if day is not None:
            fitting = [scene for scene in fitting if day.month in (scene.months or range(1, 13))] or fitting
        fresh = [scene for scene in fitting if scene.name not in self._recent_scenes] or fitting
        scene = self.chance.choice(fresh)
        self._recent_scenes = [*self._recent_scenes[-11:], scene.name]
        return scene

    def _byline(self, role: str) -> str:
        names = self.chance.sample(BYLINES, 2 if self.chance.random() < 0.08 else 1)
        return role + ", ".join(names)


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.split("||")]


def _documents(day: date) -> str:
    links = ["thực hiện: 29-CT/TU (06/11/2013)"]
    if day > NEWER_DIRECTIVE:
        links.append("gắn với: 34-CT/TU (27/10/2023)")
    return join_list(links)


def _coverage(evidence: Iterable[tuple[str, str]], *, most: int = 4) -> dict[str, str]:
    """The rows' cells: each unit and criterion once, with the first sentence that shows it."""
    rows: dict[str, str] = {}
    for item, passage in evidence:
        rows.setdefault(item, passage)
    main = list(rows.items())[:most] + [row for row in list(rows.items())[most:] if "[" in row[0]]
    return {"departments": join_list(item for item, _ in main), "evidence": join_list(passage for _, passage in main)}


def _photo_cells(own: Sequence[Scene], placed: Sequence[Scene]) -> dict[str, str]:
    """The story's own photos, then those of its body after an empty value, as the archive format has it."""
    shown: list[Scene | None] = [*own, *([None, *placed] if placed else [])]
    return {
        "photos": join_list(f"{scene.name}.jpg" if scene else "" for scene in shown),
        "credits": join_list(CREDIT if scene else "" for scene in shown),
        "alts": join_list(scene.alt if scene else "" for scene in shown),
        "rights": join_list("own" if scene else "" for scene in shown),
        "places": join_list(scene.place if scene else "" for scene in shown),
    }
