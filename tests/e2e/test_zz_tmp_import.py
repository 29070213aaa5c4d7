from django.urls import reverse
from django.utils import timezone
from column.enums import Kind
from column.people.roles import Role
from column.transfer import jobs
from tests.column.transfer.archives import row, write_csv
from tests.factories import make_news, make_photo_story

def test_shots(log_in, tmp_path):
    path = write_csv(tmp_path / "kho-2015.csv", [row(1), row(2, kind="bài thơ", departments="Sở Phép Thuật"), row(3, kind="tin_anh")])
    page = log_in(Role.EDITOR, next_url=reverse("import_archive"))
    page.get_by_label("Tệp kho").set_input_files(path)
    page.get_by_role("button", name="Tải lên và kiểm tra").click()
    while jobs.run_imports(timezone.now()): pass
    page.get_by_role("heading", name="Đã kiểm tra, chờ bấm nhập").wait_for()
    page.screenshot(path="/tmp/imp/job.png")
    page.goto(reverse("import_archive")); page.screenshot(path="/tmp/imp/arch.png", full_page=True)
    for n in range(3): make_news(f"Tin, ảnh số {n}", kind=Kind.POOLED, standfirst="Một câu mở đầu cho dễ nhận ra.")
    page.goto(reverse("sort_pooled")); page.screenshot(path="/tmp/imp/queue.png")
