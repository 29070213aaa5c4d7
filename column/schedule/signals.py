"""What the schedule announces; it knows nobody who listens."""

from __future__ import annotations

from django.dispatch import Signal

#: Sent inside the transaction of every change of a slot, once an entry of the ledger. Argument: ``event``, the
#: ``SlotEvent``. Of a substitution, ``event.story`` is the one that fell through, ``data["other_story"]`` the one
#: that took its place. An event that takes something back, or belongs to such a step, is told like any other.
slot_changed = Signal()
