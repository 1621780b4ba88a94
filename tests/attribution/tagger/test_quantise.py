"""How the encoder's matrices are rounded (models/attribution/quantise.py)."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.append(str(Path(__file__).resolve().parents[3] / "models" / "attribution"))
from quantise import rounded


@pytest.mark.parametrize("spread", [0.05, 3.0])
def test_no_pair_of_weights_can_overflow_and_products_stay_near(spread: float) -> None:
    random = np.random.default_rng(3)
    matrix = (random.standard_t(3, (64, 40)) * spread).astype(np.float32)
    inputs = random.normal(size=(500, 64)) @ random.normal(size=(64, 64))
    small = rounded(matrix, inputs.T @ inputs / len(inputs))
    pairs = small.matrix.astype(int).reshape(-1, 2, 40)
    for sign in (1, -1):
        assert 255 * np.maximum(sign * pairs, 0).sum(axis=1).max() <= 32_767
    lost = inputs @ (small.full - matrix)
    plain = np.rint(matrix / small.scale) * small.scale
    assert (lost**2).sum() < 0.8 * ((inputs @ (plain - matrix)) ** 2).sum()
