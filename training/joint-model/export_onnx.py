"""Turn the trained weights of the joint model into what the ner service runs.

    python training/joint-model/export_onnx.py WEIGHTS.npz services/languages/src/chronika_languages/models

Two graphs come out, because trees are decoded between them:

    joint.onnx      word features -> part of speech, features, names, arc scores, relation vectors
    relations.onnx  vectors of a dependent and of its head -> relation

Both are quantised to eight bits (weights of the LSTM and of the large products); embeddings stay half floats, which the
graph widens after the look-up. `joint.json` names what the numbers mean.

What the graphs save at run time: all classifiers that read one encoding are one product; the root's vectors are
constants; the eleven attributes leave as one number in mixed radix; the relation "root" is no choice, since it is the
relation of the root and of nothing else.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

Array = NDArray[Any]
Weights = Mapping[str, Array]

OPSET = 17
IR_VERSION = 9
LEAK = 0.1
ARC_SIZE = 96
RELATION_SIZE = 48
HASH_KINDS = ("word", "suffix2", "suffix3", "suffix4", "prefix3", "shape", "tag")
GRAMMEMES = Path(__file__).with_name("grammemes.txt").read_text(encoding="utf-8").split()
ENTITY_TAGS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG")
DICTIONARIES = ("pymorphy3-dicts-ru", "pymorphy3-dicts-uk")


class Graph:
    """An ONNX graph under construction: constants, and nodes named after their output."""

    def __init__(self) -> None:
        self.constants: list[onnx.TensorProto] = []
        self.nodes: list[onnx.NodeProto] = []

    def constant(self, name: str, value: Array) -> str:
        self.constants.append(numpy_helper.from_array(np.array(value), name))
        return name

    def node(self, operator: str, inputs: Sequence[str], output: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, list(inputs), [output], name=output, **attributes))
        return output

    def linear(self, source: str, weight: Array, bias: Array, output: str) -> str:
        product = self.node("MatMul", [source, self.constant(f"{output}.weight", weight.T)], f"{output}.product")
        return self.node("Add", [product, self.constant(f"{output}.bias", bias)], output)

    def model(self, inputs: Mapping[str, tuple[int, list[Any]]], outputs: Mapping[str, int]) -> onnx.ModelProto:
        graph = helper.make_graph(
            self.nodes,
            "joint",
            [helper.make_tensor_value_info(name, kind, shape) for name, (kind, shape) in inputs.items()],
            [helper.make_tensor_value_info(name, kind, None) for name, kind in outputs.items()],
            self.constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
        model.ir_version = IR_VERSION
        return model


def encoder(weights: Weights, radices: Sequence[int]) -> onnx.ModelProto:
    """Word features to everything but relations. Time comes first in all inputs: [tokens, sentences]."""
    graph = Graph()
    words = _embed(graph, weights)
    lower = _lstm(graph, weights, "l1", words)
    upper = _lstm(graph, weights, "l2", lower)
    _tags(graph, weights, lower, radices)
    _names(graph, weights, lower, upper)
    _arcs(graph, weights, upper)
    grammemes = weights["mh.weight"].shape[1]
    inputs: dict[str, tuple[int, list[Any]]] = {
        "hashes": (TensorProto.INT32, ["T", "B", len(HASH_KINDS)]),
        "grammemes": (TensorProto.UINT8, ["T", "B", grammemes]),
        "languages": (TensorProto.INT32, ["T", "B"]),
        "lengths": (TensorProto.INT32, ["B"]),
    }
    outputs = {
        "parts_of_speech": TensorProto.INT64,
        "features": TensorProto.INT64,
        "names": TensorProto.FLOAT,
        "arcs": TensorProto.FLOAT,
        "as_dependent": TensorProto.FLOAT,
        "as_head": TensorProto.FLOAT,
    }
    return graph.model(inputs, outputs)


def _embed(graph: Graph, weights: Weights) -> str:
    parts = []
    for index, kind in enumerate(HASH_KINDS):
        position = graph.constant(f"{kind}.position", np.array(index, np.int64))
        ids = graph.node("Gather", ["hashes", position], f"{kind}.ids", axis=2)
        parts.append(_look_up(graph, weights[f"emb.{index}.weight"], ids, kind))
    marks = graph.node("Cast", ["grammemes"], "grammemes.float", to=TensorProto.FLOAT)
    marks = graph.linear(marks, weights["mh.weight"], weights["mh.bias"], "grammemes.linear")
    parts.append(graph.node("Relu", [marks], "grammemes.vector"))
    parts.append(_look_up(graph, weights["lang.weight"], "languages", "language"))
    return graph.node("Concat", parts, "words", axis=2)


def _look_up(graph: Graph, table: Array, ids: str, kind: str) -> str:
    half = graph.node("Gather", [graph.constant(f"{kind}.table", table.astype(np.float16)), ids], f"{kind}.half")
    return graph.node("Cast", [half], f"{kind}.vector", to=TensorProto.FLOAT)


def _lstm(graph: Graph, weights: Weights, layer: str, source: str) -> str:
    """A bidirectional LSTM, [T, B, D] -> [T, B, 2H]; the gates i, f, g, o become i, o, f, g."""

    def gates(array: Array) -> Array:
        i, f, g, o = np.split(array, 4, axis=0)
        return np.concatenate([i, o, f, g], axis=0)

    def both(name: str) -> Array:
        return np.stack([gates(weights[f"{layer}.{name}_l0{way}"]) for way in ("", "_reverse")])

    bias = np.concatenate([both("bias_ih"), both("bias_hh")], axis=1)
    inputs = [
        source,
        graph.constant(f"{layer}.input", both("weight_ih")),
        graph.constant(f"{layer}.recurrent", both("weight_hh")),
        graph.constant(f"{layer}.bias", bias),
        "lengths",
    ]
    size = weights[f"{layer}.weight_hh_l0"].shape[1]
    states = graph.node("LSTM", inputs, f"{layer}.states", hidden_size=size, direction="bidirectional")
    swapped = graph.node("Transpose", [states], f"{layer}.swapped", perm=[0, 2, 1, 3])
    shape = graph.constant(f"{layer}.shape", np.array([0, 0, -1], np.int64))
    return graph.node("Reshape", [swapped, shape], layer)


def _tags(graph: Graph, weights: Weights, source: str, radices: Sequence[int]) -> None:
    heads = ["pos", *(f"att.{index}" for index in range(len(radices)))]
    weight = np.concatenate([weights[f"{head}.weight"] for head in heads])
    bias = np.concatenate([weights[f"{head}.bias"] for head in heads])
    graph.linear(source, weight, bias, "tags")
    sizes = graph.constant("tags.sizes", np.array([len(weights[f"{head}.bias"]) for head in heads], np.int64))
    graph.nodes.append(helper.make_node("Split", ["tags", sizes], [f"{head}.scores" for head in heads], axis=2))
    graph.node("ArgMax", ["pos.scores"], "parts_of_speech", axis=2, keepdims=0)
    total = ""
    for index, radix in enumerate(radices):
        value = graph.node("ArgMax", [f"att.{index}.scores"], f"att.{index}.value", axis=2, keepdims=0)
        if not total:
            total = value
            continue
        scaled = graph.node(
            "Mul", [total, graph.constant(f"radix.{index}", np.array(radix, np.int64))], f"scaled.{index}"
        )
        last = index == len(radices) - 1
        total = graph.node("Add", [scaled, value], "features" if last else f"total.{index}")


def _names(graph: Graph, weights: Weights, lower: str, upper: str) -> None:
    both = graph.node("Concat", [lower, upper], "both", axis=2)
    hidden = graph.linear(both, weights["ner.0.weight"], weights["ner.0.bias"], "names.hidden")
    hidden = graph.node("Relu", [hidden], "names.relu")
    graph.linear(hidden, weights["ner.2.weight"], weights["ner.2.bias"], "names")


def _arcs(graph: Graph, weights: Weights, source: str) -> None:
    """Arc scores [B, T, 1 + T] (dependent, head; column 0 is the root) and the vectors that relations are read from."""
    views = ("ah", "ad", "rh", "rd")
    weight = np.concatenate([weights[f"{view}.weight"] for view in views])
    bias = np.concatenate([weights[f"{view}.bias"] for view in views])
    rows = graph.node("Transpose", [source], "by_sentence", perm=[1, 0, 2])
    linear = graph.linear(rows, weight, bias, "views.linear")
    active = graph.node("LeakyRelu", [linear], "views", alpha=LEAK)
    sizes = graph.constant("views.sizes", np.array([ARC_SIZE, ARC_SIZE, RELATION_SIZE, RELATION_SIZE], np.int64))
    outputs = ["arc.tokens", "arc.dependent", "relation.tokens", "as_dependent"]
    graph.nodes.append(helper.make_node("Split", [active, sizes], outputs, axis=2))
    arc_heads = _with_root(graph, weights, "ah", "arc.tokens", "arc.heads")
    _with_root(graph, weights, "rh", "relation.tokens", "as_head")
    bilinear = graph.linear("arc.dependent", weights["U"][:-1].T, weights["U"][-1], "arc.bilinear")
    graph.node("MatMul", [bilinear, graph.node("Transpose", [arc_heads], "arc.columns", perm=[0, 2, 1])], "arcs")


def _with_root(graph: Graph, weights: Weights, view: str, tokens: str, output: str) -> str:
    """Put the root's vector, which is the same in every sentence, before those of the tokens."""
    raw = weights[f"{view}.weight"] @ weights["root"] + weights[f"{view}.bias"]
    vector = np.where(raw > 0, raw, LEAK * raw).astype(np.float32)
    shape = graph.node("Shape", [tokens], f"{output}.shape", start=0, end=1)
    one = graph.constant(f"{output}.one", np.array([1, len(vector)], np.int64))
    target = graph.node("Concat", [shape, one], f"{output}.target", axis=0)
    root = graph.node("Expand", [graph.constant(f"{output}.vector", vector[None, None]), target], f"{output}.root")
    return graph.node("Concat", [root, tokens], output, axis=1)


