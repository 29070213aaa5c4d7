import os
import signal
import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from newsroom.site import sync_default_site
from newsroom.stopping import StopSignal
from newsroom.supervisor import Child, Supervisor
from newsroom.welcome import HOST, Welcome, require_free_port

WEB_PROCESSES = 2
THREADS_PER_PROCESS = 4


class Command(BaseCommand):
    help = "Chạy trang web và tiến trình nền cùng nhau cho tới khi bấm Ctrl-C."

    def handle(self, *args: Any, **options: Any) -> None:
        port: int = settings.ENVIRONMENT.port
        require_free_port(port)
        sync_default_site(settings.SITE_URL)
        welcome = Welcome(port, self.stdout.write)
        supervisor = Supervisor([_web(port), _worker()], self.stderr.write)
        with StopSignal(signal.SIGCHLD) as stop:
            supervisor.run(stop, on_tick=welcome.tick)
        self.stdout.write("Đã dừng.")


def _web(port: int) -> Child:
    return Child(
        "Trang web",
        [
            sys.executable, "-m", "granian", "newsroom.wsgi:application",
            "--interface", "wsgi",
            "--host", HOST,
            "--port", str(port),
            "--workers", str(min(WEB_PROCESSES, os.cpu_count() or 1)),
            "--blocking-threads", str(THREADS_PER_PROCESS),
            "--no-ws",
            "--respawn-failed-workers",
            "--workers-kill-timeout", "3",
            "--log-level", "warning",
        ],
        settings.BASE_DIR,
    )  # fmt: skip


def _worker() -> Child:
    return Child("Tiến trình nền", [sys.executable, "-m", "django", "worker"], settings.BASE_DIR)
