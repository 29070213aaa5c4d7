"""Day first, decimal comma, weeks from Monday.

Django's own ``vi`` has no input formats and falls back to American ones: 03/02/2017 became 2 March and 16/02/2017
was refused. The output formats are for what Django and Wagtail print by themselves.
"""

DATE_FORMAT = "d/m/Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "H:i, d/m/Y"
YEAR_MONTH_FORMAT = r"\t\há\n\g m/Y"
MONTH_DAY_FORMAT = "d/m"
SHORT_DATE_FORMAT = "d/m/Y"
SHORT_DATETIME_FORMAT = "H:i, d/m/Y"
FIRST_DAY_OF_WEEK = 1

DATE_INPUT_FORMATS = [
    "%d/%m/%Y",  # 16/02/2017
    "%d-%m-%Y",  # 16-2-2017
    "%d.%m.%Y",  # 16.2.2017
    "%Y-%m-%d",  # 2017-02-16
]
TIME_INPUT_FORMATS = [
    "%H:%M",  # 14:12
    "%H:%M:%S",  # 14:12:30
    "%H:%M:%S.%f",
    "%Hh%M",  # 14h12
]
DATETIME_INPUT_FORMATS = [
    *(f"{date} {time}" for date in DATE_INPUT_FORMATS for time in TIME_INPUT_FORMATS),
    *(f"{time}, {date}" for date in DATE_INPUT_FORMATS for time in TIME_INPUT_FORMATS),
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S",
]

DECIMAL_SEPARATOR = ","
THOUSAND_SEPARATOR = "."
NUMBER_GROUPING = 3