def relation_scorer(weights: Weights, relations: Sequence[str]) -> onnx.ModelProto:
    """Vectors of dependents and heads, [N, 48] each, to the best relation of each pair."""
    kept = [index for index, name in enumerate(relations) if name != "root"]
    tensor = weights["R"][kept].transpose(1, 0, 2)
    size = tensor.shape[-1]
    graph = Graph()
    table = tensor[:-1].reshape(size - 1, -1)
    graph.linear("dependents", table.T, tensor[-1].reshape(-1), "forms.flat")
    shape = graph.constant("forms.shape", np.array([0, len(kept), size], np.int64))
    graph.node("Reshape", ["forms.flat", shape], "forms")
    one_more = graph.constant("pad", np.array([0, 0, 0, 1], np.int64))
    graph.node("Pad", ["heads", one_more, graph.constant("pad.one", np.array(1, np.float32))], "heads.padded")
    column = graph.node("Unsqueeze", ["heads.padded", graph.constant("axis", np.array([2], np.int64))], "heads.column")
    graph.node("MatMul", ["forms", column], "scores")
    graph.node("ArgMax", ["scores"], "relations.column", axis=1, keepdims=0)
    graph.node("Squeeze", ["relations.column", graph.constant("axis.last", np.array([1], np.int64))], "relations")
    vectors = (TensorProto.FLOAT, ["N", RELATION_SIZE])
    return graph.model({"dependents": vectors, "heads": vectors}, {"relations": TensorProto.INT64})


