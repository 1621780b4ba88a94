"""How does a model's file become something that scores windows?"""

from __future__ import annotations

import onnxruntime

from pipeline.attribution.tagger.pointers import Floats, Integers, Places
from pipeline.attribution.tagger.scores import Network, Reading

_SLOWER = ["SkipLayerNormFusion"]  # as one step, sum and normalisation take five times as long as apart
OUTPUTS = ("tags", "asks", "answers", "likely", "distance", "sentences", "paragraphs")


def open_network(model: str) -> Network:
    """``model``: the path of its file. One thread and a fixed order of sums, so that the same text gives the same scores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    # Without it, sums of int8 products are cut off at 16 bits on a CPU that has no instruction for them.
    options.add_session_config_entry("session.x64quantprecision", "1")
    session = onnxruntime.InferenceSession(
        model, options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER
    )

    def run(ids: Integers, features: Integers) -> Reading:
        return reading(*session.run(None, {"ids": ids, "features": features}))

    return run


def reading(*outputs: Floats) -> Reading:
    """The network's outputs, in the order of OUTPUTS."""
    tags, asks, answers, likely, *tables = outputs
    roles = likely.shape[-1]
    split = (*likely.shape, asks.shape[-1] // roles)
    return Reading(
        tags=tags,
        asks=asks.reshape(split),
        answers=answers.reshape(split),
        likely=likely,
        places=Places(distance=tables[0], sentences=tables[1], paragraphs=tables[2]),
    )
