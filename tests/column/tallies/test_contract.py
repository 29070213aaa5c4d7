from pathlib import Path

from column.tallies.contract import RULES, as_markdown

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "counting.md"


def test_the_contract_in_the_docs_is_the_one_in_the_product() -> None:
    assert DOCUMENT.read_text("utf-8") == as_markdown()
    assert len(RULES) == 8
