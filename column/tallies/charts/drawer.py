"""The drawing program: run by itself (``python -I drawer.py <fonts>``), never imported.

Reads jobs as JSON from standard input and writes their results as JSON in the same order: ``{"spec": …}`` becomes SVG
text, ``{"svg": …, "scale": 2}`` a PNG in Base64. Vega's engine keeps 100 MB and holds Python's lock while it draws, so
it has no place in a process that answers readers.
"""

from __future__ import annotations

import base64
import json
import sys

import vl_convert

#: The language of the specifications; the package brings several.
VEGA_LITE = "6.4"
NUMBERS = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " ₫"]}


def main(fonts: str) -> None:
    vl_convert.register_font_directory(fonts)
    drawn = []
    for job in json.load(sys.stdin):
        if "spec" in job:
            # No address is ever fetched: data stands in the specification.
            drawn.append(
                vl_convert.vegalite_to_svg(
                    job["spec"], vl_version=VEGA_LITE, allowed_base_urls=[], format_locale=NUMBERS
                )
            )
        else:
            drawn.append(base64.b64encode(vl_convert.svg_to_png(job["svg"], scale=job["scale"])).decode("ascii"))
    json.dump(drawn, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
