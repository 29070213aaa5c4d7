from __future__ import annotations

from datetime import date

from column.tallies.certificates.canonical import digest, dumps, known_of, line_of
from column.tallies.states.history import Known
from column.tallies.states.recording import Seen

SEEN = Seen("counted", date(2017, 2, 16), "news", "Tin “thử”", ["ĐOÀN LƯƠNG"], [3])
KNOWN = Known(
    0, 123456789, SEEN, {("so-y-te", "ky-cuong"): ("subject", ""), (None, "guong-mau"): ("subject", "praise")}
)
LINE = (
    '{"bylines":["ĐOÀN LƯƠNG"],"day":"2017-02-16","documents":[3],"kind":"news","number":123456789,'
    '"rows":[[null,"guong-mau","subject","praise"],["so-y-te","ky-cuong","subject",""]],"title":"Tin “thử”"}'
)


def test_a_line_is_the_same_text_whatever_the_order_of_its_rows() -> None:
    other = dict(reversed(KNOWN.rows.items()))
    assert line_of(KNOWN) == line_of(Known(7, 123456789, SEEN, other)) == LINE
    assert known_of(LINE) == KNOWN


def test_the_hash_is_over_head_and_lines_in_their_order() -> None:
    # printf '{"a":1}\nx\ny\n' | sha256sum
    assert digest({"a": 1}, ["x", "y"]) == "0b9caaef876a3fda5323ab64f07560f1215d21e3aa9093682409c4fed818c72a"
    same = digest({"b": [1], "a": "đ"}, ["x", "y"])
    assert same == digest({"a": "đ", "b": [1]}, ["x", "y"])
    assert len({same, digest({"a": "đ", "b": [1]}, ["y", "x"]), digest({"a": "d", "b": [1]}, ["x", "y"])}) == 3
    assert dumps({"b": 1, "a": "đ"}) == '{"a":"đ","b":1}'
