"""What Wagtail calls when the last approval of a workflow is given."""

from typing import Any


def on_workflow_finished(workflow_state: Any, user: Any = None) -> None:
    """Hand over to the schedule: approval alone never publishes.

    Wagtail resolves the setting that names this function while its own models are still loading, so the room that
    decides, which needs those models, is imported at the call.
    """
    from column.schedule.approval import on_workflow_finished as decide

    decide(workflow_state, user=user)
