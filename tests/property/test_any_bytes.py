"""Whatever bytes a file has, it is a table or is refused in one line."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ehc_sim.inputs import Unreadable, read_sheet

pytestmark = pytest.mark.property

PIECES = (
    *(b"month", b"requests", b"2024-01", b"5", b",", b";", b"\t", b'"', b"\n", b"\r\n", b"\0"),
    *(b"\xff\xfe", b"\xef\xbb\xbf", b"\x81", b"\xc2\xa3", b"\xa3", b"PK\x03\x04", b"\x1b", b" "),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.one_of(st.binary(), st.lists(st.sampled_from(PIECES)).map(b"".join)))
def test_any_bytes_are_a_table_or_refused_in_one_line(raw, tmp_path) -> None:
    path = tmp_path / "any"
    path.write_bytes(raw)
    try:
        sheet = read_sheet(path, ("month", "requests"))
    except Unreadable as error:
        assert error.problem.strip()
        assert "\n" not in error.problem
    else:
        assert all(len(cells) == len(sheet.columns) for _, cells in sheet.rows)
        assert all(cell.isprintable() for _, cells in sheet.rows for cell in cells)
