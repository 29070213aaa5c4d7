"""Whatever is in the file: a clear message for the bad row, and the others land."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from column.departments.models import Department
from column.photos.models import Picture
from column.stories.models import Story
from column.transfer.importing import import_archive
from column.transfer.problems import BadFile, Severity
from column.transfer.report import Report
from tests.column.transfer.archives import bring_in, jpeg, row, run, told, write_csv, write_jsonl
from tests.factories import make_department

pytestmark = pytest.mark.django_db


def landed() -> set[str]:
    return set(Story.objects.values_list("external_id", flat=True))


def one_error(report: Report) -> tuple[int, str, str, str]:
    errors = [problem for problem in report.shown if problem.severity is Severity.ERROR]
    assert len(errors) == 1, told(report)
    return errors[0].row, errors[0].column, errors[0].value, errors[0].reason


@pytest.mark.parametrize(
    ("cells", "column", "value", "reason"),
    [
        ({"kind": "thơ"}, "kind", "thơ", "Loại không có trong danh sách."),
        ({"kind": ""}, "kind", "", "Loại không có trong danh sách."),
        ({"title": " "}, "title", " ", "Thiếu tiêu đề."),
        ({"title": "x" * 256}, "title", "x" * 200, "Dài 256 ký tự, nhiều nhất 255."),
        ({"published_at": ""}, "published_at", "", "Thiếu ngày giờ đăng."),
        ({"published_at": "14:12, 16/02/0217"}, "published_at", "14:12, 16/02/0217",
         "Năm 0217 trong “14:12, 16/02/0217” nằm ngoài khoảng"),
        ({"published_at": "02/16/2017"}, "published_at", "02/16/2017", "“02/16/2017” có vẻ viết tháng trước ngày"),
        ({"published_at": "42782"}, "published_at", "42782", "“42782” là một con số, không phải ngày"),
        ({"published_at": "31/02/2017"}, "published_at", "31/02/2017", "Ngày “31/02/2017” không có trong lịch"),
        ({"published_at": "hôm qua"}, "published_at", "hôm qua", "Không đọc được ngày “hôm qua”"),
        ({"issue_date": "16/2/17"}, "issue_date", "16/2/17", "Năm trong “16/2/17” chỉ có hai chữ số"),
        ({"published_at": "01/01/2027"}, "published_at", "01/01/2027", "Ngày giờ đăng ở tương lai"),
        ({"departments": "Sở Phép Thuật"}, "departments", "Sở Phép Thuật", "Không có đơn vị nào tên hoặc mã như vậy."),
        ({"departments": "so-y-te>tham-nhung"}, "departments", "tham-nhung", "Không có tiêu chí này."),
        ({"departments": "so-y-te [khen]"}, "departments", "so-y-te [khen]",
         "Trong ngoặc vuông có chữ không hiểu được: “khen”."),
        ({"criteria": "Vui vẻ"}, "criteria", "Vui vẻ", "Không có tiêu chí này."),
        ({"criteria": "trach-nhiem", "evidence": "a|b"}, "evidence", "a|b",
         "Có nhiều đoạn dẫn chứng hơn số đơn vị, tiêu chí."),
        ({"source_url": "baodanang.vn/x"}, "source_url", "baodanang.vn/x", "Địa chỉ không đúng."),
        ({"source_url": "javascript:alert(1)"}, "source_url", "javascript:alert(1)", "Địa chỉ không đúng."),
        ({"documents": "29-CT/TU"}, "documents", "29-CT/TU", "Không rõ quan hệ với văn bản."),
        ({"documents": "thực hiện: 99-CT/XX"}, "documents", "99-CT/XX", "Không có văn bản này trong hệ thống."),
        ({"number": "12"}, "number", "12", "Số của bài phải có chín chữ số."),
        ({"byline": "A" * 121}, "byline", "A" * 121, "Bút danh dài hơn 120 ký tự."),
        ({"body": "chữ " * 500_000}, "body", None, "Nội dung dài 1999999 ký tự, nhiều nhất 1000000."),
        ({"captions": "một"}, "captions", "một", "Có 1 giá trị cho 0 ảnh."),
        ({"title": "có\x00nul"}, "title", "có\x00nul", "Ô có ký tự NUL (byte 0): dữ liệu bị hỏng khi xuất."),
        ({"corrections": "sửa gì đó"}, "corrections", "sửa gì đó", "Đính chính viết không đúng dạng."),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_and_the_next_row_lands(
    tmp_path: Path, cells: dict[str, str], column: str, value: str | None, reason: str
) -> None:
    report = bring_in(tmp_path, row(1, **cells), row(2, kind="news"))

    found_row, found_column, found_value, found_reason = one_error(report)
    assert (found_row, found_column) == (2, column)
    assert value is None or found_value == value
    assert found_reason.startswith(reason)
    assert next(problem for problem in report.shown if problem.severity is Severity.ERROR).mend
    assert (landed(), report.counts.refused, report.counts.added) == ({"cu-2"}, 1, 1)


def test_every_fault_of_a_row_is_told_at_once(tmp_path: Path) -> None:
    report = bring_in(tmp_path, row(1, title="", byline="x" * 130, criteria="Vui vẻ", departments="nope"))
    assert {problem.column for problem in report.shown} == {"title", "byline", "criteria", "departments"}
    assert report.counts.refused == 1


def test_an_id_twice_lands_once(tmp_path: Path) -> None:
    report = bring_in(tmp_path, row(1, title="Đầu"), row(2), row(1, title="Sau"))
    assert one_error(report) == (4, "external_id", "cu-1", "Mã này đã có ở dòng 2.")
    assert Story.objects.get(external_id="cu-1").title == "Đầu"


def test_a_name_of_several_bodies_is_not_guessed(tmp_path: Path) -> None:
    make_department("Trạm Thử", code="tram-a", valid_to="2016")
    make_department("Trạm Thử", code="tram-b", valid_from="2016")
    report = bring_in(
        tmp_path,
        row(1, kind="news", departments="Trạm Thử", published_at="05/05/2016"),
        row(2, kind="news", departments="trạm  thử", published_at="05/05/2017"),
        row(3, kind="news", departments="tram-a", published_at="05/05/2017"),
    )
    assert one_error(report)[1:3] == ("departments", "Trạm Thử")
    assert next(p for p in report.shown if p.severity is Severity.ERROR).mend == (
        "Hãy viết mã của đơn vị muốn chọn: tram-a, tram-b."
    )
    codes = Story.objects.order_by("external_id").values_list("external_id", "coverage__department__code")
    assert list(codes) == [("cu-2", "tram-b"), ("cu-3", "tram-a")]
    assert [problem.row for problem in report.shown if "không hoạt động vào ngày" in problem.reason] == [4]


def test_coverage_is_no_cross_product(tmp_path: Path) -> None:
    report = bring_in(
        tmp_path,
        row(1, departments="so-y-te>trach-nhiem|Sở Công Thương [nhắc đến; biểu dương]",
            criteria="Chống tiêu cực|ky-cuong",
            evidence="một||ba"),
    )  # fmt: skip
    assert told(report) == []
    rows = Story.objects.get().coverage.values_list("department__code", "criterion__slug", "role", "tone", "evidence")
    assert set(rows) == {
        ("so-y-te", "trach-nhiem", "subject", "", "một"),
        ("so-cong-thuong", None, "mentioned", "praise", ""),
        (None, "chong-tieu-cuc", "subject", "", "ba"),
        (None, "ky-cuong", "subject", "", ""),
    }


def test_an_article_that_is_not_of_a_thursday_lands_with_a_note(tmp_path: Path) -> None:
    report = bring_in(tmp_path, row(1, published_at="17/02/2017"))
    assert told(report) == [(2, "published_at", "Bài viết không ra vào ngày của chuyên mục: 17/02/2017.")]
    assert Story.objects.get().issue_date == date(2017, 2, 17)


def test_decomposed_letters_are_composed(tmp_path: Path) -> None:
    report = bring_in(tmp_path, row(1, title=unicodedata.normalize("NFD", "Một cửa ở Đà Nẵng")))
    assert Story.objects.get().title == "Một cửa ở Đà Nẵng"
    assert told(report) == [(2, "title", "Chữ viết ở dạng Unicode tổ hợp (dấu rời).")]


def test_scripts_and_their_kin_are_gone(tmp_path: Path) -> None:
    body = (
        "<p onclick=\"x()\">Chữ <script>alert(1)</script><b>đậm</b><img src='data:x' onerror='x()'></p>"
        "<style>p{}</style>"
        "<iframe src='//x'></iframe><a href='javascript:x()'>liên</a> <a href='https://a.vn/' onmouseover=x>thật</a>"
        "<svg><a xlink:href='javascript:x()'>v</a></svg>"
    )
    report = bring_in(tmp_path, row(1, body=body))
    assert [(block.block_type, block.value.source) for block in Story.objects.get().body] == [
        ("paragraph", '<p>Chữ <b>đậm</b></p><p>liên <a href="https://a.vn/">thật</a></p>')
    ]
    assert told(report) == [(2, "body", "Một ảnh trong bài không có tên tệp, đã bỏ.")]


# The file ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_spreadsheets_write_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    rows = [row(1, title="Có “ngoặc”, phẩy; và\ttab", body='Dòng "một"\n\nDòng hai'), row(2)]
    report = run(write_csv(tmp_path / "kho.csv", rows, encoding=encoding, delimiter=delimiter))
    assert (report.counts.added, report.counts.refused) == (2, 0)
    assert Story.objects.get(external_id="cu-1").title == "Có “ngoặc”, phẩy; và\ttab"
    assert Story.objects.get(external_id="cu-1").body[0].value.source == '<p>Dòng "một"</p><p>Dòng hai</p>'


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("kho.csv", b"", "Tệp trống"),
        ("kho.csv", b"\xef\xbb\xbf\r\n", "Tệp trống"),
        ("kho.csv", b"a,b\n1,2\n", "Thiếu cột “external_id”"),
        ("kho.csv", b"external_id,kind,title,publised_at\n1,news,x,1/1/2017\n", "có phải là “published_at”"),
        ("kho.csv", b"external_id,kind,title,title\n", "có hai lần"),
        ("kho.csv", "external_id,kind,title\n1,news,Cafe\xe9 \xe0\n".encode("latin-1"), "không viết bằng mã UTF-8"),
        ("kho.csv", b"PK\x03\x04" + bytes(100), "tệp nén"),
        ("kho.json", b'[{"external_id": "1"}]', "JSON Lines"),
        ("kho.jsonl", b'{"external_id": "1", "kind": "news", "titel": "x"}\n', "có phải là “title”"),
        ("nope.csv", None, "Không mở được"),
    ],
)
def test_a_file_that_is_no_archive_says_why(tmp_path: Path, name: str, data: bytes | None, says: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(BadFile, match=says):
        run(tmp_path / name)


def test_a_foreign_column_is_left_out_and_told(tmp_path: Path) -> None:
    report = bring_in(tmp_path, row(1, luot_xem="12"))
    assert told(report) == [(1, "luot_xem", "Cột lạ, không được nhập.")]
    assert landed() == {"cu-1"}


def test_a_cut_csv_file_gives_what_was_whole(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "kho.csv", [row(1), row(2), row(3, body='Mở "ngoặc"\n\nrồi hết')])
    data = path.read_bytes()
    path.write_bytes(data[: data.rindex("rồi".encode())])
    report = run(path)
    assert landed() == {"cu-1", "cu-2"}
    assert one_error(report)[3] == "Dấu ngoặc kép mở ở dòng 8 của tệp không được đóng: tệp bị cắt ngang."


def test_a_row_with_missing_cells_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "kho.csv"
    path.write_text(
        "external_id,kind,title,published_at\n1,news,Một,16/02/2017\n2,news\n3,news,Ba,16/02/2017\n", encoding="utf-8"
    )
    report = run(path)
    assert one_error(report)[3] == "Dòng có 2 ô, tiêu đề có 4 cột."
    assert landed() == {"1", "3"}


def test_a_quotation_mark_out_of_place_costs_its_own_row(tmp_path: Path) -> None:
    path = tmp_path / "kho.csv"
    path.write_text(
        'external_id,kind,title,published_at\n1,news,"Một" sai,16/02/2017\n2,news,Hai,16/02/2017\n', encoding="utf-8"
    )
    report = run(path)
    assert one_error(report)[3] == "Dấu ngoặc kép đặt sai chỗ, từ dòng 2 đến dòng 2 của tệp."
    assert landed() == {"2"}


def test_half_a_json_line_costs_its_own_row(tmp_path: Path) -> None:
    path = write_jsonl(tmp_path / "kho.jsonl", [row(1), row(2), row(3)])
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0], lines[1][:50], "[1]", '{"external_id": {}}', "", lines[2]]), encoding="utf-8")
    report = run(path)
    assert landed() == {"cu-1", "cu-3"}
    assert [(problem.row, problem.column) for problem in report.shown if problem.severity is Severity.ERROR] == [
        (2, ""), (3, ""), (4, "external_id"),
    ]  # fmt: skip


def test_a_row_in_another_encoding_costs_its_own_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_csv(tmp_path / "kho.csv", [row(number, kind="news") for number in range(1, 60)])
    path.write_bytes(path.read_bytes().replace("cu-59,news,Một cửa".encode(), b"cu-59,news,M\xf4t c\xfaa"))
    # The row lies beyond the sample by which the encoding is recognised.
    monkeypatch.setattr("column.transfer.reading.SAMPLE", 1 << 12)
    report = run(path)
    assert one_error(report)[:2] == (60, "title")
    assert report.counts.added == 58


# Photos --------------------------------------------------------------------------------------------------------------


def png(width: int, height: int) -> bytes:
    """A picture that is small as a file, whatever its size."""
    buffer = io.BytesIO()
    Image.new("1", (width, height)).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "tot.jpg").write_bytes(jpeg())
    (folder / "khong-phai.jpg").write_bytes(b"GIF, khong phai anh")
    (folder / "cut.jpg").write_bytes(jpeg(size=(640, 480))[:2000])
    (folder / "to.png").write_bytes(png(10_000, 10_000))
    (folder / "vec.svg").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'><script>x</script></svg>")
    (tmp_path / "bi-mat.jpg").write_bytes(jpeg())
    (folder / "ra-ngoai.jpg").symlink_to(tmp_path / "bi-mat.jpg")
    return folder


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("khong-phai.jpg", "Tệp này không phải ảnh, hoặc bị hỏng."),
        ("cut.jpg", "Tệp này không phải ảnh, hoặc bị hỏng."),
        ("vec.svg", "Tệp này không phải ảnh, hoặc bị hỏng."),
        ("to.png", "Ảnh có quá nhiều điểm ảnh (10000 × 10000); nhiều nhất 50 triệu."),
        ("khong-co.jpg", "Không có ảnh này trong thư mục hoặc ZIP ảnh."),
        ("../bi-mat.jpg", "Tên ảnh trỏ ra ngoài thư mục ảnh."),
        ("/etc/passwd", "Tên ảnh trỏ ra ngoài thư mục ảnh."),
        ("C:\\anh.jpg", "Tên ảnh trỏ ra ngoài thư mục ảnh."),
        ("ra-ngoai.jpg", "Tên ảnh trỏ ra ngoài thư mục ảnh."),
    ],
)
def test_a_photo_that_cannot_be_used_holds_its_row_back(tmp_path: Path, photos: Path, name: str, reason: str) -> None:
    cell = name.replace("\\", "\\\\")
    report = bring_in(tmp_path, row(1, photos=cell), row(2, photos="tot.jpg"))
    assert one_error(report) == (2, "photos", name, reason)
    assert landed() == {"cu-2"}
    assert Picture.objects.count() == 1


def test_bad_photos_may_be_left_out_when_asked(tmp_path: Path, photos: Path) -> None:
    body = '<p>Chữ</p><figure><img src="tot.jpg"></figure><figure><img src="mat.jpg"></figure>'
    report = bring_in(tmp_path, row(1, photos="cut.jpg|tot.jpg", body=body), lenient_photos=True)
    assert (report.counts.added, report.counts.refused, report.counts.warnings) == (1, 0, 2)
    story = Story.objects.get()
    assert story.lead_photo is None
    assert [block.block_type for block in story.body] == ["paragraph", "photo"]


def zipped(path: Path, files: dict[str, bytes], **options: Any) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name, data)
    return path


def test_a_zip_is_read_only_where_a_row_points(tmp_path: Path, settings: Any) -> None:
    settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE = 100_000
    bomb = bytes(50_000_000)
    path = zipped(
        tmp_path / "anh.zip",
        {
            "anh/tot.jpg": jpeg(),
            "anh/bom.jpg": bomb,
            "../../tmp/ra.jpg": jpeg(),
            unicodedata.normalize("NFD", "anh/cầu.jpg"): jpeg((1, 2, 3)),
        },
    )
    report = bring_in(
        tmp_path, row(1, photos="anh/tot.jpg"), row(2, photos="anh/bom.jpg"), row(3, photos="../../tmp/ra.jpg"),
        row(4, photos="anh/cầu.jpg"), photos=path,
    )  # fmt: skip
    assert landed() == {"cu-1", "cu-4"}
    assert [reason for _row, column, reason in told(report) if column == "photos"] == [
        "Ảnh nặng hơn 0 MB.", "Tên ảnh trỏ ra ngoài thư mục ảnh.",
    ]  # fmt: skip


def test_a_zip_that_is_none_says_so(tmp_path: Path) -> None:
    (tmp_path / "anh.zip").write_bytes(b"PK\x03\x04cut")
    with pytest.raises(BadFile, match="không phải tệp ZIP"):
        bring_in(tmp_path, row(1), photos=tmp_path / "anh.zip")


def test_a_photo_is_kept_once_however_many_stories_show_it(tmp_path: Path, photos: Path) -> None:
    (photos / "lai.jpg").write_bytes((photos / "tot.jpg").read_bytes())
    bring_in(
        tmp_path,
        row(1, photos="tot.jpg", captions="Một", credits="Ảnh: KIM LIÊN"),
        row(2, photos="lai.jpg", captions="Hai", credits="KIM LIÊN"),
        row(3, photos="tot.jpg", captions="Một", credits="NGƯỜI KHÁC"),
    )
    shown = Story.objects.order_by("external_id").values_list(
        "lead_photo__credit", "lead_photo__caption", "lead_caption"
    )
    assert list(shown) == [("KIM LIÊN", "Một", ""), ("KIM LIÊN", "Một", "Hai"), ("NGƯỜI KHÁC", "Một", "")]
    assert Picture.objects.count() == 2


def test_photos_that_the_body_does_not_place_stand_at_its_end(tmp_path: Path, photos: Path) -> None:
    for name, shade in (("b.jpg", 10), ("c.jpg", 200)):
        (photos / name).write_bytes(jpeg((shade, 9, 9)))
    bring_in(tmp_path, row(1, photos="tot.jpg|b.jpg|c.jpg", captions="Chính|Bê|Xê"))
    story = Story.objects.get()
    assert story.lead_photo.caption == "Chính"
    assert [block.block_type for block in story.body] == ["paragraph", "gallery"]
    assert [photo["image"].caption for photo in story.body[1].value["photos"]] == ["Bê", "Xê"]


def test_nothing_is_written_by_a_dry_run_and_it_tells_the_same(tmp_path: Path, photos: Path) -> None:
    rows = [
        row(1, photos="tot.jpg"), row(2), row(3, kind="x"), row(4, kind="news", byline="NGƯỜI MỚI"), row(4),
        row(5, published_at="17/02/2017", body='<p><a data-story="cu-99">x</a></p>'),
    ]  # fmt: skip
    path = write_csv(tmp_path / "kho.csv", rows)
    before = {model: model.objects.count() for model in (Story, Picture, Department)}
    dry = run(path, dry_run=True)
    assert {model: model.objects.count() for model in before} == before

    real = run(path)
    assert dry.counts == real.counts
    assert dry.shown == real.shown
    assert len(told(real)) == 5


def test_the_steps_say_where_the_import_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("column.transfer.importing.BATCH", 2)
    path = write_csv(tmp_path / "kho.csv", [row(number, kind="news") for number in range(1, 6)])
    steps = list(import_archive(path, report=Report()))
    assert [step.rows for step in steps] == [2, 4, 5]
    assert steps[-1].done == steps[-1].total == path.stat().st_size
