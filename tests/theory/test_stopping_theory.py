"""The intervals of chances that stopped by themselves hold the truth as often as they say."""

from __future__ import annotations
