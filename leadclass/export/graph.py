"""Operations in, an ONNX model out: each is added by name and gives the name of its result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

#: What a graph is written in: old enough for runtimes of 2023.
_OPSET, _OPSET_ML, _IR_VERSION = 18, 2, 8
_ML = "ai.onnx.ml"

#: An end of a slice that no axis reaches.
_LAST = np.iinfo(np.int64).max


class Graph:
    """An ONNX graph in the making; what is known by name stands before what uses it."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def add(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add an operation; gives the name of its output."""
        output = output or f"{operator}_{len(self._nodes)}"
        domain = _ML if operator == "LabelEncoder" else ""
        # Some runtimes join nodes into one named after them, and no two may be called the same.
        node = helper.make_node(operator, inputs, [output], output, domain=domain, **attributes)
        self._nodes.append(node)
        return output

    def constant(self, values: Any, dtype: type = np.float64) -> str:
        """Add a constant tensor."""
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.array(values, dtype), name))
        return name

    def whole(self, *numbers: int) -> str:
        """Add a constant vector of whole numbers."""
        return self.constant(numbers, np.int64)

    def part(self, tensor: str, axis: int, first: int, end: int | None) -> str:
        """A slice of a tensor along one axis; to its end if there is no other."""
        ends = self.whole(_LAST if end is None else end)
        return self.add("Slice", tensor, self.whole(first), ends, self.whole(axis))

    def padded(self, tensor: str, axis: int, before: int, after: int, filling: str) -> str:
        """A tensor with more places before and after along one of its axes of three."""
        pads = np.zeros((2, _N_AXES), int)
        pads[:, axis] = before, after
        return self.add("Pad", tensor, self.whole(*pads.ravel().tolist()), filling)

    def total(self, tensor: str, axis: int) -> str:
        """The sum along an axis, which goes."""
        return self.add("ReduceSum", tensor, self.whole(axis), keepdims=0)

    def number_of(self, tensor: str, numbers: Mapping[str, int] | Mapping[int, int]) -> str:
        """Strings or whole numbers looked up; what is not found is 0."""
        kind = "strings" if any(isinstance(key, str) for key in numbers) else "int64s"
        # A table may not be empty, and no key is -1.
        keys, values = list(numbers) or [-1], list(numbers.values()) or [0]
        table: dict[str, Any] = {f"keys_{kind}": keys, "values_int64s": values}
        return self.add("LabelEncoder", tensor, default_int64=0, **table)

    def model(
        self,
        inputs: list[onnx.ValueInfoProto],
        outputs: list[onnx.ValueInfoProto],
        about: Mapping[str, str],
        **properties: Any,
    ) -> onnx.ModelProto:
        """All of it as a model that was checked."""
        graph = helper.make_graph(self._nodes, "leadclass", inputs, outputs, self._constants)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_ML, _OPSET_ML)]
        model = helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION, **properties)
        helper.set_model_props(model, dict(about))
        onnx.checker.check_model(model, full_check=True)
        return model


_N_AXES = 3
