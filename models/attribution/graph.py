"""The network as an ONNX graph that onnxruntime runs fast on a CPU, written operation by operation.

It computes what ``model.InUse`` does, with int8 weights in every matrix of the encoder. Heads, and the last layer's
queries and feed-forward part, are computed of the words' first pieces only: nobody asks for the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

from pipeline.attribution.tagger.windows import WINDOW
from quantise import HEADS, Int8Matrix

Weights = Mapping[str, NDArray[np.float32]]  # by their names in a checkpoint

_FUSED = "com.microsoft"  # operations of onnxruntime's own
_TABLES = ("shape", "quoted", "start")
_HEADS_OUT = ("tags", "asks", "answers", "likely")
_PLACES = ("distance", "sentences", "paragraphs")


@dataclass
class _Graph:
    nodes: list[NodeProto] = field(default_factory=list)
    constants: list[TensorProto] = field(default_factory=list)

    def constant(self, name: str, value: NDArray[Any] | np.generic) -> str:
        self.constants.append(numpy_helper.from_array(np.array(value, order="C"), name))
        return name

    def node(
        self, kind: str, inputs: Sequence[str], *outputs: str, domain: str = "", **attributes: object
    ) -> str:
        self.nodes.append(helper.make_node(kind, inputs, outputs, domain=domain, **attributes))
        return outputs[0]


def graph(weights: Weights, small: Mapping[str, Int8Matrix], layers: int) -> ModelProto:
    """``small``: the int8 form of each matrix of the encoder, by its name."""
    made = _Graph()
    hidden = _embedded(made, weights)
    for layer in range(layers):
        hidden = _layer(made, weights, small, hidden, f"base.encoder.layer.{layer}", last=layer == layers - 1)
    for head in _HEADS_OUT:
        matrix = made.constant(f"{head}.weight", weights[f"{head}.weight"].T)
        summed = made.node("MatMul", [hidden, matrix], f"{head}.product")
        made.node("Add", [summed, made.constant(f"{head}.bias", weights[f"{head}.bias"])], head)
    for table in _PLACES:
        made.node("Identity", [made.constant(f"{table}.weight", weights[f"{table}.weight"].T)], table)
    floats = TensorProto.FLOAT
    given = [("ids", ["windows", "pieces"]), ("features", ["windows", "pieces", 5]), ("at", ["words"])]
    outputs = [(head, ["windows", "words", len(weights[f"{head}.bias"])]) for head in _HEADS_OUT]
    outputs += [(table, list(weights[f"{table}.weight"].T.shape)) for table in _PLACES]
    return helper.make_model(
        helper.make_graph(
            made.nodes,
            "attribution",
            [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name, shape in given],
            [helper.make_tensor_value_info(name, floats, shape) for name, shape in outputs],
            made.constants,
        ),
        opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid(_FUSED, 1)],
        ir_version=9,
    )


def _embedded(made: _Graph, weights: Weights) -> str:
    """What goes into the first layer: of each piece its word, what is seen on it, and its position."""
    words = weights["base.embeddings.word_embeddings.weight"]
    low, high = float(words.min()), float(words.max())
    scale = np.float32((high - low) / 255)
    zero = np.uint8(np.rint(-low / scale))
    packed = made.constant("words", (np.rint(words / scale) + zero).clip(0, 255).astype(np.uint8))
    taken = made.node("Gather", [packed, "ids"], "words.taken")
    marks = [made.constant("words.scale", scale), made.constant("words.zero", zero)]
    summed = made.node("DequantizeLinear", [taken, *marks], "words.full")
    for column, table in enumerate(_TABLES):
        number = made.constant(f"{table}.column", np.int64(column))
        seen = made.node("Gather", ["features", number], f"{table}.seen", axis=2)
        vectors = made.constant(f"{table}.weight", weights[f"{table}.weight"])
        summed = made.node(
            "Add", [summed, made.node("Gather", [vectors, seen], f"{table}.taken")], f"{table}.sum"
        )
    places = (
        weights["base.embeddings.position_embeddings.weight"]
        + weights["base.embeddings.token_type_embeddings.weight"][0]
    )
    bounds = [
        made.constant("zero", np.zeros(1, np.int64)),
        made.node("Shape", ["ids"], "length", start=1, end=2),
    ]
    here = made.node("Slice", [made.constant("places", places[:WINDOW]), *bounds, bounds[0]], "places.taken")
    summed = made.node("Add", [summed, here], "embedded")
    return _normal(made, weights, summed, "base.embeddings.LayerNorm")


def _layer(
    made: _Graph, weights: Weights, small: Mapping[str, Int8Matrix], hidden: str, name: str, *, last: bool
) -> str:
    asked = made.node("Gather", [hidden, "at"], f"{name}.asked", axis=1) if last else hidden
    query, key, value = (f"{name}.attention.self.{part}" for part in ("query", "key", "value"))
    if last:
        parts = [
            _product(made, weights, small, asked, [query]),
            *_split(made, weights, small, hidden, [key, value]),
        ]
    else:
        parts = _split(made, weights, small, hidden, [query, key, value])
    mixed = made.node("MultiHeadAttention", parts, f"{name}.mixed", domain=_FUSED, num_heads=HEADS)
    out = _product(made, weights, small, mixed, [f"{name}.attention.output.dense"])
    summed = made.node("Add", [out, asked], f"{name}.attention.sum")
    hidden = _normal(made, weights, summed, f"{name}.attention.output.LayerNorm")
    inner = _product(made, weights, small, hidden, [f"{name}.intermediate.dense"])
    inner = made.node("Gelu", [inner], f"{name}.gelu", domain=_FUSED)
    out = _product(made, weights, small, inner, [f"{name}.output.dense"])
    return _normal(made, weights, made.node("Add", [out, hidden], f"{name}.sum"), f"{name}.output.LayerNorm")


def _product(
    made: _Graph, weights: Weights, small: Mapping[str, Int8Matrix], hidden: str, names: Sequence[str]
) -> str:
    """One int8 product for several matrices side by side; what goes in is made int8 once."""
    name = "+".join(names)
    matrix = np.concatenate([small[f"{one}.weight"].matrix for one in names], axis=1)
    scale = np.concatenate([small[f"{one}.weight"].scale for one in names])
    bias = np.concatenate([weights[f"{one}.bias"] for one in names])
    inputs = [
        made.constant(f"{name}.matrix", matrix),
        made.constant(f"{name}.scale", scale),
        made.constant(f"{name}.zero", np.zeros(len(scale), np.int8)),
        made.constant(f"{name}.bias", bias),
    ]
    return made.node("DynamicQuantizeMatMul", [hidden, *inputs], f"{name}.product", domain=_FUSED)


def _split(
    made: _Graph, weights: Weights, small: Mapping[str, Int8Matrix], hidden: str, names: Sequence[str]
) -> list[str]:
    whole = _product(made, weights, small, hidden, names)
    parts = [f"{name}.part" for name in names]
    made.node("Split", [whole], *parts, axis=2, num_outputs=len(parts))
    return parts


def _normal(made: _Graph, weights: Weights, summed: str, name: str) -> str:
    scale, bias = (made.constant(f"{name}.{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias"))
    return made.node("LayerNormalization", [summed, scale, bias], f"{name}.out", axis=-1, epsilon=1e-12)
