"""Makes the web fonts of the site, run by hand: ``python -m home.webfonts``.

Cuts two open-licence families down to Latin and Vietnamese, writes them as woff2 into ``home/static/site/fonts/`` and
writes ``home/static/site/css/fonts.css``. Each web font gets a twin: a font that is already on the reader's machine,
stretched to the same average width and line box, so that no line moves when the web font arrives. The stretch is
measured on Vietnamese text, whose letters and spaces are distributed unlike English.

Needs the development requirements (fontTools, brotli and the two ``fontpkg`` packages) and a metric twin of Arial and
Times New Roman (Liberation) on the machine that runs it; the site itself needs none of them.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

HERE = Path(__file__).parent / "static" / "site"
FONTS = HERE / "fonts"

# Latin-1, all Vietnamese letters composed and as combining marks, punctuation a newspaper prints, đồng, arrows, maths.
UNICODES = (
    "U+0020-007E,U+00A0-00FF,U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,U+01AF-01B0,U+0300-0301,"
    "U+0303,U+0309,U+0323,U+1EA0-1EF9,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+2030,U+2032-2033,U+2039-203A,"
    "U+20AB,U+2190-2193,U+2212,U+2248,U+2260,U+2264-2265"
)
FEATURES = ["ccmp", "locl", "kern", "mark", "mkmk", "liga", "lnum", "tnum", "frac", "sups", "case"]

# A paragraph of ordinary Vietnamese of our own: only the frequency of its characters matters.
SAMPLE = (
    "Sáng thứ Năm, bộ phận tiếp nhận và trả kết quả của phường mở cửa sớm hơn thường lệ nửa giờ. Người dân lấy "
    "số, ngồi chờ dưới mái hiên mới lợp, và phần lớn hồ sơ được giải quyết ngay trong buổi. Cán bộ trực giải "
    "thích từng bước, ghi rõ ngày hẹn trả, xin lỗi bằng văn bản nếu trễ hẹn. Theo quy định mới, mỗi thủ tục chỉ "
    "còn một đầu mối liên hệ, thời gian giải quyết giảm từ 15 ngày xuống còn 7 ngày. Ủy ban nhân dân quận đặt mục"
    " tiêu đến cuối năm 2017 không còn hồ sơ quá hạn; Đảng ủy giao người đứng đầu từng đơn vị chịu trách nhiệm và"
    " báo cáo hằng quý."
)


@dataclass(frozen=True)
class Face:
    """One web font: where it is cut from, and the local font that stands in for it."""

    family: str
    package: str
    source: str
    output: str
    weight: str
    style: str
    pinned: dict[str, float | tuple[float, float]]
    twin: str
    twin_names: tuple[str, ...]
    printed_name: str


SANS_TWIN = ("Arial", "Liberation Sans", "Arimo", "Roboto")
SERIF_TWIN = ("Times New Roman", "Liberation Serif", "Tinos")
LIBERATION = "/usr/share/fonts/truetype/liberation/Liberation"


def _sans(weight: int, name: str) -> Face:
    bold = weight >= 600
    return Face(
        family="Be Vietnam Pro",
        package="fontpkg_be_vietnam_pro",
        source=f"BeVietnamPro-{name}.ttf",
        output=f"be-vietnam-pro-{weight}.woff2",
        weight=str(weight),
        style="normal",
        pinned={},
        twin=f"{LIBERATION}Sans-{'Bold' if bold else 'Regular'}.ttf",
        twin_names=tuple(f"{n} Bold" if bold else n for n in SANS_TWIN),
        printed_name="",
    )


def _serif(style: str, wght: float | tuple[float, float], weight: str) -> Face:
    italic = style == "italic"
    return Face(
        family="Source Serif 4",
        package="fontpkg_source_serif_4",
        source=f"SourceSerif4{'-Italic' if italic else ''}[opsz,wght].ttf",
        output=f"serif-text-{style}.woff2",
        weight=weight,
        style=style,
        # 14 pt is how large a 19 px line is: the optical size made for reading.
        pinned={"opsz": 14, "wght": wght},
        twin=f"{LIBERATION}Serif-{'Italic' if italic else 'Regular'}.ttf",
        twin_names=tuple(f"{n} Italic" if italic else n for n in SERIF_TWIN),
        # Its licence reserves the name “Source” for the unmodified font; a cut-down copy carries another one inside.
        printed_name="Xay Chong Serif",
    )


FACES = [
    _sans(400, "Regular"),
    _sans(600, "SemiBold"),
    _sans(700, "Bold"),
    _serif("normal", (400, 700), "400 700"),
    _serif("italic", 400, "400"),
]


def package_folder(package: str) -> Path:
    """The installed folder of a font package; ``ModuleNotFoundError`` names it when it is missing."""
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError(f"{package} is not installed: pip install -r requirements-dev.txt")
    return Path(spec.origin).parent


def average_width(font: TTFont) -> float:
    """Mean advance of the sample's characters, in ems."""
    cmap, widths = font.getBestCmap(), font["hmtx"].metrics
    counts = Counter(character for character in SAMPLE if ord(character) in cmap)
    total = sum(widths[cmap[ord(character)]][0] * n for character, n in counts.items())
    return float(total / sum(counts.values()) / font["head"].unitsPerEm)


