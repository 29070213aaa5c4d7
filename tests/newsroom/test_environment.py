"""Every mistake in the environment has its sentence: the variable, what is wrong, how to mend it."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from newsroom.environment import Environment, EnvironmentMistakes, kept_secret_key, read

ROOT = Path(__file__).resolve().parents[2]
KEY = "0123456789abcdefghijABCDEFGHIJ0123456789abcdefghij"
PRODUCTION = {"SECRET_KEY": KEY, "ALLOWED_HOSTS": "chuyenmuc.example.vn", "SITE_URL": "https://chuyenmuc.example.vn"}
NEW_KEY = 'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
DATABASE_EXAMPLE = "postgres://tên:mật-khẩu@máy-chủ:5432/tên-csdl hoặc sqlite:////srv/chuyenmuc/newsroom.sqlite3"


def development(tmp_path: Path, **variables: str) -> Environment:
    return read(variables, production=False, base_dir=tmp_path)


def mistakes(tmp_path: Path, *, production: bool = False, **variables: str) -> list[str]:
    given = {**PRODUCTION, **variables} if production else variables
    with pytest.raises(EnvironmentMistakes) as caught:
        read(given, production=production, base_dir=tmp_path)
    return caught.value.sentences


def test_development_needs_nothing(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert development(tmp_path) == Environment(
        debug=False,
        secret_key="",
        allowed_hosts=("127.0.0.1", "localhost", "[::1]"),
        site_url="http://127.0.0.1:8000",
        proof_base_url="http://127.0.0.1:8000",
        port=8000,
        data_dir=data,
        media_root=data / "media",
        database={"ENGINE": "django.db.backends.sqlite3", "NAME": str(data / "newsroom.sqlite3")},
        email={
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(data / "mail"),
        },
        email_from="=?utf-8?b?NSB4w6J5LCAzIGNo4buRbmc=?= <khong-tra-loi@localhost>",
        alarm_webhook_url="",
        elasticsearch_url="",
        elasticsearch={
            "ELASTICSEARCH_API_KEY": "",
            "ELASTICSEARCH_CA": "",
            "ELASTICSEARCH_SHARDS": 1,
            "ELASTICSEARCH_REPLICAS": 1,
        },
    )


def test_production_tells_all_that_is_missing_at_once(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentMistakes) as caught:
        read({}, production=True, base_dir=tmp_path)
    assert caught.value.sentences == [
        f"SECRET_KEY: chưa có; hãy tạo một chuỗi bí mật bằng lệnh {NEW_KEY} rồi đặt vào biến này.",
        (
            "ALLOWED_HOSTS: chưa có; hãy ghi các tên miền của trang, cách nhau bằng dấu phẩy,"
            " ví dụ ALLOWED_HOSTS=chuyenmuc.example.vn."
        ),
        "SITE_URL: chưa có; hãy ghi địa chỉ đầy đủ mà bạn đọc dùng, ví dụ SITE_URL=https://chuyenmuc.example.vn.",
    ]


def test_production_with_what_it_needs(tmp_path: Path) -> None:
    environment = read(PRODUCTION, production=True, base_dir=tmp_path)
    assert environment.allowed_hosts == ("chuyenmuc.example.vn",)
    assert environment.site_url == "https://chuyenmuc.example.vn"
    assert environment.secret_key == KEY
    assert not environment.debug


@pytest.mark.parametrize(("value", "on"), [("1", True), ("true", True), ("CÓ", True), ("0", False), ("", False)])
def test_debug(tmp_path: Path, value: str, on: bool) -> None:
    assert development(tmp_path, DEBUG=value).debug is on


def test_debug_mistakes(tmp_path: Path) -> None:
    assert mistakes(tmp_path, DEBUG="maybe") == ["DEBUG: “maybe” không hiểu được; hãy đặt 1 (bật) hoặc 0 (tắt)."]
    assert mistakes(tmp_path, production=True, DEBUG="1") == [
        "DEBUG: không được bật khi chạy thật vì sẽ lộ mã nguồn và cấu hình; hãy bỏ biến này đi."
    ]


@pytest.mark.parametrize("key", ["ngan", "a" * 60, "django-insecure-" + KEY])
def test_a_weak_secret_key_is_refused_and_never_repeated(tmp_path: Path, key: str) -> None:
    assert mistakes(tmp_path, production=True, SECRET_KEY=key) == [
        f"SECRET_KEY: quá ngắn hoặc dễ đoán (cần ít nhất 50 ký tự ngẫu nhiên); hãy tạo chuỗi khác bằng lệnh {NEW_KEY}."
    ]


def test_allowed_hosts_mistakes(tmp_path: Path) -> None:
    site = "https://chuyenmuc.example.vn"
    assert mistakes(tmp_path, production=True, ALLOWED_HOSTS="chuyenmuc.example.vn, *", SITE_URL=site) == [
        "ALLOWED_HOSTS: “*” cho phép mọi tên miền, dễ bị giả mạo; hãy ghi rõ từng tên miền."
    ]
    for host in ("https://chuyenmuc.example.vn", "chuyenmuc.example.vn:443", "chuyên mục"):
        assert mistakes(tmp_path, production=True, ALLOWED_HOSTS=f"chuyenmuc.example.vn,{host}") == [
            (
                f"ALLOWED_HOSTS: “{host}” không phải là tên miền; chỉ ghi tên, không ghi http://, cổng hay đường dẫn,"
                " ví dụ chuyenmuc.example.vn."
            )
        ]


@pytest.mark.parametrize("value", ["0", "65536", "http", "８０００", "-1", "80 00"])
def test_port_mistakes(tmp_path: Path, value: str) -> None:
    assert mistakes(tmp_path, PORT=value) == [
        f"PORT: “{value}” không phải là số cổng; hãy ghi một số từ 1 đến 65535, ví dụ 8000."
    ]


def test_the_port_is_part_of_the_development_address(tmp_path: Path) -> None:
    assert development(tmp_path, PORT="8001").site_url == "http://127.0.0.1:8001"


@pytest.mark.parametrize(
    "value",
    [
        "chuyenmuc.example.vn",
        "ftp://chuyenmuc.example.vn",
        "https://chuyenmuc.example.vn/tin",
        "https://",
        "https://a b",
    ],
)
def test_site_url_mistakes(tmp_path: Path, value: str) -> None:
    assert mistakes(tmp_path, production=True, SITE_URL=value) == [
        (
            f"SITE_URL: “{value}” không phải là địa chỉ gốc của trang; hãy ghi dạng https://tên-miền,"
            " không có đường dẫn phía sau."
        )
    ]


@pytest.mark.parametrize("value", ["127.0.0.1:8000", "http://127.0.0.1:8000/trang", "ftp://127.0.0.1"])
def test_proof_base_url_mistakes(tmp_path: Path, value: str) -> None:
    (mistake,) = mistakes(tmp_path, PROOF_BASE_URL=value)
    assert mistake == (
        f"PROOF_BASE_URL: “{value}” không phải là địa chỉ gốc; hãy ghi dạng http://127.0.0.1:8000,"
        " hoặc bỏ biến này đi để kiểm tra qua SITE_URL."
    )


def test_proofs_ask_at_the_sites_own_address_unless_told(tmp_path: Path) -> None:
    assert development(tmp_path, SITE_URL="http://localhost:8001").proof_base_url == "http://localhost:8001"
    assert development(tmp_path, PROOF_BASE_URL="http://127.0.0.1:9000/").proof_base_url == "http://127.0.0.1:9000"


def test_site_url_is_https_and_among_the_allowed_hosts(tmp_path: Path) -> None:
    assert mistakes(tmp_path, production=True, SITE_URL="http://khac.example.vn") == [
        "SITE_URL: “http://khac.example.vn” phải bắt đầu bằng https:// khi chạy thật; hãy bật HTTPS và sửa địa chỉ.",
        (
            "SITE_URL: tên miền “khac.example.vn” không nằm trong ALLOWED_HOSTS;"
            " hãy thêm “khac.example.vn” vào ALLOWED_HOSTS."
        ),
    ]
    ours = {**PRODUCTION, "ALLOWED_HOSTS": ".example.vn", "SITE_URL": "https://chuyenmuc.example.vn/"}
    assert read(ours, production=True, base_dir=tmp_path).site_url == "https://chuyenmuc.example.vn"


@pytest.mark.parametrize("name", ["DATA_DIR", "MEDIA_ROOT"])
def test_folder_mistakes(tmp_path: Path, name: str) -> None:
    assert mistakes(tmp_path, **{name: "data"}) == [
        f"{name}: “data” là đường dẫn tương đối; hãy ghi đường dẫn đầy đủ, bắt đầu bằng /, ví dụ /srv/chuyenmuc."
    ]
    (tmp_path / "file").touch()
    assert mistakes(tmp_path, **{name: str(tmp_path / "file" / "data")}) == [
        f"{name}: “{tmp_path / 'file'}” là một tệp, không phải thư mục; hãy chọn một thư mục khác."
    ]


def test_a_folder_that_may_not_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("newsroom.environment.os.access", lambda path, mode: False)  # root may write everywhere
    assert mistakes(tmp_path, DATA_DIR=str(tmp_path / "data")) == [
        (
            f"DATA_DIR: không có quyền ghi vào “{tmp_path}”;"
            " hãy cấp quyền cho tài khoản chạy chương trình hoặc chọn một thư mục khác."
        )
    ]


def test_databases(tmp_path: Path) -> None:
    postgres = development(tmp_path, DATABASE_URL="postgres://an:m%40t@may:5433/chuyenmuc").database
    assert {key: postgres[key] for key in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "chuyenmuc",
        "USER": "an",
        "PASSWORD": "m@t",
        "HOST": "may",
        "PORT": 5433,
    }
    socket = development(tmp_path, DATABASE_URL="postgres://an@%2Fvar%2FRun/chuyenmuc").database
    assert (socket["HOST"], socket["NAME"]) == ("/var/Run", "chuyenmuc")
    sqlite = development(tmp_path, DATABASE_URL="sqlite:////srv/a/b.sqlite3").database
    assert (sqlite["ENGINE"], sqlite["NAME"]) == ("django.db.backends.sqlite3", "/srv/a/b.sqlite3")


def test_database_mistakes_never_repeat_the_password(tmp_path: Path) -> None:
    assert mistakes(tmp_path, DATABASE_URL="mysql://an:bimat@may/chuyenmuc") == [
        (
            f"DATABASE_URL: chỉ dùng được PostgreSQL hoặc SQLite, và địa chỉ phải có dạng {DATABASE_EXAMPLE};"
            " hãy sửa phần đứng trước “://”."
        )
    ]
    for value in ("postgres://an:bimat@may", "postgres://an:bimat@may:cong/chuyenmuc", "postgres://"):
        assert mistakes(tmp_path, DATABASE_URL=value) == [
            f"DATABASE_URL: không đọc được địa chỉ cơ sở dữ liệu; hãy ghi theo dạng {DATABASE_EXAMPLE}."
        ]
    for value in ("sqlite://", "sqlite:///newsroom.sqlite3", "sqlite://:memory:"):
        assert mistakes(tmp_path, DATABASE_URL=value) == [
            (
                "DATABASE_URL: SQLite cần đường dẫn đầy đủ tới tệp dữ liệu, với bốn dấu gạch chéo;"
                " ví dụ sqlite:////srv/chuyenmuc/newsroom.sqlite3."
            )
        ]


def test_mail(tmp_path: Path) -> None:
    mail = development(tmp_path, EMAIL_URL="smtp+tls://an:bimat@may.vn:587").email
    assert mail == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_FILE_PATH": "",
        "EMAIL_HOST": "may.vn",
        "EMAIL_HOST_PASSWORD": "bimat",
        "EMAIL_HOST_USER": "an",
        "EMAIL_PORT": 587,
        "EMAIL_USE_TLS": True,
    }


@pytest.mark.parametrize("value", ["may.vn:25", "http://may.vn", "smtp://", "smtp://an:bimat@may.vn:cong"])
def test_mail_mistakes(tmp_path: Path, value: str) -> None:
    assert mistakes(tmp_path, EMAIL_URL=value) == [
        (
            "EMAIL_URL: không đọc được địa chỉ máy chủ thư; hãy ghi theo dạng smtp+tls://tên:mật-khẩu@máy-chủ:587,"
            " hoặc bỏ biến này đi để thư được ghi ra tệp."
        )
    ]


def test_the_sender_of_mails(tmp_path: Path) -> None:
    name = "=?utf-8?b?NSB4w6J5LCAzIGNo4buRbmc=?="
    assert (
        read(PRODUCTION, production=True, base_dir=tmp_path).email_from
        == f"{name} <khong-tra-loi@chuyenmuc.example.vn>"
    )
    assert development(tmp_path, EMAIL_FROM="toasoan@example.vn").email_from == f"{name} <toasoan@example.vn>"
    for value in ("toasoan", "Tòa soạn <a@b.vn>", "a@b.vn\nBcc: c@d.vn", "a@b.vn, c@d.vn"):
        assert mistakes(tmp_path, EMAIL_FROM=value) == [
            (
                f"EMAIL_FROM: “{value}” không phải là địa chỉ thư; chỉ ghi một địa chỉ,"
                " ví dụ EMAIL_FROM=toasoan@example.vn."
            )
        ]


def test_the_webhook(tmp_path: Path) -> None:
    for value in ("https://may.vn/bao/x?y=1", "http://127.0.0.1:9/x", "http://localhost/x", "http://[::1]:80/x"):
        assert development(tmp_path, ALARM_WEBHOOK_URL=value).alarm_webhook_url == value
    example = "hãy ghi dạng ALARM_WEBHOOK_URL=https://may-chu.example.vn/duong-dan"
    for value, sentence in {
        "may.vn/bao": f"không phải là một địa chỉ; {example}, hoặc bỏ biến này đi.",
        "ftp://may.vn/bao": f"không phải là một địa chỉ; {example}, hoặc bỏ biến này đi.",
        "http://may.vn/bao": (
            f"phải bắt đầu bằng https:// (http:// chỉ được dùng cho chính máy này, 127.0.0.1); {example}."
        ),
        "https://an:bimat@may.vn/bao": (f"không ghi tên, mật khẩu (…@) hay phần sau dấu # trong địa chỉ; {example}."),
    }.items():
        assert mistakes(tmp_path, ALARM_WEBHOOK_URL=value) == [f"ALARM_WEBHOOK_URL: {sentence}"]


def test_elasticsearch(tmp_path: Path) -> None:
    assert development(tmp_path, ELASTICSEARCH_URL="http://127.0.0.1:9200").elasticsearch_url == "http://127.0.0.1:9200"
    nodes = "https://mot:9200,https://hai:9200"
    assert development(tmp_path, ELASTICSEARCH_URL=nodes).elasticsearch_url == nodes
    for value in ("127.0.0.1:9200", "ftp://may:9200", "http://may:cong", "http://mot:9200,hai:9200"):
        assert mistakes(tmp_path, ELASTICSEARCH_URL=value) == [
            (
                "ELASTICSEARCH_URL: không phải là địa chỉ http:// hay https://; hãy ghi dạng http://máy-chủ:9200,"
                " hoặc bỏ biến này đi để dùng chỉ mục sẵn có."
            )
        ]


def test_the_development_key_is_made_once_and_is_nobody_elses(tmp_path: Path) -> None:
    data = tmp_path / "data"
    key = kept_secret_key(data)
    assert len(key) >= 50
    assert kept_secret_key(data) == key
    assert stat.S_IMODE((data / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in data.iterdir()] == ["secret_key"]


def test_a_damaged_development_key_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "secret_key").write_text("\n")
    assert len(kept_secret_key(tmp_path)) >= 50


ENTRY_POINTS = {
    "manage.py": ["manage.py", "check"],
    "the worker": ["manage.py", "worker"],
    "the supervisor": ["manage.py", "serve"],
    "the web server": ["-c", "import newsroom.wsgi"],
}


@pytest.mark.slow
@pytest.mark.parametrize("entry", ENTRY_POINTS.values(), ids=ENTRY_POINTS.keys())
def test_every_entry_point_ends_with_the_sentences_and_no_traceback(entry: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, *entry],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "newsroom.settings.production",
            "SECRET_KEY": "ngan",
        },
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stdout == ""
    lines = done.stderr.splitlines()
    assert lines[0] == "Không khởi động được vì cấu hình (biến môi trường) chưa đúng:"
    assert [line.split(":")[0] for line in lines[1:]] == ["  • SECRET_KEY", "  • ALLOWED_HOSTS", "  • SITE_URL"]


def test_elasticsearch_cluster(tmp_path: Path) -> None:
    certificate = tmp_path / "ca.pem"
    certificate.touch()
    given = {"ELASTICSEARCH_API_KEY": "khoa", "ELASTICSEARCH_CA": str(certificate)}
    read = development(tmp_path, **given, ELASTICSEARCH_SHARDS="3", ELASTICSEARCH_REPLICAS="0").elasticsearch
    assert read == {**given, "ELASTICSEARCH_SHARDS": 3, "ELASTICSEARCH_REPLICAS": 0}
    assert mistakes(tmp_path, ELASTICSEARCH_SHARDS="0", ELASTICSEARCH_REPLICAS="x") == [
        "ELASTICSEARCH_SHARDS: “0” không hợp lệ; hãy ghi một số từ 1 đến 20.",
        "ELASTICSEARCH_REPLICAS: “x” không hợp lệ; hãy ghi một số từ 0 đến 20.",
    ]
    assert mistakes(tmp_path, ELASTICSEARCH_CA="/khong/co.pem") == [
        "ELASTICSEARCH_CA: không có tệp “/khong/co.pem”; hãy ghi đường dẫn đầy đủ tới tệp chứng thư (PEM)."
    ]
