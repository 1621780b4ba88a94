"""Turns trained weights into the int8 ONNX file: ``python models/attribution/export.py WEIGHTS… --data DIR --out FILE``.

Of several weights of one training their mean is taken. Scores both the full and the small model on the last
articles by date, and refuses a file that loses more than a point of F1.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor

from data import load, split
from evaluate import measure, network, scored, table
from model import InUse, fresh
from pipeline.attribution.tagger.network import OUTPUTS

_LOSS_ALLOWED = 0.01
_EXACT = (
    "/tags/MatMul",
    "/asks/MatMul",
    "/answers/MatMul",
    "/likely/MatMul",
)  # heads: small, worth their bytes
_AXES = {0: "windows", 1: "pieces"}


def mean(weights: Sequence[Path]) -> dict[str, Tensor]:
    """Weights as they are used: of a checkpoint its running average, of several the mean of all."""
    loaded = [torch.load(path) for path in weights]
    kept = [one.get("average", one) for one in loaded]
    return {name: torch.stack([one[name] for one in kept]).mean(dim=0) for name in kept[0]}


def export(weights: Sequence[Path], target: Path) -> None:
    """The full-precision ONNX model: ids and features of windows to tags and pointers."""
    model = fresh()
    model.load_state_dict(mean(weights))
    model.base.config._attn_implementation = "eager"  # noqa: SLF001 - the fused attention has no ONNX form
    ids = torch.randint(5, 3000, (2, 64))
    features = torch.zeros(2, 64, 5, dtype=torch.long)
    with torch.no_grad():
        torch.onnx.export(
            InUse(model).eval(),
            (ids, features),
            str(target),
            dynamo=False,
            opset_version=17,
            input_names=["ids", "features"],
            output_names=list(OUTPUTS),
            dynamic_axes=dict.fromkeys(("ids", "features", *OUTPUTS[:4]), _AXES),
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path, nargs="+")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--held", type=float, default=0.06)
    given = parser.parse_args()
    torch.set_num_threads(1)
    rows = split(load(given.data, "train"), given.held)[1]
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        export(given.weights, full)
        quantize_dynamic(
            full, given.out, weight_type=QuantType.QInt8, per_channel=True, nodes_to_exclude=list(_EXACT)
        )
        before, after = (measure(scored(rows, network(path))) for path in (full, given.out))
    print("full ", table(before))
    print("small", table(after), f"{given.out.stat().st_size / 1e6:.1f} MB")
    lost = {name: before[name].f1 - after[name].f1 for name in before}
    if max(lost.values()) > _LOSS_ALLOWED:
        sys.exit(f"the small model loses too much: {lost}")


if __name__ == "__main__":
    main()
