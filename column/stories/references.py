"""Wagtail's index of references, written once for a story instead of once for it and once for every byline and photo.

Wagtail would also read the story and all that hangs on it again each time; what was just saved is in our hands.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from wagtail.models import ReferenceIndex


@contextmanager
def references_at_once(saved: Any, *, whole: bool) -> Iterator[None]:
    """Around the save of *saved*, inside its transaction. Not *whole* (some fields alone): as Wagtail does it."""
    # Wagtail connects these handlers when all apps are ready.
    from wagtail.signal_handlers import disable_reference_index_auto_update, reference_index_auto_update_disabled

    if not whole or getattr(reference_index_auto_update_disabled, "value", False):
        yield
        return
    with disable_reference_index_auto_update():
        yield
    ReferenceIndex.create_or_update_for_object(saved)