def rename(font: TTFont, name: str) -> None:
    """Replaces the family, full and PostScript names that the font shows to people."""
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 16, 21):
            record.string = name
        elif record.nameID in (6, 25):
            record.string = name.replace(" ", "")


def cut(face: Face) -> TTFont:
    """The face reduced to the characters, features and axes that the site uses."""
    font = TTFont(package_folder(face.package) / "files" / face.source)
    if face.pinned:
        font = instancer.instantiateVariableFont(font, face.pinned)
    options = subset.Options(layout_features=FEATURES, name_IDs=["*"], hinting=False, drop_tables=["DSIG", "STAT"])
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(UNICODES))
    cutter.subset(font)
    if face.printed_name:
        rename(font, face.printed_name)
    font.flavor = "woff2"
    return font


def rules(face: Face, font: TTFont) -> str:
    """The two @font-face rules: the web font, and its stretched local twin."""
    twin = TTFont(face.twin)
    stretch = average_width(font) / average_width(twin)
    em, hhea = font["head"].unitsPerEm, font["hhea"]
    ascent, descent = hhea.ascent / em / stretch, -hhea.descent / em / stretch
    local = ", ".join(f'local("{name}")' for name in face.twin_names)
    return (
        f'@font-face {{ font-family: "{face.family}"; font-weight: {face.weight}; font-style: {face.style};\n'
        f'  font-display: swap; src: url("../fonts/{face.output}") format("woff2"); }}\n'
        f'@font-face {{ font-family: "{face.family} twin"; font-weight: {face.weight}; font-style: {face.style};\n'
        f"  src: {local};\n"
        f"  size-adjust: {stretch:.2%}; ascent-override: {ascent:.2%}; descent-override: {descent:.2%};"
        " line-gap-override: 0%; }\n"
    )


def main() -> None:
    """Writes the fonts, their licences and the style sheet; prints each file's size in bytes."""
    FONTS.mkdir(parents=True, exist_ok=True)
    css = ["/* Made by home/webfonts.py: change that, not this. */\n"]
    total = 0
    for face in FACES:
        font = cut(face)
        target = FONTS / face.output
        font.save(target)
        size = target.stat().st_size
        total += size
        print(f"{size:>7} {target.name}")
        css.append(rules(face, font))
    for package, name in (
        ("fontpkg_be_vietnam_pro", "BeVietnamPro"),
        ("fontpkg_source_serif_4", "SourceSerif4"),
    ):
        shutil.copyfile(package_folder(package) / "LICENSE", FONTS / f"{name}-OFL.txt")
    (HERE / "css" / "fonts.css").write_text("".join(css), encoding="utf-8")
    print(f"{total:>7} bytes together")


if __name__ == "__main__":
    main()
