"""Every scenario file with a mistake, for the tests of the reader and of the whole program."""

from __future__ import annotations

from tests.unit.broken_extending_files import EXTENDING, FILES
from tests.unit.broken_makers import BASELINE, HISTORY, Broken
from tests.unit.broken_service_files import SERVICE
from tests.unit.broken_whole_files import WHOLE

__all__ = ["BASELINE", "BROKEN", "HISTORY", "Broken"]

BROKEN = [*WHOLE, *EXTENDING, *SERVICE, *FILES]
