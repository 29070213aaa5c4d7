import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from column.text.tokens import analyse, as_analysed, occurrences, tokenize


def exact(text: str) -> list[str]:
    return [token.exact for token in tokenize(text)]


def folded(text: str) -> list[str]:
    return [token.folded for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("TP.Đà Nẵng", ["tp", "đà", "nẵng"]),
        ("Ảnh:ĐOÀN LƯƠNG", ["ảnh", "đoàn", "lương"]),
        ("14h12", ["14", "h", "12"]),
        ("’’5 XÂY’’, ’’ 3 CHỐNG’’", ["5", "xây", "3", "chống"]),
        ("KCN/KCX_2", ["kcn", "kcx", "2"]),
        ("phường Mỹ An", ["phường", "mĩ", "an"]),
        ("55/56 phường", ["55", "56", "phường"]),
        ("6% năm 2014", ["6", "năm", "2014"]),
        ("105 và 0105", ["105", "và", "105"]),
        ("T.Ư Đảng", ["tw", "đảng"]),
        ("", []),
        ("…", []),
    ],
)
def test_words(text: str, words: list[str]) -> None:
    assert exact(text) == words
    assert exact(unicodedata.normalize("NFD", text)) == words


@pytest.mark.parametrize(
    "text", ["29-CT/TU", "29CT/TU", "29–CT/TU", "29-ct/tu", "29 - CT/TU", "029-CT/TU", "29/CT-TU", "29 CT/TU"]
)
def test_one_paper_in_every_spelling(text: str) -> None:
    assert exact(f"Chỉ thị số {text}, ngày") == ["chỉ", "thị", "số", "vb29cttu", "ngày"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("129-CT/TU", ["vb129cttu"]),
        ("29-CT/TW", ["vb29cttw"]),
        ("05-CT/TW", ["vb5cttw"]),
        ("5-CT/TW", ["vb5cttw"]),
        ("15/2020/NĐ-CP", ["vb15n2020ndcp"]),
        ("1234/QĐ-UBND", ["vb1234qdubnd"]),
        ("4567/UBND-NC", ["vb4567ubndnc"]),
        ("202/2025/QH15", ["vb202n2025qh15"]),
        ("500/kg", ["500", "kg"]),
        ("5-7 triệu/người", ["5", "7", "triệu", "người"]),
        ("29-CT", ["29", "ct"]),
    ],
)
def test_papers(text: str, words: list[str]) -> None:
    assert exact(text) == words
    assert folded(text) == [word.replace("ệ", "e").replace("ư", "u").replace("ờ", "o") for word in words]


@pytest.mark.parametrize(
    "text",
    [
        "16/02/2017", "16-2-2017", "16.2.2017", "2017-02-16", "ngày 16 tháng 2 năm 2017", "16 tháng 2, 2017",
        "ngay 16 thang 2 nam 2017", "NGÀY 16 THÁNG 02 NĂM 2017",
    ],
)  # fmt: skip
def test_one_day_in_every_spelling(text: str) -> None:
    for form in ("NFC", "NFD"):
        (token,) = tokenize(unicodedata.normalize(form, text))
        assert (token.exact, token.folded, token.parts) == ("ng20170216", "ng20170216", ("16", "2", "2017"))


def test_a_day_that_does_not_exist_is_numbers() -> None:
    assert exact("31/02/2017") == ["31", "2", "2017"]
    assert exact("ngày 31 tháng 2 năm 2017") == ["ngày", "31", "tháng", "2", "năm", "2017"]
    assert exact("192.168.1.2017") == ["192", "168", "1", "2017"]


def test_linkers_stand_before_names_only() -> None:
    assert exact("UBND P.Hòa Minh (Q.Liên Chiểu)") == ["ubnd", "phường", "hoà", "minh", "quận", "liên", "chiểu"]
    assert exact("H. Hòa Vang, P.2") == ["huyện", "hoà", "vang", "phường", "2"]
    assert exact("ông N.V.H. Nam") == ["ông", "n", "v", "h", "nam"]
    assert exact("q. tự nhiên") == ["q", "tự", "nhiên"]


def test_offsets_are_those_of_the_original() -> None:
    text = "\ufeffBa\u0301o Ða\u0300\u200b Na\u0306\u0303ng: 29–CT/TU"
    assert [(token.exact, text[token.start : token.end]) for token in tokenize(text)] == [
        ("báo", "Ba\u0301o"),
        ("đà", "Ða\u0300\u200b"),
        ("nẵng", "Na\u0306\u0303ng"),
        ("vb29cttu", "29–CT/TU"),
    ]


def test_analyse_keeps_parts_apart() -> None:
    forms = analyse("Chỉ thị 29-CT/TU, đăng 16/02/2017.")
    assert forms.exact == "chỉ thị vb29cttu đăng ng20170216 29 ct tu 16 2 2017"
    assert forms.folded == "chi thi vb29cttu dang ng20170216 29 ct tu 16 2 2017"
    assert analyse("") == ("", "")


@given(st.text())
def test_tokens_tile_the_text(text: str) -> None:
    last = 0
    for token in tokenize(text):
        assert last <= token.start < token.end <= len(text)
        last = token.end
        assert token.exact
        assert token.folded
        assert not set(token.exact) & set(" \t\n\"'*\x00")
        assert not set(token.folded) & set(" \t\n\"'*\x00")


@given(st.text(alphabet="aàảbcdđeệghiklmnoôơpqrstuưvxy0129 .,/-:()“”", max_size=80))
def test_composition_and_case_change_nothing(text: str) -> None:
    assert exact(unicodedata.normalize("NFD", text)) == exact(text)
    assert exact(text.upper()) in (exact(text), exact(text.upper()))
    assert len(analyse(text).exact.split()) == len(analyse(text).folded.split())


@given(st.text(alphabet="aàđngtháPQH16207Tư.,/- CTU(", max_size=80))
def test_analyse_says_what_scan_says(text: str) -> None:
    tokens = tokenize(text)
    parts = [part for token in tokens for part in token.parts]
    assert analyse(text).exact.split() == [token.exact for token in tokens] + parts
    assert analyse(text).folded.split() == [token.folded for token in tokens] + parts


@given(st.text() | st.text(alphabet="aàđngtháPQH16207Tư.,/- CTU(ỳYĐİ", max_size=80))
def test_folded_words_follow_from_exact_ones(text: str) -> None:
    assert as_analysed(analyse(text).exact) == analyse(text)


@given(
    st.text(alphabet="aàđngtháPQH16207Tư.,/- CTU(", max_size=80),
    st.sets(st.sampled_from(["a", "n", "16", "ct", "phuong"])),
)
def test_occurrences_are_the_wanted_ones_of_scan(text: str, wanted: set[str]) -> None:
    assert list(occurrences(text, wanted)) == [
        token for token in tokenize(text) if token.folded in wanted or wanted & set(token.parts)
    ]


def test_endless_words_are_cut() -> None:
    (token,) = tokenize("Á" * 10_000)
    assert (token.start, token.end, token.exact, token.folded) == (0, 10_000, "á" * 64, "a" * 64)
    assert analyse("9" * 10_000).folded == "9" * 64
