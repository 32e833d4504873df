"""The intervals of chances that stopped by themselves hold the truth as often as they say."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from scipy import stats

from ehc_sim.experiment.chance import LEVEL_OF_LOOKS, chance_interval, half_width_of
from ehc_sim.experiment.study import DEFAULT_HALF_WIDTH, plan_of, looks
from ehc_sim.rng.even import places_of
