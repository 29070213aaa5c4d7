"""What a newcomer reads at the terminal."""

from pathlib import Path

from pytest_django import Settings

from newsroom.welcome import demo_logins, text


def test_a_login_for_every_role(settings: Settings, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path
    assert demo_logins() == []
    (tmp_path / "demo_logins.tsv").write_text(
        "Phóng viên\tphong.vien\tmot-hai\nQuản trị\tquan.tri\tba-bon\nhỏng\n", "utf-8"
    )
    assert demo_logins() == [("Phóng viên", "phong.vien", "mot-hai"), ("Quản trị", "quan.tri", "ba-bon")]
    assert "    Phóng viên  phong.vien  mot-hai\n    Quản trị    quan.tri    ba-bon\n" in text()


def test_where_mail_goes(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    assert f"    Thư gửi đi            {settings.DATA_DIR}/mail\n" in text()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "may.example.vn"
    assert "    Thư gửi qua máy chủ   may.example.vn\n" in text()
