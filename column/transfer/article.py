"""From a parsed text to a draft article, written as if an editor had typed it."""

from __future__ import annotations

from html import escape

from django.db import transaction

from column.people.models import Byline, User
from column.stories.models import Article, BylineCredit, ColumnPage
from column.transfer.plain_text import ParsedArticle


@transaction.atomic
def make_draft(parsed: ParsedArticle, column: ColumnPage, user: User) -> Article:
    """A new draft under *column*, its creation in the history under the user's name.

    The printed kicker is kept as it was; the kicker that readers see stays the column's own.
    """
    article = Article(
        title=parsed.headline,
        draft_title=parsed.headline,
        kicker_printed=parsed.kicker_printed,
        standfirst=parsed.standfirst,
        body=[
            (name, f"<p>{escape(text, quote=False)}</p>" if name == "paragraph" else text) for name, text in parsed.body
        ],
        printed_at=parsed.printed_at,
        live=False,
        has_unpublished_changes=True,
        owner=user,
    )
    article.byline_credits = [
        BylineCredit(byline=Byline.objects.named(name).first() or Byline.objects.create(name=name), role=role)
        for name, role in parsed.credits
    ]
    column.add_child(instance=article)
    article.save_revision(user=user, log_action=True, clean=False)
    return article
