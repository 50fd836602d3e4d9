"""A model in, an ONNX graph out: tokens to labels, in double precision throughout.

The graph does what `leadclass.scoring`, `leadclass.calibration` and `leadclass.decisions` do, for
padded texts. ONNX has no stemmer, so each token comes with its stem; sub-words are found in the
graph, by a walk along a trie of those that the model knows.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from itertools import accumulate
from os import PathLike

import numpy as np
import onnx
from onnx import TensorProto, helper

from leadclass.decisions import NEVER_SHOWN
from leadclass.export.graph import Graph
from leadclass.features import PAIR_SEPARATOR, START, FeatureSettings, stems
from leadclass.files import check_new, replacing
from leadclass.labels import LABELS, OUTPUTS, SIDES, TRAIT_PLACES, join_traits, label_of
from leadclass.model import Model
from leadclass.tokens import tokenise
from leadclass.version import __version__
from leadclass.weights import Weights

#: Of a key made of two numbers the second has so many bits: a code point, the number of a stem.
_CHARACTER_BITS = 21
_STEM_BITS = 32

#: The trie's root; its dead end is 0.
_ROOT = 1

#: Stands for the score of a window that is none.
_LOWEST = np.finfo(np.float64).min


def export_onnx(model: Model, path: str | PathLike[str], *, overwrite: bool = False) -> None:
    """Write a model as an ONNX graph.

    Parameters
    ----------
    model : Model
        With the thresholds that it is to have there.
    path : path-like
        The file, which appears whole or not at all.
    overwrite : bool
        Whether a file that is there may be replaced.

    Raises
    ------
    LeadclassError
        If the file is there already or cannot be written.
    """
    if not overwrite:
        check_new(path)
    with replacing(path) as unfinished:
        unfinished.write_bytes(onnx_model(model.weights).SerializeToString(deterministic=True))


def onnx_model(weights: Weights) -> onnx.ModelProto:
    """The graph of a model, with named inputs and outputs.

    In go ``characters``, the code points of each token, int64 of shape (n_texts, n_tokens,
    n_characters), padded with zeros, and ``stems``, strings of shape (n_texts, n_tokens), padded
    with empty ones. Out come ``label``, strings of shape (n_texts,), and ``probabilities``, double,
    and ``shown``, bool, both of shape (n_texts, n_outputs).

    Parameters
    ----------
    weights : Weights

    Returns
    -------
    onnx.ModelProto
    """
    graph = Graph()
    own, paired, real = _token_values(graph, weights)
    scores = _scores(graph, weights, own, paired, real)
    log_odds = _log_odds(graph, weights, scores)
    probabilities = graph.add("Sigmoid", log_odds, output="probabilities")
    _decide(graph, weights, probabilities)
    texts, tokens, width = "n_texts", "n_tokens", len(OUTPUTS)
    string, double = TensorProto.STRING, TensorProto.DOUBLE
    return graph.model(
        inputs=[
            helper.make_tensor_value_info(
                "characters", TensorProto.INT64, [texts, tokens, "n_characters"]
            ),
            helper.make_tensor_value_info("stems", string, [texts, tokens]),
        ],
        outputs=[
            helper.make_tensor_value_info("label", string, [texts]),
            helper.make_tensor_value_info("probabilities", double, [texts, width]),
            helper.make_tensor_value_info("shown", TensorProto.BOOL, [texts, width]),
        ],
        about={
            "outputs": join_traits(OUTPUTS),
            "weights": weights.digest,
            "settings": json.dumps(asdict(weights.settings)),
        },
        producer_name="leadclass",
        producer_version=__version__,
    )


def inputs_of(texts: Sequence[str | None]) -> dict[str, np.ndarray]:
    """What a graph is given for some texts.

    Parameters
    ----------
    texts : sequence of str

    Returns
    -------
    dict of str to ndarray
    """
    tokens = tokenise(texts).texts()
    most = max(map(len, tokens), default=0)
    longest = max((len(token) for text in tokens for token in text), default=1)
    characters = np.zeros((len(tokens), most, longest), np.int64)
    stemmed = np.full((len(tokens), most), "", object)
    for i, text in enumerate(tokens):
        stemmed[i, : len(text)] = stems(text)
        for j, token in enumerate(text):
            characters[i, j, : len(token)] = [ord(character) for character in token]
    return {"characters": characters, "stems": stemmed}


def _token_values(graph: Graph, weights: Weights) -> tuple[str, str, str]:
    """What each token and the pair that it ends add to scores and squared length.

    Both of shape (n_texts, n_tokens, n_outputs + 1); and a one for each token, a zero for padding.
    """
    count = np.ones(len(weights.idf))
    count[weights.of_kind("subword")[1]] = weights.settings.subword_weight
    scaled = np.column_stack([weights.coef, weights.idf]) * (count * weights.idf)[:, None]

    words, word_rows = weights.of_kind("word")
    pairs, pair_rows = weights.of_kind("pair")
    halves = [pair.split(PAIR_SEPARATOR) for pair in pairs.to_pylist()]
    known = dict.fromkeys([*words.to_pylist(), *(half for pair in halves for half in pair)])
    number = {stem: i for i, stem in enumerate(known, start=1)}
    stem = graph.number_of("stems", number)

    of_words = np.zeros((len(number) + 1, scaled.shape[1]))
    of_words[[number[word] for word in words.to_pylist()]] = scaled[word_rows]
    own = graph.add("Gather", graph.constant(of_words), stem)
    for grams in _subword_values(graph, weights, scaled):
        own = graph.add("Add", own, grams)

    keys = [number[left] << _STEM_BITS | number[right] for left, right in halves]
    of_pairs = np.concatenate([np.zeros((1, scaled.shape[1])), scaled[pair_rows]])
    first = graph.constant(number.get(START, 0), np.int64)
    pads = graph.whole(0, 1, 0, 0)
    before = graph.part(graph.add("Pad", stem, pads, first), 1, 0, -1)
    key = graph.add("Mul", before, graph.whole(1 << _STEM_BITS))
    places = dict(zip(keys, range(1, len(keys) + 1), strict=True))
    place = graph.number_of(graph.add("Add", key, stem), places)
    paired = graph.add("Gather", graph.constant(of_pairs), place)

    is_token = graph.add("Greater", graph.part("characters", 2, 0, 1), graph.whole(0))
    real = graph.add("Cast", is_token, to=TensorProto.DOUBLE)
    return graph.add("Mul", own, real), graph.add("Mul", paired, real), real


def _subword_values(graph: Graph, weights: Weights, scaled: np.ndarray) -> list[str]:
    """For each length what the sub-words of so many characters add to their token."""
    grams, rows = weights.of_kind("subword")
    settings = weights.settings
    reachable = {
        gram: row
        for gram, row in zip(grams.to_pylist(), rows.tolist(), strict=True)
        if _can_occur(gram, settings)
    }
    nodes = {"": _ROOT}
    steps = {}
    for gram in reachable:
        for prefix in accumulate(gram):
            if prefix not in nodes:
                nodes[prefix] = _ROOT + len(nodes)
                key = nodes[prefix[:-1]] << _CHARACTER_BITS | ord(prefix[-1])
                steps[key] = nodes[prefix]
    values = np.zeros((_ROOT + len(nodes), scaled.shape[1]))
    values[[nodes[gram] for gram in reachable]] = scaled[list(reachable.values())]
    table = graph.constant(values)

    text = _marked(graph, settings.subword_max)
    state = graph.whole(_ROOT)
    sums = []
    for size in range(1, settings.subword_max + 1):
        end = size - settings.subword_max
        characters = graph.part(text, 2, size - 1, end or None)
        shifted = graph.add("Mul", state, graph.whole(1 << _CHARACTER_BITS))
        state = graph.number_of(graph.add("Add", shifted, characters), steps)
        sums.append(graph.total(graph.add("Gather", table, state), 2))
    return sums


def _can_occur(gram: str, settings: FeatureSettings) -> bool:
    """Whether a token can have this sub-word: shorter than the shortest is a whole word only."""
    if len(gram) < settings.subword_min:
        return gram.startswith("<") and gram.endswith(">")
    return len(gram) <= settings.subword_max


def _marked(graph: Graph, longest: int) -> str:
    """The characters of each token between its marks, and room for the longest sub-word."""
    nothing = graph.constant(0, np.int64)
    characters = graph.padded("characters", 2, 0, 1, nothing)
    before = graph.padded("characters", 2, 1, 0, nothing)
    ends = graph.add(
        "And",
        graph.add("Equal", characters, nothing),
        graph.add("Greater", before, nothing),
    )
    closed = graph.add("Where", ends, graph.constant(ord(">"), np.int64), characters)
    marked = graph.padded(closed, 2, 1, 0, graph.constant(ord("<"), np.int64))
    return graph.padded(marked, 2, 0, longest - 1, nothing)


def _scores(graph: Graph, weights: Weights, own: str, paired: str, real: str) -> list[str]:
    """Scores of the whole statement and of its best windows, each (n_texts, n_outputs)."""
    n_tokens = graph.add("ReduceSum", real, graph.whole(1), keepdims=1)
    nothing = graph.constant(0)
    # A text has a place at least, if only one after its last token.
    own, paired = (graph.padded(values, 1, 0, 1, nothing) for values in (own, paired))
    zero, one = (graph.constant(number, np.int64) for number in (0, 1))
    places = graph.add("Squeeze", graph.add("Shape", own, start=1, end=2))
    begins = graph.add("Unsqueeze", graph.add("Range", zero, places, one), graph.whole(1))
    at_first = graph.add("Equal", begins, zero)
    whole = graph.add("ReduceSum", graph.add("Add", own, paired), graph.whole(1), keepdims=1)
    scores = [graph.add("ReduceMax", _ratios(graph, whole), graph.whole(1), keepdims=0)]
    for size in weights.settings.windows:
        # Of a window's pairs the one that its first token ends counts in the first window only.
        parts = [
            _moving_sums(graph, own, begins, range(size)),
            graph.add("Mul", paired, graph.add("Cast", at_first, to=TensorProto.DOUBLE)),
        ]
        if size > 1:
            parts.append(_moving_sums(graph, paired, begins, range(1, size)))
        ratios = _ratios(graph, graph.add("Sum", *parts))
        end = graph.add("Add", begins, graph.constant(size, np.int64))
        inside = graph.add("LessOrEqual", graph.add("Cast", end, to=TensorProto.DOUBLE), n_tokens)
        is_window = graph.add("Or", at_first, inside)
        ratios = graph.add("Where", is_window, ratios, graph.constant(_LOWEST))
        scores.append(graph.add("ReduceMax", ratios, graph.whole(1), keepdims=0))
    return [graph.add("Add", score, graph.constant(weights.intercept)) for score in scores]


def _moving_sums(graph: Graph, values: str, begins: str, steps: range) -> str:
    """For each place the sum of the values so many steps on; there are none past the end."""
    padded = graph.padded(values, 1, 0, steps[-1], graph.constant(0))
    places = graph.add("Add", begins, graph.constant([list(steps)], np.int64))
    return graph.total(graph.add("Gather", padded, places, axis=1), 2)


def _ratios(graph: Graph, sums: str) -> str:
    """The sums for each output over the length, which stands last."""
    squared = graph.part(sums, 2, len(OUTPUTS), None)
    some = graph.add("Greater", squared, graph.constant(0))
    length = graph.add("Sqrt", graph.add("Where", some, squared, graph.constant(1)))
    return graph.add("Div", graph.part(sums, 2, 0, len(OUTPUTS)), length)


def _log_odds(graph: Graph, weights: Weights, scores: list[str]) -> str:
    """Scores joined by the calibration, (n_texts, n_outputs)."""
    constant, own, of_trait = np.split(weights.calibration, [1, 1 + len(scores)], axis=1)
    parts = [graph.constant(constant.T)]
    for span, score in enumerate(scores):
        parts.append(graph.add("Mul", score, graph.constant(own[:, span])))
        for side, traits in TRAIT_PLACES.items():
            best = graph.add(
                "ReduceMax", _columns(graph, score, traits), graph.whole(1), keepdims=1
            )
            factor = np.zeros(len(OUTPUTS))
            factor[side] = of_trait[side, span]
            parts.append(graph.add("Mul", best, graph.constant(factor)))
    return graph.add("Sum", *parts)


def _columns(graph: Graph, values: str, places: list[int]) -> str:
    return graph.add("Gather", values, graph.whole(*places), axis=1)


def _decide(graph: Graph, weights: Weights, probabilities: str) -> None:
    """What is shown, and the label that follows."""
    thresholds = weights.thresholds
    passes = graph.add("GreaterOrEqual", probabilities, graph.constant(thresholds))
    shown = [_columns(graph, passes, [side]) for side in TRAIT_PLACES]
    for side, traits in TRAIT_PLACES.items():
        trait_passes = _columns(graph, passes, traits)
        learnt = thresholds[traits] < NEVER_SHOWN
        if learnt.any():
            odds = graph.add(
                "Div", _columns(graph, probabilities, traits), graph.constant(thresholds[traits])
            )
            odds = graph.add("Where", graph.constant(learnt, bool), odds, graph.constant(-1))
            likeliest = graph.add("ArgMax", odds, axis=1, keepdims=1)
            is_likeliest = graph.add("Equal", likeliest, graph.whole(*range(len(traits))))
            trait_passes = graph.add("Or", trait_passes, is_likeliest)
        shown.append(graph.add("And", trait_passes, shown[side]))
    graph.add("Concat", *shown, axis=1, output="shown")
    sides = [
        graph.add("Cast", graph.add("Squeeze", shows, graph.whole(1)), to=TensorProto.INT64)
        for shows in shown[: len(SIDES)]
    ]
    which = graph.add("Add", sides[0], graph.add("Mul", sides[1], graph.constant(2, np.int64)))
    labels = [label_of(bool(n & 1), bool(n & 2)) for n in range(len(LABELS))]
    graph.add("Gather", graph.constant(labels, object), which, output="label")
