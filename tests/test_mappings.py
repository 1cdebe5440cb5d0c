"""Saved mappings: kept whole or not at all, found again by the header, refused in one line where they are damaged."""

import json
from pathlib import Path

import pytest

from core.errors import OrdersError
from core.reading.reading import Reading
from core.sources.mappings import mapping_from, mapping_path, mapping_text, save_mapping, saved_mapping

READING = Reading(
    roles={"amount": "Order Total", "is_fraud": "Class"}, ignore=["x"], times={"ordered_at": "%d/%m/%Y"},
    numbers="1.234,50", labels={"y": 1, "n": 0, "?": -1}, score_scale=100, duplicates="last", delimiter=";",
)  # fmt: skip


def test_there_and_back_by_the_header_in_any_order(tmp_path: Path) -> None:
    save_mapping(["Order Total", "Class", "x"], READING, tmp_path)
    assert saved_mapping(["x", "Class", "Order Total"], tmp_path) == READING
    assert saved_mapping(["x", "Class"], tmp_path) is None
    assert [path.suffix for path in tmp_path.iterdir()] == [".json"]


def test_a_damaged_one_is_not_offered(tmp_path: Path) -> None:
    path = save_mapping(["a"], READING, tmp_path)
    path.write_text(path.read_text()[:40])
    assert saved_mapping(["a"], tmp_path) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "cannot be read as JSON"),
        ("[]", "is not an object"),
        ('{"colour": 1}', "unknown entry 'colour'"),
        ('{"roles": [1]}', "'roles' has a value of the wrong kind"),
        ('{"roles": {"amount": 1}}', "wrong kind"),
        ('{"numbers": "1 234"}', "numbers must be one of"),
    ],
)
def test_what_is_wrong_with_a_mapping_is_said(text: str, words: str) -> None:
    with pytest.raises(OrdersError, match=words):
        mapping_from(text)


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OrdersError, match="cannot be saved"):
        save_mapping(["a"], READING, tmp_path / "file")


def test_a_name_cannot_leave_the_folder(tmp_path: Path) -> None:
    assert mapping_path(["../../etc/passwd"], tmp_path).parent == tmp_path
    assert json.loads(mapping_text(READING))["roles"]["amount"] == "Order Total"
