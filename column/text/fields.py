"""Form fields that take text and times as people send them: composed, without invisible characters, day first."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from column.text.dates import DateProblem, parse_day, parse_moment
from column.text.normalize import nfc


class CleanCharField(forms.CharField):
    """Text in NFC, without NUL and other characters that nobody can see (pasted from PDF and Word they come along)."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(nfc(value) if isinstance(value, str) else value)


class DayField(forms.DateField):
    """A day in every way that :func:`column.text.dates.parse_day` reads; its sentences are the errors."""

    def to_python(self, value: Any) -> date | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        try:
            return parse_day(value)
        except DateProblem as problem:
            raise ValidationError(str(problem), code="invalid") from problem


class MomentInput(forms.DateTimeInput):
    """A moment as the newspaper writes it, “14:12, 16/02/2017”; plain text, for it may be typed in many ways."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {"autocomplete": "off", "placeholder": "14:12, 16/02/2017", **(attrs or {})}, "%H:%M, %d/%m/%Y"
        )


class MomentField(forms.DateTimeField):
    """A moment in every way that :func:`column.text.dates.parse_moment` reads, on Đà Nẵng's clock."""

    widget = MomentInput

    def to_python(self, value: Any) -> datetime | None:
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        try:
            return parse_moment(value)
        except DateProblem as problem:
            raise ValidationError(str(problem), code="invalid") from problem


class _KnownKeys:
    """Widgets for several records: no key is that long, and the databases fail on one that is."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        sent = super().value_from_datadict(data, files, name)  # type: ignore[misc]
        return [one if len(str(one)) < 10 else "" for one in sent] if isinstance(sent, list) else sent


class SelectMany(_KnownKeys, forms.SelectMultiple):
    pass


class TickMany(_KnownKeys, forms.CheckboxSelectMultiple):
    pass
