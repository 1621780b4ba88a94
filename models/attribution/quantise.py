"""How do the encoder's matrices become int8 without losing what they say?

Each column gets a scale of its own. Rows are rounded one after the other, and what the rounding of one changes in
the products of sample windows is made up for by those after it (Frantar and others 2023, arXiv:2210.17323). No two
neighbouring weights of a column add up to more than 128: an onnxruntime without VNNI adds pairs of products in
16 bits, and so its sums are whole on every CPU (decision 0035).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import erf, sqrt

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

HEADS = 12
_MOST, _MOST_OF_PAIR = 127, 128
_DAMPING = 0.01  # of the mean diagonal
_ROWS = 4096  # rows worked on at once
_ERF = np.frompyfunc(erf, 1, 1)


@dataclass(frozen=True, kw_only=True)
class Int8Matrix:
    """A matrix of the encoder in int8; ``full``: what it stands for."""

    matrix: NDArray[np.int8]  # (inputs, outputs)
    scale: Floats  # of each output

    @property
    def full(self) -> Floats:
        return self.matrix.astype(np.float32) * self.scale


def quantised(
    weights: Mapping[str, Floats], ids: Integers, features: Integers, layers: int
) -> dict[str, Int8Matrix]:
    """The int8 form of every matrix of the encoder, by its name; ``ids``, ``features``: of windows of one length."""
    small: dict[str, Int8Matrix] = {}
    hidden = _embedded(weights, ids, features)
    for layer in range(layers):
        hidden = _through(weights, small, hidden, f"base.encoder.layer.{layer}")
    return small


def rounded(matrix: Floats, seen: NDArray[np.float64]) -> Int8Matrix:
    """``seen``: the mean product of what goes into the matrix with itself."""
    scale = _scale(matrix)
    seen = seen + _DAMPING * np.mean(np.diag(seen)) * np.eye(len(seen))
    carries = np.linalg.cholesky(np.linalg.inv(seen)).T
    left = matrix.astype(np.float64)
    out = np.zeros(matrix.shape)
    for row in range(len(matrix)):
        before = out[row - 1] if row % 2 else np.zeros(matrix.shape[1])
        low = np.maximum(-_MOST, -_MOST_OF_PAIR - np.minimum(before, 0))
        high = np.minimum(_MOST, _MOST_OF_PAIR - np.maximum(before, 0))
        out[row] = np.clip(np.rint(left[row] / scale), low, high)
        lost = (left[row] - out[row] * scale) / carries[row, row]
        left[row + 1 :] -= np.outer(carries[row, row + 1 :], lost)
    return Int8Matrix(matrix=out.astype(np.int8), scale=scale)


def _scale(matrix: Floats) -> Floats:
    """Of each column, so that neither a weight nor the sum of a pair is out of bounds."""
    pairs = matrix.reshape(-1, 2, matrix.shape[1])
    sums = [np.maximum(sign * pairs, 0).sum(axis=1).max(axis=0) for sign in (1, -1)]
    found: Floats = np.maximum(np.maximum(*sums) / _MOST_OF_PAIR, np.abs(matrix).max(axis=0) / _MOST)
    return found.astype(np.float32)


# ---- the encoder over sample windows --------------------------------------------------------------


def _embedded(weights: Mapping[str, Floats], ids: Integers, features: Integers) -> Floats:
    table = {
        name: weights[f"base.embeddings.{name}_embeddings.weight"]
        for name in ("word", "position", "token_type")
    }
    seen = [
        weights[f"{name}.weight"][features[..., column]]
        for column, name in enumerate(("shape", "quoted", "start"))
    ]
    summed = table["word"][ids] + sum(seen) + table["position"][: ids.shape[1]] + table["token_type"][0]
    return _normal(weights, summed, "base.embeddings.LayerNorm")


def _through(
    weights: Mapping[str, Floats], small: dict[str, Int8Matrix], hidden: Floats, name: str
) -> Floats:
    """One layer: each matrix is made small on what the small ones before it let in, and then used."""
    size = hidden.shape[-1]

    def product(given: Floats, part: str) -> Floats:
        key = f"{name}.{part}.weight"
        if key not in small:
            small[key] = rounded(weights[key].T, _seen(given.reshape(-1, given.shape[-1])))
        made: Floats = given @ small[key].full + weights[f"{name}.{part}.bias"]
        return made

    query, key, value = (product(hidden, f"attention.self.{part}") for part in ("query", "key", "value"))
    mixed = np.stack([_mixed(*one) for one in zip(query, key, value, strict=True)])
    hidden = _normal(
        weights, hidden + product(mixed, "attention.output.dense"), f"{name}.attention.output.LayerNorm"
    )
    rows = hidden.reshape(-1, size)
    inner = _gelu(product(rows, "intermediate.dense"))
    out = product(inner, "output.dense").reshape(hidden.shape)
    return _normal(weights, hidden + out, f"{name}.output.LayerNorm")


def _seen(rows: Floats) -> NDArray[np.float64]:
    total = np.zeros((rows.shape[1], rows.shape[1]))
    for begin in range(0, len(rows), _ROWS):
        total += rows[begin : begin + _ROWS].T @ rows[begin : begin + _ROWS]
    return total / len(rows)


def _mixed(query: Floats, key: Floats, value: Floats) -> Floats:
    """What attention makes of one window."""
    apart = [one.reshape(len(one), HEADS, -1).transpose(1, 0, 2) for one in (query, key, value)]
    logits = apart[0] @ apart[1].transpose(0, 2, 1) / np.float32(sqrt(apart[0].shape[-1]))
    share = np.exp(logits - logits.max(axis=-1, keepdims=True))
    share /= share.sum(axis=-1, keepdims=True)
    made: Floats = (share @ apart[2]).transpose(1, 0, 2).reshape(query.shape)
    return made


def _gelu(given: Floats) -> Floats:
    """Exact, from a table of the error function: it is flat beyond five."""
    at = np.linspace(-5, 5, 20_001)
    bent = np.interp(given / sqrt(2), at, np.asarray(_ERF(at), np.float64))
    made: Floats = (0.5 * given * (1 + bent)).astype(np.float32)
    return made


def _normal(weights: Mapping[str, Floats], given: Floats, name: str) -> Floats:
    apart = given - given.mean(axis=-1, keepdims=True)
    made = apart / np.sqrt((apart**2).mean(axis=-1, keepdims=True) + 1e-12)
    scaled: Floats = (made * weights[f"{name}.weight"] + weights[f"{name}.bias"]).astype(np.float32)
    return scaled
