"""/api/: the JSON address in words, for people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from search.api import MOST_HITS, Asked, HitOut

EXAMPLE = "/api/v1/search/?q=trach+nhiem+giai+trinh&ky=2017"


@require_safe
def description(request: HttpRequest) -> HttpResponse:
    """The parameters as the machine-readable description has them, with an example."""
    parameters = [
        (str(field.alias or name), str(field.description or "")) for name, field in Asked.model_fields.items()
    ]
    context: dict[str, Any] = {
        "parameters": parameters,
        "hit_fields": list(HitOut.model_fields),
        "example": EXAMPLE,
        "most": MOST_HITS,
        "noindex": True,
    }
    return render(request, "search/api.html", context)