def quantise(model: onnx.ModelProto, path: Path) -> None:
    """Write a model with eight-bit weights, a scale a column, which halves the decisions that change.

    Seven of the bits are used: on processors without VNNI, sums of products of eight overflow.
    """
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        onnx.save(model, full)
        quantize_dynamic(
            full,
            path,
            op_types_to_quantize=["LSTM", "MatMul"],
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
        )


def read_weights(path: Path) -> tuple[dict[str, Array], dict[str, Any]]:
    with np.load(path) as archive:
        names = json.loads(archive["__meta__"].tobytes().decode())
        return {key: archive[key].astype(np.float32) for key in archive.files if key != "__meta__"}, names


def vocabulary(weights: Weights, names: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "version": "joint-1",
        "languages": ["ru", "uk"],
        "parts_of_speech": list(names["u"]),
        "relations": [name for name in names["r"] if name != "root"],
        "attributes": {name: list(values) for name, values in names["a"].items()},
        "entity_tags": list(ENTITY_TAGS),
        "hash_sizes": {kind: len(weights[f"emb.{index}.weight"]) for index, kind in enumerate(HASH_KINDS)},
        "grammemes": GRAMMEMES,
        "dictionaries": {name: importlib.metadata.version(name) for name in DICTIONARIES},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("weights", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--float", action="store_true", help="leave the weights as floats, to compare with")
    arguments = parser.parse_args()
    weights, names = read_weights(arguments.weights)
    described = vocabulary(weights, names)
    radices = [len(values) for values in described["attributes"].values()]
    graphs = {"joint.onnx": encoder(weights, radices), "relations.onnx": relation_scorer(weights, list(names["r"]))}
    arguments.folder.mkdir(parents=True, exist_ok=True)
    for name, graph in graphs.items():
        if arguments.float:
            onnx.save(graph, arguments.folder / name)
        else:
            quantise(graph, arguments.folder / name)
    text = json.dumps(described, ensure_ascii=False, indent=1)
    (arguments.folder / "joint.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
