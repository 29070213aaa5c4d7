"""What ``serve`` tells the person at the terminal: where to look, and as whom to log in."""

import errno
import http.client
import socket
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

HOST = "127.0.0.1"
DEMO_LOGINS = "demo_logins.tsv"
"""In the data folder: role, login name, password; written with the demo data, printed at every start."""

ASK_EVERY = 0.25
"""Seconds between two looks at whether the site answers."""


def is_port_free(port: int) -> bool:
    """Whether a server could listen on ``port`` of the loopback. Permission problems count as taken."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the web server does: a connection still closing from the last run is no obstacle.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def require_free_port(port: int) -> None:
    """Raises ``CommandError``, with what to do, when another program listens there."""
    if not is_port_free(port):
        raise CommandError(
            f"Cổng {port} đang được một chương trình khác dùng. Hãy dừng chương trình đó, hoặc chọn cổng khác,"
            f" ví dụ: make run PORT={port + 1 if port < 65535 else port - 1}"
        )


class Welcome:
    """Prints the addresses once, as soon as the site answers."""

    def __init__(self, port: int, tell: Callable[[str], None]) -> None:
        self._port = port
        self._tell = tell
        self._told = False

    def tick(self) -> float | None:
        """For ``Supervisor.run``: seconds to the next look, ``None`` once told."""
        if self._told:
            return None
        if not self._answers():
            return ASK_EVERY
        self._tell(text())
        self._told = True
        return None

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection(HOST, self._port, timeout=1)
        try:
            connection.request("GET", "/health", headers={"Host": settings.ALLOWED_HOSTS[0].lstrip(".")})
            connection.getresponse().read()
        except OSError:
            return False
        except http.client.HTTPException:
            return False
        else:
            return True
        finally:
            connection.close()


def text() -> str:
    """The addresses, the mail folder and the demo logins, ready to print."""
    url = settings.SITE_URL
    lines = [
        "",
        "  Chuyên mục “5 xây, 3 chống” đang chạy:",
        "",
        f"    Trang cho bạn đọc     {url}/",
        f"    Trang quản trị        {url}/admin/",
        f"    Số liệu, tổng hợp     {url}/tong-hop/",
        f"    Thư gửi đi            {settings.ENVIRONMENT.mail_dir}"
        if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend")
        else f"    Thư gửi qua máy chủ   {settings.EMAIL_HOST}",
    ]
    logins = demo_logins()
    if logins:
        wide, narrow = max(len(role) for role, _, _ in logins), max(len(name) for _, name, _ in logins)
        lines += ["", "  Tài khoản mẫu (vai trò, tên đăng nhập, mật khẩu):", ""]
        lines += [f"    {role:<{wide}}  {name:<{narrow}}  {password}" for role, name, password in logins]
    return "\n".join([*lines, "", "  Bấm Ctrl-C để dừng.", ""])


def demo_logins() -> list[tuple[str, str, str]]:
    """Role, login name and password of the demo accounts, as ``seed_demo`` noted them in the data folder."""
    try:
        noted = (Path(settings.DATA_DIR) / DEMO_LOGINS).read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    rows = (line.split("\t") for line in noted.splitlines())
    return [(row[0], row[1], row[2]) for row in rows if len(row) == 3]
