"""How does a model's file become something that scores windows?"""

from __future__ import annotations

import onnxruntime

from pipeline.attribution.tagger.pointers import Floats, Places
from pipeline.attribution.tagger.scores import Network, Reading
from pipeline.attribution.tagger.windows import Window

_SLOWER = ["SkipLayerNormFusion"]  # as one step, sum and normalisation take five times as long as apart
OUTPUTS = ["tags", "asks", "answers", "likely", "distance", "sentences", "paragraphs"]


def open_network(model: str) -> Network:
    """``model``: the path of its file. One thread and a fixed order of sums, so that the same text gives the same scores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    session = onnxruntime.InferenceSession(
        model, options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOWER
    )

    def run(window: Window) -> Reading:
        given = {"ids": window.ids[None], "features": window.features[None], "at": window.at}
        return reading(*session.run(OUTPUTS, given))

    return run


def reading(*outputs: Floats) -> Reading:
    """The network's outputs of one window, in the order of OUTPUTS."""
    tags, asks, answers, likely = (output[0] for output in outputs[:4])
    tables = outputs[4:]
    roles = likely.shape[-1]
    split = (*likely.shape, asks.shape[-1] // roles)
    return Reading(
        tags=tags,
        asks=asks.reshape(split),
        answers=answers.reshape(split),
        likely=likely,
        places=Places(distance=tables[0], sentences=tables[1], paragraphs=tables[2]),
    )
