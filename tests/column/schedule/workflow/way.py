"""A story's way through the desk, step by step, as its screens take it."""

from __future__ import annotations

from typing import Any

from django.test import Client
from django.urls import reverse

from column.people.models import User
from column.people.roles import Role
from column.stories.models import Article, Story
from tests.factories import make_article, make_user


def person(username: str, role: Role | None, **fields: Any) -> User:
    names = (role,) if role else ()
    return make_user(username, *names, **({"email": f"{username}@example.vn", "display_name": username} | fields))


def fresh(user: User) -> User:
    """The account as the next request has it."""
    return User.objects.get(pk=user.pk)


def written(title: str, owner: User, **fields: Any) -> Article:
    return make_article(title, live=False, owner=owner, **fields)


def submit(story: Story, user: User) -> Any:
    return story.get_workflow().start(story, fresh(user))


def act(story: Story, user: User, action: str, comment: str = "") -> None:
    """One step done by its right, as a view that has checked it does."""
    page = Story.objects.get(pk=story.pk).specific
    state = page.current_workflow_task_state
    task = state.task.specific
    assert action in [name for name, _label, _modal in task.get_actions(page, fresh(user))]
    task.on_action(state, fresh(user), action, comment=comment)


def step_of(story: Story) -> str:
    """The name of the step at which it waits; empty when it does not."""
    task = Story.objects.get(pk=story.pk).current_workflow_task
    return task.name if task else ""


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def edit(story: Story) -> str:
    return reverse("wagtailadmin_pages:edit", args=[story.pk])


def form_of(client: Client, story: Story, **more: str) -> dict[str, Any]:
    """What the editor's page would post, unchanged but for *more*."""
    page = client.get(edit(story))
    form = page.context["form"]
    data: dict[str, Any] = {}

    def put(one: Any) -> None:
        for field in one:
            value = field.value()
            data[field.html_name] = "" if value is None else value

    put(form)
    for formset in form.formsets.values():
        put(formset.management_form)
        for one in formset.forms:
            put(one)
    data["body-count"] = "0"
    revision = Story.objects.get(pk=story.pk).get_latest_revision()
    data["loaded_revision_id"], data["loaded_revision_created_at"] = revision.pk, revision.created_at.isoformat()
    return {**{key: value for key, value in data.items() if not isinstance(value, bool) or value}, **more}
