"""The settings that come from the environment: read, checked, and every mistake told in one Vietnamese sentence.

``read`` is pure but for looking at the data folder; ``load`` is what the settings modules call. No gettext here:
the sentences are needed before Django has settings, and the people who read them read Vietnamese.
"""

import os
import re
import secrets
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formataddr
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environ import Env

SECRET_KEY_LENGTH = 50
"""Characters: what Django's own deployment check asks for."""

_HOST = re.compile(r"^\.?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$|^\[[0-9A-Fa-f:]+\]$")
_YES = frozenset({"1", "true", "yes", "on", "co", "có"})
_NO = frozenset({"", "0", "false", "no", "off", "khong", "không"})
_DATABASE_SCHEMES = frozenset({"sqlite", "postgres", "postgresql"})
_MAIL_ADDRESS = re.compile(r"^[^\s@<>,;]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$")
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_EMAIL_SCHEMES = frozenset(
    {"smtp", "smtps", "smtp+tls", "smtp+ssl", "filemail", "consolemail", "dummymail", "memorymail"}
)


class EnvironmentMistakes(Exception):
    """All that is wrong with the environment, one sentence each."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True)
class Environment:
    """Checked values, ready for the settings modules. Paths are absolute."""

    debug: bool
    secret_key: str
    allowed_hosts: tuple[str, ...]
    site_url: str
    #: Where the worker asks for pages as a reader would: the site's own address, or a port behind the proxy.
    proof_base_url: str
    port: int
    data_dir: Path
    media_root: Path
    database: Mapping[str, Any]
    email: Mapping[str, Any]
    #: The sender of every mail, as its header has it.
    email_from: str
    #: Told of every alarm; empty: nobody.
    alarm_webhook_url: str
    elasticsearch_url: str
    #: Django's settings of the same names.
    elasticsearch: Mapping[str, Any]

    @property
    def mail_dir(self) -> Path:
        """Where mails are written while no mail server is set."""
        return self.data_dir / "mail"


def read(variables: Mapping[str, str], *, production: bool, base_dir: Path) -> Environment:
    """Check every variable and return the values.

    In development everything has a default; in production ``SECRET_KEY``, ``ALLOWED_HOSTS`` and ``SITE_URL`` are
    required. Raises ``EnvironmentMistakes`` with all mistakes at once, in the order of the manual's table. An empty
    ``secret_key`` in the result means: development, generate one.
    """
    mistakes: list[str] = []
    values = {name: value.strip() for name, value in variables.items()}

    debug = _debug(values.get("DEBUG", ""), production, mistakes)
    secret_key = _secret_key(values.get("SECRET_KEY", ""), production, mistakes)
    allowed_hosts = _allowed_hosts(values.get("ALLOWED_HOSTS", ""), production, mistakes)
    port = _port(values.get("PORT", ""), mistakes)
    site_url = _site_url(values.get("SITE_URL", ""), production, port, allowed_hosts, mistakes)
    proof_base_url = _proof_base_url(values.get("PROOF_BASE_URL", ""), mistakes) or site_url
    data_dir = _folder("DATA_DIR", values.get("DATA_DIR", ""), base_dir / "data", mistakes)
    media_root = _folder("MEDIA_ROOT", values.get("MEDIA_ROOT", ""), data_dir / "media", mistakes)
    database = _database(values.get("DATABASE_URL", ""), data_dir, mistakes)
    email = _email(values.get("EMAIL_URL", ""), data_dir, mistakes)
    email_from = _email_from(values.get("EMAIL_FROM", ""), site_url, mistakes)
    alarm_webhook_url = _alarm_webhook_url(values.get("ALARM_WEBHOOK_URL", ""), mistakes)
    elasticsearch_url = _elasticsearch_url(values.get("ELASTICSEARCH_URL", ""), mistakes)
    elasticsearch = {
        "ELASTICSEARCH_API_KEY": values.get("ELASTICSEARCH_API_KEY", ""),
        "ELASTICSEARCH_CA": _certificate(values.get("ELASTICSEARCH_CA", ""), mistakes),
        "ELASTICSEARCH_SHARDS": _few("ELASTICSEARCH_SHARDS", values.get("ELASTICSEARCH_SHARDS", ""), 1, mistakes),
        "ELASTICSEARCH_REPLICAS": _few("ELASTICSEARCH_REPLICAS", values.get("ELASTICSEARCH_REPLICAS", ""), 0, mistakes),
    }

    if mistakes:
        raise EnvironmentMistakes(mistakes)
    return Environment(
        debug=debug,
        secret_key=secret_key,
        allowed_hosts=allowed_hosts,
        site_url=site_url,
        proof_base_url=proof_base_url,
        port=port,
        data_dir=data_dir,
        media_root=media_root,
        database=database,
        email=email,
        email_from=email_from,
        alarm_webhook_url=alarm_webhook_url,
        elasticsearch_url=elasticsearch_url,
        elasticsearch=elasticsearch,
    )


def load(*, production: bool, base_dir: Path) -> Environment:
    """Read the process's environment; on mistakes end the process with the sentences and exit code 1.

    ``SystemExit`` is deliberate: it passes through Django's command line, the web server and the worker alike and
    leaves no traceback between the operator and the sentence.
    """
    try:
        return read(os.environ, production=production, base_dir=base_dir)
    except EnvironmentMistakes as error:
        heading = "Không khởi động được vì cấu hình (biến môi trường) chưa đúng:"
        sys.exit("\n".join([heading, *(f"  • {sentence}" for sentence in error.sentences)]))


def kept_secret_key(data_dir: Path) -> str:
    """The development key, made once and kept in the data folder, readable by its owner alone."""
    path = data_dir / "secret_key"
    try:
        key = path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        key = ""
    if len(key) >= SECRET_KEY_LENGTH:
        return key
    data_dir.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(SECRET_KEY_LENGTH)
    # Written aside and linked in place: of two processes that start together, the second takes the first one's key.
    aside = data_dir / f"secret_key.{os.getpid()}"
    aside.touch(mode=0o600)
    aside.write_text(key, encoding="ascii")
    if path.exists() and not path.read_text(encoding="ascii").strip():
        path.unlink()
    try:
        os.link(aside, path)
    except FileExistsError:
        key = path.read_text(encoding="ascii").strip()
    finally:
        aside.unlink()
    return key


def _debug(value: str, production: bool, mistakes: list[str]) -> bool:
    lowered = value.lower()
    if lowered not in _YES | _NO:
        mistakes.append(f"DEBUG: “{value}” không hiểu được; hãy đặt 1 (bật) hoặc 0 (tắt).")
        return False
    if lowered in _YES and production:
        mistakes.append("DEBUG: không được bật khi chạy thật vì sẽ lộ mã nguồn và cấu hình; hãy bỏ biến này đi.")
        return False
    return lowered in _YES


def _secret_key(value: str, production: bool, mistakes: list[str]) -> str:
    command = 'python3 -c "import secrets; print(secrets.token_urlsafe(50))"'
    if not value:
        if production:
            mistakes.append(f"SECRET_KEY: chưa có; hãy tạo một chuỗi bí mật bằng lệnh {command} rồi đặt vào biến này.")
        return ""
    if len(value) < SECRET_KEY_LENGTH or len(set(value)) < 5 or value.startswith("django-insecure-"):
        mistakes.append(
            f"SECRET_KEY: quá ngắn hoặc dễ đoán (cần ít nhất {SECRET_KEY_LENGTH} ký tự ngẫu nhiên);"
            f" hãy tạo chuỗi khác bằng lệnh {command}."
        )
    return value


def _allowed_hosts(value: str, production: bool, mistakes: list[str]) -> tuple[str, ...]:
    hosts = tuple(part.strip().lower() for part in value.split(",") if part.strip())
    if not hosts:
        if production:
            mistakes.append(
                "ALLOWED_HOSTS: chưa có; hãy ghi các tên miền của trang, cách nhau bằng dấu phẩy,"
                " ví dụ ALLOWED_HOSTS=chuyenmuc.example.vn."
            )
            return ()
        return ("127.0.0.1", "localhost", "[::1]")
    for host in hosts:
        if host == "*":
            mistakes.append("ALLOWED_HOSTS: “*” cho phép mọi tên miền, dễ bị giả mạo; hãy ghi rõ từng tên miền.")
        elif not _HOST.match(host):
            mistakes.append(
                f"ALLOWED_HOSTS: “{host}” không phải là tên miền;"
                " chỉ ghi tên, không ghi http://, cổng hay đường dẫn, ví dụ chuyenmuc.example.vn."
            )
    return hosts


def _port(value: str, mistakes: list[str]) -> int:
    if not value:
        return 8000
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        mistakes.append(f"PORT: “{value}” không phải là số cổng; hãy ghi một số từ 1 đến 65535, ví dụ 8000.")
        return 8000
    return int(value)


def _site_url(value: str, production: bool, port: int, allowed_hosts: tuple[str, ...], mistakes: list[str]) -> str:
    if not value:
        if production:
            mistakes.append(
                "SITE_URL: chưa có; hãy ghi địa chỉ đầy đủ mà bạn đọc dùng, ví dụ SITE_URL=https://chuyenmuc.example.vn."
            )
        return f"http://127.0.0.1:{port}"
    parts = _split(value)
    if parts is None or parts.path not in ("", "/") or parts.query or parts.fragment or parts.username:
        mistakes.append(
            f"SITE_URL: “{value}” không phải là địa chỉ gốc của trang;"
            " hãy ghi dạng https://tên-miền, không có đường dẫn phía sau."
        )
        return value
    if production and parts.scheme != "https":
        mistakes.append(f"SITE_URL: “{value}” phải bắt đầu bằng https:// khi chạy thật; hãy bật HTTPS và sửa địa chỉ.")
    hostname = parts.hostname or ""
    if allowed_hosts and not _is_allowed(hostname, allowed_hosts):
        mistakes.append(
            f"SITE_URL: tên miền “{hostname}” không nằm trong ALLOWED_HOSTS; hãy thêm “{hostname}” vào ALLOWED_HOSTS."
        )
    return value.rstrip("/")


def _proof_base_url(value: str, mistakes: list[str]) -> str:
    parts = _split(value) if value else None
    if value and (parts is None or parts.path not in ("", "/") or parts.query or parts.fragment or parts.username):
        mistakes.append(
            f"PROOF_BASE_URL: “{value}” không phải là địa chỉ gốc; hãy ghi dạng http://127.0.0.1:8000,"
            " hoặc bỏ biến này đi để kiểm tra qua SITE_URL."
        )
    return value.rstrip("/")


def _is_allowed(hostname: str, allowed_hosts: tuple[str, ...]) -> bool:
    bracketed = f"[{hostname}]" if ":" in hostname else hostname
    return any(
        bracketed == host or (host.startswith(".") and (bracketed.endswith(host) or bracketed == host[1:]))
        for host in allowed_hosts
    )


def _folder(name: str, value: str, default: Path, mistakes: list[str]) -> Path:
    if not value:
        return default
    path = Path(value)
    if not path.is_absolute():
        mistakes.append(
            f"{name}: “{value}” là đường dẫn tương đối; hãy ghi đường dẫn đầy đủ, bắt đầu bằng /, ví dụ /srv/chuyenmuc."
        )
        return default
    nearest = path
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir():
        mistakes.append(f"{name}: “{nearest}” là một tệp, không phải thư mục; hãy chọn một thư mục khác.")
    elif not os.access(nearest, os.W_OK | os.X_OK):
        mistakes.append(
            f"{name}: không có quyền ghi vào “{nearest}”;"
            " hãy cấp quyền cho tài khoản chạy chương trình hoặc chọn một thư mục khác."
        )
    return path


def _database(value: str, data_dir: Path, mistakes: list[str]) -> Mapping[str, Any]:
    if not value:
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": str(data_dir / "newsroom.sqlite3")}
    example = "postgres://tên:mật-khẩu@máy-chủ:5432/tên-csdl hoặc sqlite:////srv/chuyenmuc/newsroom.sqlite3"
    # The value may hold a password: the sentences never repeat it.
    if value.partition("://")[0] not in _DATABASE_SCHEMES:
        mistakes.append(
            f"DATABASE_URL: chỉ dùng được PostgreSQL hoặc SQLite, và địa chỉ phải có dạng {example};"
            " hãy sửa phần đứng trước “://”."
        )
        return {}
    try:
        config: dict[str, Any] = Env.db_url_config(value)
    except (ImproperlyConfigured, ValueError):
        config = {}
    name = str(config.get("NAME") or "")
    if value.startswith("sqlite"):
        if not Path(name).is_absolute():
            mistakes.append(
                "DATABASE_URL: SQLite cần đường dẫn đầy đủ tới tệp dữ liệu, với bốn dấu gạch chéo;"
                " ví dụ sqlite:////srv/chuyenmuc/newsroom.sqlite3."
            )
    elif "%2f" in str(config.get("HOST")).lower():
        # libpq's way to name a socket's folder; the URL parser gives it undecoded and in lower case.
        host = urlsplit(value).netloc.rpartition("@")[2].partition(":")[0]
        config["HOST"] = unquote(host)
    if not value.startswith("sqlite") and (not name or name == "/"):
        mistakes.append(f"DATABASE_URL: không đọc được địa chỉ cơ sở dữ liệu; hãy ghi theo dạng {example}.")
    return config


def _email(value: str, data_dir: Path, mistakes: list[str]) -> Mapping[str, Any]:
    if not value:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(data_dir / "mail"),
        }
    example = "smtp+tls://tên:mật-khẩu@máy-chủ:587"
    scheme = value.partition("://")[0]
    try:
        config: dict[str, Any] = Env.email_url_config(value)
    except (ImproperlyConfigured, ValueError):
        config = {}
    if scheme not in _EMAIL_SCHEMES or not config or (scheme.startswith("smtp") and not config.get("EMAIL_HOST")):
        mistakes.append(
            f"EMAIL_URL: không đọc được địa chỉ máy chủ thư; hãy ghi theo dạng {example},"
            " hoặc bỏ biến này đi để thư được ghi ra tệp."
        )
    return config


def _email_from(value: str, site_url: str, mistakes: list[str]) -> str:
    parts = _split(site_url)
    host = (parts.hostname if parts else None) or ""
    if value and not _MAIL_ADDRESS.match(value):
        mistakes.append(
            f"EMAIL_FROM: “{value}” không phải là địa chỉ thư; chỉ ghi một địa chỉ,"
            " ví dụ EMAIL_FROM=toasoan@example.vn."
        )
        return value
    # A bare number is no mail domain.
    address = value or f"khong-tra-loi@{host if host.rpartition('.')[2].isalpha() else 'localhost'}"
    return formataddr(("5 xây, 3 chống", address))


def _alarm_webhook_url(value: str, mistakes: list[str]) -> str:
    if not value:
        return ""
    parts = _split(value)
    example = "ALARM_WEBHOOK_URL=https://may-chu.example.vn/duong-dan"
    if parts is None:
        # Its path is a secret: the sentence does not repeat it.
        mistakes.append(f"ALARM_WEBHOOK_URL: không phải là một địa chỉ; hãy ghi dạng {example}, hoặc bỏ biến này đi.")
    elif parts.username or parts.fragment:
        mistakes.append(
            f"ALARM_WEBHOOK_URL: không ghi tên, mật khẩu (…@) hay phần sau dấu # trong địa chỉ; hãy ghi dạng {example}."
        )
    elif parts.scheme != "https" and parts.hostname not in _LOOPBACK:
        mistakes.append(
            "ALARM_WEBHOOK_URL: phải bắt đầu bằng https:// (http:// chỉ được dùng cho chính máy này, 127.0.0.1);"
            f" hãy ghi dạng {example}."
        )
    return value


def _elasticsearch_url(value: str, mistakes: list[str]) -> str:
    # Several nodes of one cluster, separated by commas.
    if value and any(_split(one.strip()) is None for one in value.split(",")):
        mistakes.append(
            "ELASTICSEARCH_URL: không phải là địa chỉ http:// hay https://; hãy ghi dạng http://máy-chủ:9200,"
            " hoặc bỏ biến này đi để dùng chỉ mục sẵn có."
        )
    return value


def _certificate(value: str, mistakes: list[str]) -> str:
    if value and not Path(value).is_file():
        mistakes.append(f"ELASTICSEARCH_CA: không có tệp “{value}”; hãy ghi đường dẫn đầy đủ tới tệp chứng thư (PEM).")
    return value


def _few(name: str, value: str, least: int, mistakes: list[str]) -> int:
    """A small number; one where none is given."""
    if not value:
        return 1
    if not (value.isascii() and value.isdigit() and least <= int(value) <= 20):
        mistakes.append(f"{name}: “{value}” không hợp lệ; hãy ghi một số từ {least} đến 20.")
        return 1
    return int(value)


def _split(url: str) -> Any:
    """The parts of an http(s) URL with a host and a legal port, else ``None``."""
    try:
        parts = urlsplit(url)
        legal = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return None
    return parts if legal and not re.search(r"\s", url) else None
