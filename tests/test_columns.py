"""A role is one row: what is made of it, and that an incomplete one says where it stands."""

import pytest

from core.columns import ENTITIES, NUMBERS, OFFERED, ROLE_OF, ROLE_ROWS, ROLES, TIMES, Role
from core.reading.roles.header_names import NAMES, plain_name
from core.scoring.batch_risk import known_name, risk_name
from core.scoring.feature_rows import FEATURES

ROWS = [pytest.param(role, id=role.name) for role in ROLE_ROWS]


@pytest.mark.parametrize("role", ROWS)
def test_a_role_is_offered_known_by_its_header_and_explained(role: Role) -> None:
    assert OFFERED.count(role.name) == 1
    assert NAMES[role.name][0] == role.name, "files that use our own name are recognized first"
    assert ROLES[role.name] == role.words


def test_the_roles_that_are_always_offered_come_first() -> None:
    assert OFFERED[:5] == ("amount", "ordered_at", "is_fraud", "score", "order_id")


def test_roles_by_kind() -> None:
    assert TIMES == ("ordered_at", "signed_up_at", "labelled_at")
    assert NUMBERS == ("amount", "is_fraud", "score")
    assert ENTITIES == ("account_id", "device_id", "ip_address", "shipping_address")


def test_no_name_is_used_twice() -> None:
    for names in (
        [role.name for role in ROLE_ROWS],
        [role.label for role in ROLE_ROWS],
        [ROLE_OF[entity].short for entity in ENTITIES],
        [header for headers in NAMES.values() for header in headers],
    ):
        assert sorted(names) == sorted(set(names))


def test_headers_are_written_as_they_are_looked_up() -> None:
    for headers in NAMES.values():
        assert [plain_name(header) for header in headers] == list(headers)


@pytest.mark.parametrize("entity", ENTITIES)
def test_an_entity_has_its_features(entity: str) -> None:
    short = ROLE_OF[entity].short
    wanted = {f"{short}_orders_{window}" for window in ("1h", "24h", "7d")} | {f"{short}_risk", f"{short}_outcomes"}
    assert {risk_name(entity), known_name(entity)} < wanted
    assert wanted <= {feature.name for feature in FEATURES}


@pytest.mark.parametrize(
    ("kind", "values", "lacking"),
    [
        ("text", {"words": ""}, "words"),
        ("time", {"label": " "}, "label"),
        ("number", {"headers": "", "label": ""}, "label and no headers"),
        ("entity", {}, "short and no said and no group"),
        ("entity", {"short": "phone", "said": "phone"}, "group"),
    ],
)
def test_an_incomplete_role_names_itself_and_the_place(kind: str, values: dict[str, str], lacking: str) -> None:
    row = {"name": "phone", "words": "the buyer's phone", "label": "Phone", "headers": "phone tel", "kind": kind}
    with pytest.raises(ValueError, match=rf"'phone' has no {lacking}\. Add it to its row of ROLE_ROWS in core/col"):
        Role(**(row | values))  # type: ignore[arg-type]
