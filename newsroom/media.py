"""Uploaded files as readers may have them: renditions of pictures and nothing else.

Originals (with their GPS) and attachments lie beside the renditions in the media folder and are never served from
there: an attachment goes through Wagtail's view, which asks who is reading.
"""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

RENDITIONS = "images"
"""The folder to which Wagtail writes renditions."""

LONGEST = 100
"""Bytes of a rendition's name; Wagtail's column holds no more."""
YEAR = 365 * 24 * 3600


@require_safe
def rendition(request: HttpRequest, path: str) -> HttpResponseBase:
    """A rendition; its name changes with its content, so it may be kept for a year. 404 or 400 for all else."""
    if len(path.encode()) > LONGEST:  # the file system would fail on it
        raise Http404
    response = serve(request, path, document_root=str(Path(settings.MEDIA_ROOT) / RENDITIONS))
    response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    return response
