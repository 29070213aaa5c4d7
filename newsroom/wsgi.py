"""What the web server loads: production settings unless DJANGO_SETTINGS_MODULE says otherwise."""

import os
from typing import TYPE_CHECKING

from django.core.wsgi import get_wsgi_application

if TYPE_CHECKING:
    from home.pagecache import PageCache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings.production")


def kept_pages() -> "PageCache":
    """The site behind its page cache."""
    site = get_wsgi_application()
    # Imports models, which stand only after the line above.
    from home.pagecache import PageCache

    return PageCache(site)


application = kept_pages()
