"""What the domain announces to whoever listens.

``stories_changed`` is sent *inside* the transaction of every write that can change what a
reader may see of a story, with the primary keys of the stories; from bulk paths too.
``story_taken_down`` is sent inside the transaction that takes a story off the site.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.dispatch import Signal

#: Arguments: ``ids`` (a tuple of story primary keys, without repeats, never empty); ``again``, True when nothing
#: changed but readers do not see it: whatever was made of these stories is to be made anew, even if it looks right.
stories_changed = Signal()

#: Arguments: ``story`` (fresh), ``user``, ``reason`` (the newsroom's own, may be empty).
story_taken_down = Signal()


def announce(ids: Iterable[int], *, again: bool = False) -> None:
    """Tell the listeners that these stories changed; call it inside the transaction."""
    unique = tuple(dict.fromkeys(ids))
    if unique:
        stories_changed.send(sender=None, ids=unique, again=again)
